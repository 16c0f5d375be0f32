//! The calendar of freezes.

use super::instant;
use interlock_app::promotion::{Calendar, Takes};
use interlock_contract::freezes::{ForecastView, FreezeAheadView, FreezesView};
use interlock_domain::Timestamp;
use jiff::tz::TimeZone;

/// The calendar for the console.
pub fn freezes(calendar: &Calendar) -> FreezesView {
    FreezesView {
        environment: calendar.environment.to_string(),
        service: calendar.service.as_ref().map(ToString::to_string),
        now: instant(calendar.now),
        freezes: calendar
            .freezes
            .iter()
            .map(|freeze| FreezeAheadView {
                name: freeze.name.clone(),
                source: freeze.source.clone(),
                holds: freeze.holds,
                starts: instant(freeze.starts),
                ends: instant(freeze.ends),
                zone: freeze.zone.iana_name().unwrap_or("UTC").to_owned(),
                starts_there: there(freeze.starts, &freeze.zone),
                ends_there: there(freeze.ends, &freeze.zone),
            })
            .collect(),
        forecast: calendar.takes.as_ref().map(forecast),
    }
}

fn there(at: Timestamp, zone: &TimeZone) -> String {
    let there = at.to_zoned(zone.clone());
    there.strftime("%a %-d %b %Y %H:%M").to_string()
}

fn forecast(takes: &Takes) -> ForecastView {
    match takes {
        Takes::Unknown { reason } => ForecastView {
            text: format!("how long it takes is not known: {reason}"),
            seconds: None,
            runs: 0,
            over: None,
            runs_into: None,
        },
        Takes::Known {
            assumed,
            seconds,
            runs,
            over,
            runs_into,
        } => {
            let takes = interlock_app::policy::Length(*seconds);
            let taken = if *assumed {
                format!("the policy assumes {takes}, for want of a past")
            } else {
                format!("95 % of past runs took at most {takes} (n = {runs})")
            };
            let effect = match runs_into {
                Some(freeze) => format!("Started now it would run into freeze `{freeze}`"),
                None => "Started now it would run into no freeze".into(),
            };
            ForecastView {
                text: format!("{effect}: {taken}"),
                seconds: u32::try_from(*seconds).ok(),
                runs: u32::try_from(*runs).unwrap_or(u32::MAX),
                over: Some(instant(*over)),
                runs_into: runs_into.clone(),
            }
        }
    }
}
