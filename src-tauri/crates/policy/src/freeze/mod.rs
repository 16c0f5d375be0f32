//! Freeze windows: when nothing is to be changed.
//!
//! Windows are written on the wall clock of a zone and become instants here; whoever asks gives
//! the time. Windows are half open: they hold from their start to just before their end.

mod forecast;
mod monthly;
mod weekly;

pub use forecast::{Forecast, forecast};
pub use monthly::{MonthDay, Monthly};
pub use weekly::Weekly;

use crate::{facts::Subject, scope::Applies};
use interlock_domain::{Tier, Timestamp};
use jiff::{ToSpan, civil, tz::TimeZone};

/// A declared freeze.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// Name for people.
    pub name: String,
    /// When.
    pub span: FreezeSpan,
    /// Days on which it does not hold, on the wall clock of a zone.
    pub except: Vec<(civil::Date, TimeZone)>,
    /// Where it holds.
    pub applies: Applies,
    /// The one environment in which it holds, for those of the estate file.
    pub only_in: Option<String>,
    /// Which file declares it, in words.
    pub source: String,
}

/// When a freeze holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FreezeSpan {
    /// Every week.
    Weekly(Weekly),
    /// Every month.
    Monthly(Monthly),
    /// Once.
    Once {
        /// Start.
        from: Timestamp,
        /// End.
        to: Timestamp,
    },
}

/// A freeze with its dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// Name for people.
    pub name: String,
    /// Start.
    pub starts: Timestamp,
    /// End.
    pub ends: Timestamp,
}

impl Occurrence {
    /// Whether it holds at a time.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.starts <= now && now < self.ends
    }
}

impl Freeze {
    /// A freeze of the estate file: of one environment, without exceptions.
    pub fn of_estate(name: impl Into<String>, span: FreezeSpan) -> Self {
        Self {
            name: name.into(),
            span,
            except: Vec::new(),
            applies: Applies::default(),
            only_in: None,
            source: "estate file".into(),
        }
    }

    /// Whether it is one for this promotion.
    pub fn is_for(&self, subject: &Subject) -> bool {
        self.is_of(&subject.to) && self.applies.to(subject)
    }

    /// Whether it is one of an environment, for some service at least.
    pub fn is_in(&self, environment: &str, tier: Tier) -> bool {
        self.is_of(environment) && self.applies.to_environment(environment, tier)
    }

    fn is_of(&self, environment: &str) -> bool {
        self.only_in.as_ref().is_none_or(|only| only == environment)
    }

    /// The occurrence that holds now, or the next one.
    pub fn current_or_next(&self, now: Timestamp) -> Option<Occurrence> {
        self.ahead(now).next()
    }

    /// The occurrences that have not ended, in order.
    pub fn ahead(&self, now: Timestamp) -> impl Iterator<Item = Occurrence> + '_ {
        let spans: Box<dyn Iterator<Item = (Timestamp, Timestamp)> + '_> = match &self.span {
            FreezeSpan::Once { from, to } => Box::new(std::iter::once((*from, *to))),
            FreezeSpan::Weekly(weekly) => Box::new(weekly.around(now)),
            FreezeSpan::Monthly(monthly) => Box::new(monthly.around(now)),
        };
        spans
            .flat_map(|span| self.without_exceptions(span))
            .filter(move |(starts, ends)| starts < ends && now < *ends)
            .map(|(starts, ends)| Occurrence {
                name: self.name.clone(),
                starts,
                ends,
            })
    }

    /// The zone on whose wall clock it is written; a single one is written as two instants.
    pub fn zone(&self) -> TimeZone {
        match &self.span {
            FreezeSpan::Weekly(weekly) => weekly.zone.clone(),
            FreezeSpan::Monthly(monthly) => monthly.zone.clone(),
            FreezeSpan::Once { .. } => self
                .except
                .first()
                .map_or(TimeZone::UTC, |(_, zone)| zone.clone()),
        }
    }

    /// What remains of a span, in order.
    fn without_exceptions(&self, span: (Timestamp, Timestamp)) -> Vec<(Timestamp, Timestamp)> {
        let mut days: Vec<_> = self
            .except
            .iter()
            .filter_map(|(day, zone)| {
                let starts = instant(*day, civil::Time::midnight(), zone)?;
                let next = day.checked_add(1.day()).ok()?;
                Some((starts, instant(next, civil::Time::midnight(), zone)?))
            })
            .collect();
        days.sort_unstable();
        let (mut from, to) = span;
        let mut left = Vec::new();
        for (starts, ends) in days {
            if ends <= from || to <= starts {
                continue;
            }
            if from < starts {
                left.push((from, starts));
            }
            from = from.max(ends);
        }
        if from < to {
            left.push((from, to));
        }
        left
    }
}

/// The freeze that holds now, or else the one that begins first.
pub fn current_or_next<'f>(
    freezes: impl IntoIterator<Item = &'f Freeze>,
    now: Timestamp,
) -> Option<Occurrence> {
    freezes
        .into_iter()
        .filter_map(|freeze| freeze.current_or_next(now))
        .min_by_key(|o| (!o.holds_at(now), o.starts))
}

/// The instant of a wall clock; one that a clock change skips is as much later.
fn instant(day: civil::Date, time: civil::Time, zone: &TimeZone) -> Option<Timestamp> {
    day.to_datetime(time)
        .to_zoned(zone.clone())
        .ok()
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests;
