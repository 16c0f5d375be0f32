//! Checks of freeze windows.

use super::{
    Check,
    raw::{RawFreeze, RawSpan},
};
use crate::freeze::{Freeze, FreezeSpan, MonthDay, Monthly, Weekly};
use interlock_domain::Timestamp;
use jiff::{civil, civil::Weekday, tz::TimeZone};
use toml::Spanned;

/// How a day of the week and a time are written.
pub const WEEKLY: &str = "Write it like \"Fri 18:00\".";
/// How a day of the month and a time are written.
const MONTHLY: &str = "Write it like \"28 18:00\", \"last 00:00\" or \"last-2 00:00\".";

/// Reads a day of the week and a time, such as `Fri 18:00`.
pub fn weekday_time(text: &str) -> Option<(Weekday, civil::Time)> {
    let (day, time) = text.split_once(' ')?;
    let day = match day {
        "Mon" => Weekday::Monday,
        "Tue" => Weekday::Tuesday,
        "Wed" => Weekday::Wednesday,
        "Thu" => Weekday::Thursday,
        "Fri" => Weekday::Friday,
        "Sat" => Weekday::Saturday,
        "Sun" => Weekday::Sunday,
        _ => return None,
    };
    Some((day, time.trim().parse().ok()?))
}

fn month_day_time(text: &str) -> Option<(MonthDay, civil::Time)> {
    let (day, time) = text.split_once(' ')?;
    let day = match day.strip_prefix("last") {
        Some("") => MonthDay::BeforeLast(0),
        Some(before) => MonthDay::BeforeLast(
            before
                .strip_prefix('-')?
                .parse()
                .ok()
                .filter(|days| (1..=27).contains(days))?,
        ),
        None => MonthDay::Day(day.parse().ok().filter(|day| (1..=31).contains(day))?),
    };
    Some((day, time.trim().parse().ok()?))
}

impl Check<'_> {
    pub(super) fn freezes(&mut self, raw: &[RawFreeze]) -> Vec<Freeze> {
        raw.iter()
            .enumerate()
            .filter_map(|(index, freeze)| self.freeze(freeze, index))
            .collect()
    }

    fn freeze(&mut self, raw: &RawFreeze, index: usize) -> Option<Freeze> {
        let field = format!("freezes[{index}]");
        let name = raw.name.get_ref().clone();
        let applies = self.applies(&raw.environments, &raw.services, &raw.teams, &field);
        let zone = self.zone(raw.zone.as_ref(), &field);
        let once = raw.from.is_some() || raw.to.is_some();
        let kinds =
            u8::from(raw.weekly.is_some()) + u8::from(raw.monthly.is_some()) + u8::from(once);
        if kinds != 1 {
            self.report(
                raw.name.span(),
                field,
                format!(
                    "freeze `{name}` has to be exactly one of `weekly`, `monthly`, or `from` and `to`"
                ),
                Some("Make a freeze of each."),
            );
            return None;
        }
        let span = if let Some(weekly) = &raw.weekly {
            let (from, to) = self.ends(
                weekly,
                &name,
                &format!("{field}.weekly"),
                weekday_time,
                WEEKLY,
            )?;
            FreezeSpan::Weekly(Weekly {
                from,
                to,
                zone: zone.clone()?,
            })
        } else if let Some(monthly) = &raw.monthly {
            let field = format!("{field}.monthly");
            let (from, to) = self.ends(monthly, &name, &field, month_day_time, MONTHLY)?;
            FreezeSpan::Monthly(Monthly {
                from,
                to,
                zone: zone.clone()?,
            })
        } else {
            self.once(raw, &name, &field)?
        };
        let zone = zone?;
        let mut except = Vec::new();
        for (at, day) in raw.except.iter().enumerate() {
            match day.get_ref().parse::<civil::Date>() {
                Ok(date) => except.push((date, zone.clone())),
                Err(_) => self.report(
                    day.span(),
                    format!("{field}.except[{at}]"),
                    format!("`{}` is not a day", day.get_ref()),
                    Some("Write it like \"2026-12-19\"."),
                ),
            }
        }
        let line = self.line(raw.name.span());
        let source = match zone.iana_name() {
            Some(name) if once.eq(&false) => format!("{}:{line}, clock of {name}", self.file),
            _ => format!("{}:{line}", self.file),
        };
        Some(Freeze {
            name,
            span,
            except,
            applies,
            only_in: None,
            source,
        })
    }

    fn zone(&mut self, raw: Option<&Spanned<String>>, field: &str) -> Option<TimeZone> {
        let Some(raw) = raw else {
            return Some(TimeZone::UTC);
        };
        let zone = TimeZone::get(raw.get_ref()).ok();
        if zone.is_none() {
            self.report(
                raw.span(),
                format!("{field}.zone"),
                format!("`{}` is not a time zone", raw.get_ref()),
                Some("Use an IANA name such as \"America/Bogota\"."),
            );
        }
        zone
    }

    fn ends<T>(
        &mut self,
        raw: &RawSpan,
        name: &str,
        field: &str,
        read: fn(&str) -> Option<T>,
        hint: &str,
    ) -> Option<(T, T)> {
        let mut one = |raw: &Spanned<String>, key: &str| {
            let value = read(raw.get_ref());
            if value.is_none() {
                self.report(
                    raw.span(),
                    format!("{field}.{key}"),
                    format!("`{}` is not a day and a time", raw.get_ref()),
                    Some(hint),
                );
            }
            value
        };
        let (from, to) = (one(&raw.from, "from"), one(&raw.to, "to"));
        if raw.from.get_ref() == raw.to.get_ref() {
            self.report(
                raw.to.span(),
                format!("{field}.to"),
                format!("freeze `{name}` ends when it begins"),
                Some("Write a later day or time."),
            );
            return None;
        }
        from.zip(to)
    }

    fn once(&mut self, raw: &RawFreeze, name: &str, field: &str) -> Option<FreezeSpan> {
        let (Some(from), Some(to)) = (&raw.from, &raw.to) else {
            self.report(
                raw.name.span(),
                field,
                format!("freeze `{name}` says only one of `from` and `to`"),
                Some("Write both, as RFC 3339 times."),
            );
            return None;
        };
        let mut one = |raw: &Spanned<String>, key: &str| {
            let value = raw.get_ref().parse::<Timestamp>();
            if let Err(error) = &value {
                self.report(
                    raw.span(),
                    format!("{field}.{key}"),
                    error.to_string(),
                    Some("Write it like \"2026-12-24T00:00:00-05:00\"."),
                );
            }
            value.ok()
        };
        let (start, end) = (one(from, "from"), one(to, "to"));
        let (start, end) = (start?, end?);
        if end <= start {
            self.report(
                to.span(),
                format!("{field}.to"),
                format!("freeze `{name}` ends before it begins"),
                Some("Exchange `from` and `to`, or correct the date."),
            );
            return None;
        }
        Some(FreezeSpan::Once {
            from: start,
            to: end,
        })
    }
}
