//! The practice clock: real time plus an offset that tests and trainers move forward.
//!
//! Everything the practice servers show or wait for is read from here. Two things follow the machine's real time
//! instead, because clients compare them with their own clocks: the freshness of a signature and the life of temporary
//! credentials.

use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Real time plus a movable offset; clones share the offset.
#[derive(Debug, Clone, Default)]
pub struct PracticeClock {
    offset_millis: Arc<AtomicI64>,
}

impl PracticeClock {
    /// Starts a clock with an offset that a former process stored.
    pub fn with_offset(offset_millis: i64) -> Self {
        Self {
            offset_millis: Arc::new(AtomicI64::new(offset_millis)),
        }
    }

    /// Returns the practice time.
    pub fn now(&self) -> Timestamp {
        let millis = self.now_millis();
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
    }

    /// Returns the practice time in milliseconds since 1970.
    pub fn now_millis(&self) -> i64 {
        Self::real_now()
            .as_millisecond()
            .saturating_add(self.offset_millis())
    }

    /// Returns the machine's own time.
    pub fn real_now() -> Timestamp {
        Timestamp::now()
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.offset_millis.fetch_add(millis, Ordering::SeqCst);
    }

    /// Returns how far the clock is ahead of real time, in milliseconds.
    pub fn offset_millis(&self) -> i64 {
        self.offset_millis.load(Ordering::SeqCst)
    }

    /// Puts the offset to a value; a reset uses it.
    pub fn set_offset_millis(&self, offset_millis: i64) {
        self.offset_millis.store(offset_millis, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_move_together() {
        let clock = PracticeClock::default();
        let other = clock.clone();
        let before = other.now_millis();
        clock.advance(Duration::from_hours(1));
        let moved = other.now_millis() - before;
        assert!((3_600_000..3_660_000).contains(&moved), "{moved}");
        assert_eq!(other.offset_millis(), 3_600_000);
    }
}
