//! The build queue: quiet periods, merged requests, blocked items, and items that have left.
//!
//! Item numbers are not identities for ever: an item is forgotten five minutes after it left.

use super::params::Parameter;
use super::plan::Cause;
use serde::{Deserialize, Serialize};

/// The quiet period of a job that names none.
pub const QUIET_MILLIS: i64 = 5_000;
/// How long an item is still known after it has left.
const REMEMBERED_MILLIS: i64 = 5 * 60_000;

/// Where an item is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In the quiet period.
    Waiting,
    /// Behind another build of the same job.
    Blocked {
        /// Since when.
        since: i64,
    },
    /// Ready, held by a Jenkins that is about to shut down.
    Buildable {
        /// Since when.
        since: i64,
    },
    /// Gone: into a build, or cancelled when there is none.
    Left {
        /// When.
        at: i64,
        /// Number of the build.
        build: Option<u32>,
    },
}

/// A request for a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Number.
    pub id: u64,
    /// Full name of the job.
    pub job: String,
    /// Values of the parameters.
    pub parameters: Vec<Parameter>,
    /// Everybody who asked for it.
    pub causes: Vec<Cause>,
    /// When it entered.
    pub since: i64,
    /// When its quiet period ends.
    pub ready: i64,
    /// Where it is.
    pub place: Place,
}

/// All items, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    last_id: u64,
    items: Vec<Item>,
}

impl Item {
    /// Reports whether the item still waits for its build.
    pub fn is_waiting(&self) -> bool {
        !matches!(self.place, Place::Left { .. })
    }
}

impl Queue {
    /// Makes an empty queue whose first item follows a number.
    pub fn after(last_id: u64) -> Self {
        Self {
            last_id,
            items: Vec::new(),
        }
    }

    /// Adds a request and returns its item; an identical one that still waits takes it in as another cause.
    pub fn add(
        &mut self,
        job: &str,
        parameters: Vec<Parameter>,
        cause: Cause,
        quiet: i64,
        now: i64,
    ) -> u64 {
        let ready = now + quiet;
        if let Some(item) = self
            .items
            .iter_mut()
            .find(|item| item.is_waiting() && item.job == job && item.parameters == parameters)
        {
            item.causes.push(cause);
            if item.place == Place::Waiting {
                item.ready = item.ready.min(ready);
            }
            return item.id;
        }
        self.last_id += 1;
        self.items.push(Item {
            id: self.last_id,
            job: job.to_owned(),
            parameters,
            causes: vec![cause],
            since: now,
            ready,
            place: Place::Waiting,
        });
        self.last_id
    }

    /// Returns an item that is still known.
    pub fn get(&self, id: u64) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// Returns the items that still wait, newest first as the queue lists them.
    pub fn waiting(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().rev().filter(|item| item.is_waiting())
    }

    /// Returns the oldest waiting item of a job.
    pub fn waiting_for(&self, job: &str) -> Option<&Item> {
        self.items
            .iter()
            .find(|item| item.is_waiting() && item.job == job)
    }

    /// Returns the waiting items, oldest first, to move them on.
    pub fn waiting_mut(&mut self) -> impl Iterator<Item = &mut Item> {
        self.items.iter_mut().filter(|item| item.is_waiting())
    }

    /// Takes a waiting item out; reports whether there was one.
    pub fn cancel(&mut self, id: u64, now: i64) -> bool {
        match self.items.iter_mut().find(|item| item.id == id) {
            Some(item) if item.is_waiting() => {
                item.place = Place::Left {
                    at: now,
                    build: None,
                };
                true
            }
            _ => false,
        }
    }

    /// Forgets items that left long ago.
    pub fn forget(&mut self, now: i64) {
        self.items.retain(|item| match item.place {
            Place::Left { at, .. } => now - at < REMEMBERED_MILLIS,
            _ => true,
        });
    }

    /// Drops items that have left, as a restart does.
    pub fn forget_left(&mut self) {
        self.items.retain(Item::is_waiting);
    }
}

/// Renders a span of time as Jenkins says it.
pub fn time_span(millis: i64) -> String {
    let millis = millis.max(0);
    let seconds = millis / 1000;
    match (seconds / 3600, (seconds / 60) % 60, seconds % 60) {
        (0, 0, _) if millis < 10_000 => format!("{}.{} sec", seconds, (millis % 1000) / 100),
        (0, 0, seconds) => format!("{seconds} sec"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} sec"),
        (hours, minutes, _) => format!("{hours} hr {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rita() -> Cause {
        Cause::User {
            id: "rita".to_owned(),
            name: "Rita Releaser".to_owned(),
        }
    }

    #[test]
    fn an_identical_request_joins_the_waiting_item_with_its_cause() {
        let mut queue = Queue::default();
        let first = queue.add("a", Vec::new(), rita(), 5_000, 0);
        let second = queue.add("a", Vec::new(), rita(), 0, 1_000);
        assert_eq!(first, second);
        let item = queue.get(first).unwrap();
        assert_eq!((item.causes.len(), item.ready), (2, 1_000));
        assert_ne!(queue.add("b", Vec::new(), rita(), 0, 1_000), first);
    }

    #[test]
    fn a_request_after_the_item_left_makes_a_new_one() {
        let mut queue = Queue::default();
        let first = queue.add("a", Vec::new(), rita(), 0, 0);
        assert!(queue.cancel(first, 1));
        assert!(!queue.cancel(first, 2));
        assert_ne!(queue.add("a", Vec::new(), rita(), 0, 3), first);
    }

    #[test]
    fn an_item_is_known_for_five_minutes_after_it_left() {
        let mut queue = Queue::default();
        let id = queue.add("a", Vec::new(), rita(), 0, 0);
        queue.cancel(id, 1_000);
        queue.forget(300_999);
        assert!(queue.get(id).is_some());
        queue.forget(301_000);
        assert!(queue.get(id).is_none());
    }

    #[test]
    fn spans_are_said_in_the_two_largest_units() {
        assert_eq!(time_span(4_930), "4.9 sec");
        assert_eq!(time_span(42_000), "42 sec");
        assert_eq!(time_span(125_000), "2 min 5 sec");
        assert_eq!(time_span(3_720_000), "1 hr 2 min");
    }
}
