//! The gate over freeze windows.

use super::Told;
use crate::{
    facts::{Evidence, Facts},
    freeze::{Freeze, Occurrence, forecast},
    length::Length,
    policy::ForecastRule,
};

pub(super) fn freeze(
    rule: ForecastRule,
    assume: Option<Length>,
    facts: &Facts,
    freezes: &[&Freeze],
) -> Option<Told> {
    if freezes.is_empty() {
        return None;
    }
    let next = freezes
        .iter()
        .filter_map(|freeze| Some((*freeze, freeze.current_or_next(facts.now)?)))
        .min_by_key(|(_, o)| (!o.holds_at(facts.now), o.starts, o.name.clone()));
    let source = next.as_ref().map_or_else(
        || freezes[0].source.clone(),
        |(freeze, _)| freeze.source.clone(),
    );
    let evidence = Evidence::seen((), source, Some(facts.now));
    Some(match next {
        None => Told::pass("no freeze is ahead", &evidence),
        Some((_, freeze)) if freeze.holds_at(facts.now) => {
            let summary = format!("freeze `{}` holds until {}", freeze.name, freeze.ends);
            Told::fail(summary, &evidence)
        }
        Some((_, freeze)) => ahead(rule, assume, &freeze, facts, &evidence),
    })
}

fn ahead(
    rule: ForecastRule,
    assume: Option<Length>,
    freeze: &Occurrence,
    facts: &Facts,
    evidence: &Evidence<()>,
) -> Told {
    let begins = format!("freeze `{}` begins {}", freeze.name, freeze.starts);
    if rule == ForecastRule::Off {
        return Told::pass(begins, evidence);
    }
    let past = match (&facts.past_durations.value, assume) {
        (Ok(past), Some(assume)) if past.is_empty() => Ok(vec![assume.0]),
        (Err(_), Some(assume)) => Ok(vec![assume.0]),
        (Ok(past), _) if past.is_empty() => Err("no past promotion into it".to_owned()),
        (Ok(past), _) => Ok(past.clone()),
        (Err(reason), None) => Err(reason.clone()),
    };
    let known = past
        .as_ref()
        .ok()
        .and_then(|past| forecast(past, freeze, facts.now));
    let Some(told) = known else {
        let why = past.err().unwrap_or_default();
        let summary = format!("{begins}; how long it takes is not known: {why}");
        return match rule {
            ForecastRule::Fail => Told::unknown(summary, evidence),
            ForecastRule::Warn | ForecastRule::Off => Told::pass(summary, evidence),
        };
    };
    let is_assumed = !matches!(&facts.past_durations.value, Ok(past) if !past.is_empty());
    let taken = if is_assumed {
        format!("it is assumed to take {}", told.takes)
    } else {
        format!(
            "95 % of past runs took at most {} (n = {})",
            told.takes, told.runs
        )
    };
    if !told.runs_into {
        return Told::pass(format!("{begins}; {taken}"), evidence);
    }
    let summary = format!(
        "started now it would run into freeze `{}`, which begins {}: {taken}",
        freeze.name, freeze.starts
    );
    match rule {
        ForecastRule::Fail => Told::fail(summary, evidence),
        ForecastRule::Warn | ForecastRule::Off => {
            Told::pass(format!("warning: {summary}"), evidence)
        }
    }
}
