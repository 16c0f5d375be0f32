//! Windows that come back every month, such as the last day to the second of the next month.

use interlock_domain::Timestamp;
use jiff::{ToSpan, civil, tz::TimeZone};

/// How far ahead is looked: further than exceptions reach.
const MONTHS: i64 = 14;

/// A day of any month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthDay {
    /// The day of this number, or the last one of a shorter month.
    Day(i8),
    /// So many days before the last one.
    BeforeLast(i8),
}

/// A monthly span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monthly {
    /// Day and time of the start.
    pub from: (MonthDay, civil::Time),
    /// Day and time of the end; of the next month when it is not after the start.
    pub to: (MonthDay, civil::Time),
    /// Zone whose wall clock counts.
    pub zone: TimeZone,
}

impl MonthDay {
    fn of(self, first: civil::Date) -> civil::Date {
        let last = first.last_of_month();
        match self {
            Self::Day(day) => first
                .checked_add((i64::from(day) - 1).days())
                .map_or(last, |date| date.min(last)),
            Self::BeforeLast(days) => last
                .checked_sub(i64::from(days).days())
                .map_or(first, |date| date.max(first)),
        }
    }
}

impl Monthly {
    /// The spans from the one that may have begun before a time, in order.
    pub(super) fn around(
        &self,
        now: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        let first = now.to_zoned(self.zone.clone()).date().first_of_month();
        (-2..=MONTHS)
            .filter_map(move |months: i64| first.checked_add(months.months()).ok())
            .filter_map(|first| self.of_month(first))
    }

    fn of_month(&self, first: civil::Date) -> Option<(Timestamp, Timestamp)> {
        let from = self.from.0.of(first).to_datetime(self.from.1);
        let mut to = self.to.0.of(first).to_datetime(self.to.1);
        if to <= from {
            let next = first.checked_add(1.month()).ok()?;
            to = self.to.0.of(next).to_datetime(self.to.1);
        }
        let instant = |at: civil::DateTime| super::instant(at.date(), at.time(), &self.zone);
        Some((instant(from)?, instant(to)?))
    }
}
