//! Facts of a case: everything is in order, but for what the case says.

use super::raw::{RawFacts, RawTier};
use crate::{
    facts::{
        ChangeFact, CommitFact, Evidence, Facts, GateFact, MeasureFact, PathFact, StackFact,
        Subject, TestCount, TestFact,
    },
    length::Length,
};
use interlock_domain::{Tier, Timestamp, nearest, stack::StackPhase};
use jiff::SignedDuration;
use std::ops::Range;
use toml::Spanned;

/// What is wrong, and where.
pub(super) type Wrong = (Range<usize>, String, Option<String>);

/// Facts that can be absent or unknown.
const NAMES: [&str; 16] = [
    "source_stable",
    "target_ready",
    "on_path",
    "quality",
    "measures",
    "findings",
    "tests",
    "soak",
    "changes",
    "access_broadened",
    "drift_overwritten",
    "rejected",
    "unpinned",
    "commits",
    "comment",
    "durations",
];

/// Facts that the estate can declare no source for.
const OPTIONAL: [&str; 8] = [
    "quality",
    "measures",
    "findings",
    "tests",
    "changes",
    "access_broadened",
    "drift_overwritten",
    "rejected",
];

pub(super) fn facts(raw: &RawFacts) -> Result<Facts, Wrong> {
    let now: Timestamp = match &raw.now {
        Some(now) => time(now)?,
        // 23 November 2026, a Monday, at noon in Greenwich.
        None => Timestamp::constant(1_795_435_200, 0),
    };
    for name in &raw.unknown {
        known(name, &NAMES)?;
    }
    for name in &raw.absent {
        known(name, &OPTIONAL)?;
    }
    let age = raw.age.as_ref().map(length).transpose()?;
    let at = earlier(now, age.unwrap_or(Length(0)));
    let make = Make { raw, at };
    let soak = raw.soak.as_ref().map(length).transpose()?;
    let since = earlier(now, soak.unwrap_or(Length(30 * 86_400)));
    let changes: Result<Vec<_>, Wrong> = raw.changes.iter().map(change).collect();
    let durations: Result<Vec<u64>, Wrong> =
        raw.durations.iter().map(|d| Ok(length(d)?.0)).collect();
    let text =
        |value: &Option<String>, without: &str| value.clone().unwrap_or_else(|| without.to_owned());
    let stack = |is_good: Option<bool>| StackFact {
        name: "stack".into(),
        phase: if is_good == Some(false) {
            StackPhase::Failed
        } else {
            StackPhase::Stable
        },
        status: if is_good == Some(false) {
            "UPDATE_ROLLBACK_FAILED".into()
        } else {
            "UPDATE_COMPLETE".into()
        },
    };
    let from = text(&raw.from, "qa");
    let promoted = if raw.on_path == Some(false) {
        "another version"
    } else {
        "this version"
    };
    Ok(Facts {
        subject: Subject {
            promotion: None,
            service: text(&raw.service, "service"),
            team: text(&raw.team, "team"),
            to: text(&raw.to, "prod"),
            tier: match raw.tier.unwrap_or(RawTier::Production) {
                RawTier::Development => Tier::Development,
                RawTier::Test => Tier::Test,
                RawTier::Production => Tier::Production,
            },
            declared_approvals: raw.declared_approvals.unwrap_or(1),
            from: from.clone(),
        },
        now,
        source_stacks: make.fact("source_stable", vec![stack(raw.source_stable)]),
        target_stacks: make.fact("target_ready", vec![stack(raw.target_ready)]),
        quality: make.optional(
            "quality",
            GateFact {
                passed: Some(raw.quality != Some(false)),
                broken: vec!["a condition".into()],
                revision: Some("0000000".into()),
                wanted: Some("0000000".into()),
            },
        ),
        measures: make.optional(
            "measures",
            raw.measures
                .iter()
                .map(|(metric, measure)| {
                    let fact = MeasureFact {
                        value: measure.value.to_string(),
                        in_target: measure
                            .target
                            .map(|value| value.to_string())
                            .ok_or_else(|| "the case does not say".into()),
                    };
                    (metric.clone(), fact)
                })
                .collect(),
        ),
        findings: make.optional("findings", raw.findings.clone()),
        tests: make.optional(
            "tests",
            TestFact {
                build: "the build".into(),
                succeeded: raw.tests.is_none_or(|tests| tests.failed == 0),
                counts: Some(raw.tests.map_or(
                    TestCount {
                        passed: 1_000,
                        failed: 0,
                        skipped: 0,
                    },
                    |tests| TestCount {
                        passed: tests.passed,
                        failed: tests.failed,
                        skipped: tests.skipped,
                    },
                )),
            },
        ),
        in_source_since: make.fact("soak", since),
        path: make.fact(
            "on_path",
            PathFact {
                before: Some(from),
                runs: Some("this version".into()),
                promoted: Some(promoted.into()),
            },
        ),
        changes: make.optional("changes", changes?),
        access_broadened: make.optional("access_broadened", raw.access_broadened.clone()),
        drift_overwritten: make.optional("drift_overwritten", raw.drift_overwritten.clone()),
        rejected: make.optional("rejected", raw.rejected.clone()),
        floating_references: make.fact("unpinned", raw.unpinned.clone()),
        commits: Some(
            make.fact(
                "commits",
                raw.commits
                    .iter()
                    .enumerate()
                    .map(|(index, message)| CommitFact {
                        id: format!("{index:07}"),
                        message: message.clone(),
                    })
                    .collect(),
            ),
        ),
        comment: make.fact("comment", raw.comment.clone()),
        past_durations: make.fact("durations", durations?),
    })
}

