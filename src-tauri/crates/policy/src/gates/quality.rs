//! Gates over SonarQube's gate, measures, and findings.

use super::Told;
use crate::{
    facts::{Evidence, GateFact, MeasureFact},
    number::Number,
    policy::MeasureRule,
};
use std::collections::BTreeMap;

/// The quality gate passed for the commit that is to be promoted.
pub(super) fn gate(evidence: &Evidence<GateFact>) -> Told {
    let fact = match &evidence.value {
        Err(reason) => {
            return Told::unknown(format!("SonarQube cannot tell: {reason}"), evidence);
        }
        Ok(fact) => fact,
    };
    let other_commit = match (&fact.revision, &fact.wanted) {
        (Some(seen), Some(wanted)) => {
            !(seen.starts_with(wanted.as_str()) || wanted.starts_with(seen.as_str()))
        }
        _ => true,
    };
    match fact.passed {
        None => Told::unknown("the project has no quality gate", evidence),
        Some(false) => {
            let broken = if fact.broken.is_empty() {
                "no condition named".into()
            } else {
                fact.broken.join("; ")
            };
            Told::fail(format!("failed: {broken}"), evidence)
        }
        Some(true) if other_commit => {
            Told::unknown("no analysis of the commit that is to be promoted", evidence)
        }
        Some(true) => Told::pass("passed for this commit", evidence),
    }
}

/// A measure keeps its bound, and is not much worse than in the target.
pub(super) fn measure(
    rule: &MeasureRule,
    evidence: &Evidence<BTreeMap<String, MeasureFact>>,
) -> Told {
    let metric = &rule.metric;
    let fact = match &evidence.value {
        Err(reason) => {
            return Told::unknown(format!("{metric} is not known: {reason}"), evidence);
        }
        Ok(measures) => match measures.get(metric) {
            None => return Told::unknown(format!("{metric} was not measured"), evidence),
            Some(fact) => fact,
        },
    };
    let Some(value) = Number::read(&fact.value) else {
        let summary = format!("{metric} is told as `{}`, which is no number", fact.value);
        return Told::unknown(summary, evidence);
    };
    let mut seen = vec![format!("{metric} is {value}")];
    if let Some((comparison, bound)) = rule.bound {
        let sign = comparison.sign();
        if !comparison.holds(value, bound) {
            let summary = format!("{metric} is {value}, and {sign} {bound} is asked for");
            return Told::fail(summary, evidence);
        }
        seen.push(format!("{sign} {bound} is asked for"));
    }
    if let Some(max_drop) = rule.max_drop {
        let before = match &fact.in_target {
            Ok(text) => Number::read(text).ok_or_else(|| format!("it is told as `{text}`")),
            Err(reason) => Err(reason.clone()),
        };
        let before = match before {
            Ok(before) => before,
            Err(reason) => {
                let summary = format!("{metric} of what the target runs is not known: {reason}");
                return Told::unknown(summary, evidence);
            }
        };
        let drop = if rule.less_is_better {
            value.get() - before.get()
        } else {
            before.get() - value.get()
        };
        // A billionth is what binary fractions are off by, and nothing that anybody means.
        let told = format!("the target has {before}, and {max_drop} worse is allowed");
        if drop > max_drop.get() + 1e-9 {
            return Told::fail(format!("{metric} is {value}; {told}"), evidence);
        }
        seen.push(told);
    }
    Told::pass(seen.join("; "), evidence)
}

/// Not more new findings than allowed.
pub(super) fn findings(
    max_new: &BTreeMap<String, u32>,
    evidence: &Evidence<BTreeMap<String, u32>>,
) -> Told {
    let introduced = match &evidence.value {
        Err(reason) => {
            return Told::unknown(format!("new findings are not known: {reason}"), evidence);
        }
        Ok(introduced) => introduced,
    };
    let mut seen = Vec::new();
    let mut over = Vec::new();
    for (severity, most) in max_new {
        let count = introduced.get(severity).copied().unwrap_or(0);
        let told = format!("{count} new {severity}, at most {most}");
        if count > *most {
            over.push(told);
        } else {
            seen.push(told);
        }
    }
    if over.is_empty() {
        Told::pass(seen.join("; "), evidence)
    } else {
        Told::fail(over.join("; "), evidence)
    }
}
