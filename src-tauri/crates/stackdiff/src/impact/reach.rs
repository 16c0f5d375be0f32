//! The question of access, put to one side while everything else is judged.
//!
//! What resources grant is compared as sets, which takes as long as all the rest together: large
//! stacks have it worked out at the same time.

use super::ResourceImpact;
use super::change::Change;
use super::loss;
use crate::access::{self, AccessChange, Subject};
use crate::compare::Pairs;
use crate::plain::Plain;
use std::collections::{HashMap, HashSet};

/// Changed resources from which a thread is worth its start.
const WORTH_A_THREAD: usize = 8;

/// What a changed resource gives access by, on both sides.
pub(super) struct Grants {
    pub(super) logical_id: String,
    pub(super) resource_type: String,
    pub(super) before: Option<Plain>,
    pub(super) after: Option<Plain>,
}

/// Everything that the answer takes: the changed resources, and all that give access.
pub(super) struct Question {
    changed: Vec<Grants>,
    before: Vec<Owned>,
    after: Vec<Owned>,
}

/// A resource of one side.
struct Owned {
    logical_id: String,
    resource_type: String,
    properties: Plain,
}

/// The answer: for each changed resource, and for the stack as a whole.
type Answer = (HashMap<String, AccessChange>, Option<AccessChange>);

impl Question {
    pub(super) fn of<'c, 'p: 'c>(
        pairs: &Pairs<'_>,
        changes: impl Iterator<Item = &'c Change<'p>>,
    ) -> Self {
        let changed: Vec<Grants> = changes.map(|change| change.grants(pairs)).collect();
        if changed.is_empty() {
            return Self {
                changed,
                before: Vec::new(),
                after: Vec::new(),
            };
        }
        let listed: HashSet<&str> = changed.iter().map(|one| one.logical_id.as_str()).collect();
        let side = |is_left: bool| -> Vec<Owned> {
            pairs
                .resources
                .iter()
                .filter_map(|pair| {
                    let body = if is_left { &pair.left } else { &pair.right };
                    let body = body.as_ref().filter(|body| body.exists())?;
                    let resource_type = loss::attribute(body, "Type")?;
                    if !access::concerns(resource_type) && !listed.contains(pair.name) {
                        return None;
                    }
                    let own = loss::plain_properties(body);
                    Some(Owned {
                        logical_id: pair.name.to_owned(),
                        resource_type: resource_type.to_owned(),
                        properties: if is_left {
                            pairs.translation.as_right(own)
                        } else {
                            own
                        },
                    })
                })
                .collect()
        };
        let (before, after) = (side(true), side(false));
        Self {
            changed,
            before,
            after,
        }
    }

    fn answer(&self) -> Answer {
        let single: HashMap<String, AccessChange> = self
            .changed
            .iter()
            .filter_map(|one| {
                let found =
                    access::change(&one.resource_type, one.before.as_ref(), one.after.as_ref())?;
                Some((one.logical_id.clone(), found))
            })
            .collect();
        // When nothing that changes has to do with access, neither has the whole.
        let whole = (!single.is_empty())
            .then(|| access::stack_change(&subjects(&self.before), &subjects(&self.after)))
            .flatten();
        (single, whole)
    }
}

/// Has the question answered while the resources are judged, and gives each its answer.
pub(super) fn beside(
    question: Question,
    judge: impl FnOnce() -> Vec<ResourceImpact>,
) -> (Vec<ResourceImpact>, Option<AccessChange>) {
    let (mut resources, (mut single, whole)) = if question.changed.len() < WORTH_A_THREAD {
        (judge(), question.answer())
    } else {
        std::thread::scope(|scope| {
            let answer = scope.spawn(|| question.answer());
            let resources = judge();
            let answer = answer
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (resources, answer)
        })
    };
    for resource in &mut resources {
        resource.access = single.remove(&resource.logical_id);
    }
    (resources, whole)
}

fn subjects(side: &[Owned]) -> Vec<Subject<'_>> {
    side.iter()
        .map(|one| Subject {
            logical_id: &one.logical_id,
            resource_type: &one.resource_type,
            properties: &one.properties,
        })
        .collect()
}