struct Make<'r> {
    raw: &'r RawFacts,
    at: Timestamp,
}

impl Make<'_> {
    fn fact<T>(&self, name: &str, value: T) -> Evidence<T> {
        if self.raw.unknown.iter().any(|word| word.get_ref() == name) {
            Evidence::unknown("the case says so", "case")
        } else {
            Evidence::seen(value, "case", Some(self.at))
        }
    }

    fn optional<T>(&self, name: &str, value: T) -> Option<Evidence<T>> {
        let is_absent = self.raw.absent.iter().any(|word| word.get_ref() == name);
        (!is_absent).then(|| self.fact(name, value))
    }
}

fn known(name: &Spanned<String>, names: &[&str]) -> Result<(), Wrong> {
    if names.contains(&name.get_ref().as_str()) {
        return Ok(());
    }
    let hint = nearest::nearest(name.get_ref(), names.iter().copied()).map_or_else(
        || format!("Known here: {}.", names.join(", ")),
        |name| format!("Did you mean `{name}`?"),
    );
    Err((
        name.span(),
        format!("`{}` is not such a fact", name.get_ref()),
        Some(hint),
    ))
}

pub(super) fn time(raw: &Spanned<String>) -> Result<Timestamp, Wrong> {
    raw.get_ref().parse().map_err(|_| {
        let hint = "Write it like \"2026-12-24T12:00:00-05:00\".".to_owned();
        (
            raw.span(),
            format!("`{}` is not a time", raw.get_ref()),
            Some(hint),
        )
    })
}

fn length(raw: &Spanned<String>) -> Result<Length, Wrong> {
    Length::read(raw.get_ref()).ok_or_else(|| {
        let hint = "Write it like \"90m\", \"24h\" or \"1d12h\".".to_owned();
        let message = format!("`{}` is not a length of time", raw.get_ref());
        (raw.span(), message, Some(hint))
    })
}

fn earlier(now: Timestamp, length: Length) -> Timestamp {
    let seconds = i64::try_from(length.0).unwrap_or(i64::MAX);
    now.checked_sub(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MIN)
}

fn change(raw: &Spanned<String>) -> Result<ChangeFact, Wrong> {
    let words: Vec<&str> = raw.get_ref().split_whitespace().collect();
    let (action, resource_type, replacement) = match words[..] {
        [action, resource_type] => (action, resource_type, None),
        [action, resource_type, replacement] => (action, resource_type, Some(replacement)),
        _ => ("", "", None),
    };
    if !["Add", "Modify", "Remove"].contains(&action)
        || !matches!(replacement, None | Some("True" | "False" | "Conditional"))
    {
        let hint = "Write it like \"Modify AWS::DynamoDB::Table True\".".to_owned();
        let message = format!("`{}` is not a change", raw.get_ref());
        return Err((raw.span(), message, Some(hint)));
    }
    Ok(ChangeFact {
        resource: "Resource".into(),
        resource_type: resource_type.into(),
        action: action.into(),
        replacement: replacement.map(str::to_owned),
        policy_action: None,
    })
}
