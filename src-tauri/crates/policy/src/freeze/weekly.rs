//! Windows that come back every week, such as Friday 18:00 to Monday 06:00.

use interlock_domain::Timestamp;
use jiff::{ToSpan, civil, civil::Weekday, tz::TimeZone};

/// How far ahead is looked: further than exceptions reach.
const DAYS: i64 = 400;

/// A weekly span such as Friday 18:00 to Monday 06:00.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weekly {
    /// Day and time of the start.
    pub from: (Weekday, civil::Time),
    /// Day and time of the end.
    pub to: (Weekday, civil::Time),
    /// Zone whose wall clock counts.
    pub zone: TimeZone,
}

impl Weekly {
    /// The spans from the one that may have begun before a time, in order.
    pub(super) fn around(
        &self,
        now: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        let today = now.to_zoned(self.zone.clone()).date();
        // A span that began up to seven days ago may still hold.
        (-8..=DAYS)
            .filter_map(move |days: i64| today.checked_add(days.days()).ok())
            .filter(|day| day.weekday() == self.from.0)
            .filter_map(|day| self.of_week(day))
    }

    fn of_week(&self, day: civil::Date) -> Option<(Timestamp, Timestamp)> {
        let mut length = i64::from(self.from.0.until(self.to.0));
        if length == 0 && self.to.1 <= self.from.1 {
            length = 7;
        }
        let last = day.checked_add(length.days()).ok()?;
        let starts = super::instant(day, self.from.1, &self.zone)?;
        Some((starts, super::instant(last, self.to.1, &self.zone)?))
    }
}
