//! Freeze windows: weekly ones in a time zone, and single ones.

use jiff::{Timestamp, ToSpan, civil, civil::Weekday, tz::TimeZone};

/// A declared freeze.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// Name for people.
    pub name: String,
    /// When.
    pub span: FreezeSpan,
}

/// When a freeze holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FreezeSpan {
    /// Every week, on the wall clock of a zone.
    Weekly(Weekly),
    /// Once.
    Once {
        /// Start.
        from: Timestamp,
        /// End.
        to: Timestamp,
    },
}

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
    /// The occurrence that holds now, or the next one.
    pub fn current_or_next(&self, now: Timestamp) -> Option<Occurrence> {
        match &self.span {
            FreezeSpan::Once { from, to } => (now < *to).then(|| Occurrence {
                name: self.name.clone(),
                starts: *from,
                ends: *to,
            }),
            FreezeSpan::Weekly(weekly) => {
                weekly
                    .current_or_next(now)
                    .map(|(starts, ends)| Occurrence {
                        name: self.name.clone(),
                        starts,
                        ends,
                    })
            }
        }
    }
}

impl Weekly {
    fn current_or_next(&self, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let today = now.to_zoned(self.zone.clone()).date();
        // A span that began up to seven days ago may still hold.
        for back in (-7_i64..=7).map(|days| today.checked_add(days.days())) {
            let Ok(day) = back else { continue };
            if day.weekday() != self.from.0 {
                continue;
            }
            let starts = self.instant(day, self.from.1)?;
            let mut length = i64::from(self.from.0.until(self.to.0));
            if length == 0 && self.to.1 <= self.from.1 {
                length = 7;
            }
            let ends = self.instant(day.checked_add(length.days()).ok()?, self.to.1)?;
            if now < ends {
                return Some((starts, ends));
            }
        }
        None
    }

    fn instant(&self, day: civil::Date, time: civil::Time) -> Option<Timestamp> {
        day.to_datetime(time)
            .to_zoned(self.zone.clone())
            .ok()
            .map(|zoned| zoned.timestamp())
    }
}

/// The freeze that holds now, or else the one that begins first.
pub fn current_or_next(freezes: &[Freeze], now: Timestamp) -> Option<Occurrence> {
    freezes
        .iter()
        .filter_map(|freeze| freeze.current_or_next(now))
        .min_by_key(|o| (!o.holds_at(now), o.starts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weekend(zone: &str) -> Freeze {
        Freeze {
            name: "weekend".into(),
            span: FreezeSpan::Weekly(Weekly {
                from: (Weekday::Friday, civil::time(18, 0, 0, 0)),
                to: (Weekday::Monday, civil::time(6, 0, 0, 0)),
                zone: TimeZone::get(zone).unwrap(),
            }),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn weekend_in_bogota_is_judged_on_its_own_wall_clock() {
        let freeze = weekend("America/Bogota");
        let table = [
            ("2026-11-20T22:59:59Z", false), // Friday 17:59:59 there
            ("2026-11-20T23:00:00Z", true),
            ("2026-11-22T12:00:00Z", true),
            ("2026-11-23T10:59:59Z", true), // Monday 05:59:59 there
            ("2026-11-23T11:00:00Z", false),
            ("2026-11-30T10:00:00Z", true), // over a month's end
        ];
        for (text, holds) in table {
            let occurrence = freeze.current_or_next(at(text)).unwrap();
            assert_eq!(occurrence.holds_at(at(text)), holds, "{text}");
        }
    }

    #[test]
    fn a_span_over_a_clock_change_keeps_its_wall_clock_ends() {
        let occurrence = weekend("America/New_York")
            .current_or_next(at("2026-10-31T12:00:00Z"))
            .unwrap();
        assert_eq!(occurrence.starts, at("2026-10-30T22:00:00Z"));
        assert_eq!(occurrence.ends, at("2026-11-02T11:00:00Z"));
    }

    #[test]
    fn a_past_single_freeze_is_over() {
        let freeze = Freeze {
            name: "audit".into(),
            span: FreezeSpan::Once {
                from: at("2026-11-01T00:00:00Z"),
                to: at("2026-11-02T00:00:00Z"),
            },
        };
        assert_eq!(freeze.current_or_next(at("2026-11-02T00:00:00Z")), None);
    }
}
