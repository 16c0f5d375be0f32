//! The gates themselves.

use crate::facts::{ChangeFact, Evidence, Facts, StackFact};
use interlock_domain::{
    stack::StackPhase,
    verdict::{Outcome, Verdict},
};

/// Types whose replacement or removal loses data.
const STATEFUL: &[&str] = &[
    "AWS::Backup::BackupVault",
    "AWS::Cognito::IdentityPool",
    "AWS::Cognito::UserPool",
    "AWS::DocDB::DBCluster",
    "AWS::DocDB::DBInstance",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Volume",
    "AWS::ECR::Repository",
    "AWS::EFS::FileSystem",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::FSx::FileSystem",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Logs::LogGroup",
    "AWS::MemoryDB::Cluster",
    "AWS::Neptune::DBCluster",
    "AWS::OpenSearchService::Domain",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
];

/// Judges every gate that the facts call for, in the order in which people read them.
pub fn judge(facts: &Facts) -> Vec<Verdict> {
    let mut verdicts = vec![source_is_stable(facts), target_can_change(facts)];
    verdicts.extend(quality(facts));
    verdicts.extend(tests(facts));
    verdicts.extend(no_data_lost(facts));
    verdicts.extend(content_is_pinned(facts));
    verdicts.extend(no_freeze(facts));
    verdicts
}

fn verdict<T>(gate: &str, outcome: Outcome, summary: String, evidence: &Evidence<T>) -> Verdict {
    Verdict {
        gate: gate.into(),
        outcome,
        summary,
        evidence: evidence.source.clone(),
        at: evidence.at,
    }
}

fn source_is_stable(facts: &Facts) -> Verdict {
    let gate = "Stable in the source environment";
    stacks(gate, &facts.source_stacks, &facts.from, |phase| {
        phase == StackPhase::Stable
    })
}

fn target_can_change(facts: &Facts) -> Verdict {
    let gate = "Target can be changed";
    stacks(gate, &facts.target_stacks, &facts.to, |phase| {
        matches!(
            phase,
            StackPhase::Stable | StackPhase::RolledBack | StackPhase::InReview
        )
    })
}

fn stacks(
    gate: &str,
    evidence: &Evidence<Vec<StackFact>>,
    place: &str,
    good: impl Fn(StackPhase) -> bool,
) -> Verdict {
    match &evidence.value {
        Err(reason) => verdict(
            gate,
            Outcome::Unknown,
            format!("{place} cannot be read: {reason}"),
            evidence,
        ),
        Ok(stacks) => {
            if let Some(stack) = stacks.iter().find(|stack| !good(stack.phase)) {
                let summary = format!("{} is {} in {place}", stack.name, stack.status);
                return verdict(gate, Outcome::Fail, summary, evidence);
            }
            let count = match stacks.len() {
                1 => "1 stack".to_owned(),
                n => format!("{n} stacks"),
            };
            verdict(
                gate,
                Outcome::Pass,
                format!("{count} in {place} in order"),
                evidence,
            )
        }
    }
}

fn quality(facts: &Facts) -> Option<Verdict> {
    let gate = "Quality gate";
    let evidence = facts.quality.as_ref()?;
    Some(match &evidence.value {
        Err(reason) => verdict(
            gate,
            Outcome::Unknown,
            format!("SonarQube cannot tell: {reason}"),
            evidence,
        ),
        Ok(fact) => {
            let other_commit = match (&fact.revision, &fact.wanted) {
                (Some(seen), Some(wanted)) => {
                    !(seen.starts_with(wanted.as_str()) || wanted.starts_with(seen.as_str()))
                }
                _ => true,
            };
            match fact.passed {
                None => verdict(
                    gate,
                    Outcome::Unknown,
                    "the project has no quality gate".into(),
                    evidence,
                ),
                Some(false) => {
                    let broken = if fact.broken.is_empty() {
                        "no condition named".into()
                    } else {
                        fact.broken.join("; ")
                    };
                    verdict(gate, Outcome::Fail, format!("failed: {broken}"), evidence)
                }
                Some(true) if other_commit => verdict(
                    gate,
                    Outcome::Unknown,
                    "no analysis of the commit that is to be promoted".into(),
                    evidence,
                ),
                Some(true) => verdict(
                    gate,
                    Outcome::Pass,
                    "passed for this commit".into(),
                    evidence,
                ),
            }
        }
    })
}

fn tests(facts: &Facts) -> Option<Verdict> {
    let gate = "Build and tests";
    let evidence = facts.tests.as_ref()?;
    Some(match &evidence.value {
        Err(reason) => verdict(
            gate,
            Outcome::Unknown,
            format!("Jenkins cannot tell: {reason}"),
            evidence,
        ),
        Ok(fact) => match (fact.succeeded, fact.counts) {
            (true, Some((passed, 0))) => verdict(
                gate,
                Outcome::Pass,
                format!("{passed} tests passed in {}", fact.build),
                evidence,
            ),
            (true, None) => verdict(
                gate,
                Outcome::Pass,
                format!("{} succeeded, without a test report", fact.build),
                evidence,
            ),
            (_, Some((passed, failed))) if failed > 0 => verdict(
                gate,
                Outcome::Fail,
                format!(
                    "{failed} of {} tests failed in {}",
                    passed + failed,
                    fact.build
                ),
                evidence,
            ),
            _ => verdict(
                gate,
                Outcome::Fail,
                format!("{} did not succeed", fact.build),
                evidence,
            ),
        },
    })
}

fn loses_data(change: &ChangeFact) -> bool {
    let kept = matches!(
        change.policy_action.as_deref(),
        Some("Retain" | "Snapshot" | "ReplaceAndRetain" | "ReplaceAndSnapshot")
    );
    let goes = change.action == "Remove"
        || (change.action == "Modify" && change.replacement.as_deref() == Some("True"));
    goes && !kept && STATEFUL.contains(&change.resource_type.as_str())
}

fn no_data_lost(facts: &Facts) -> Option<Verdict> {
    let gate = "No stateful resource is replaced or removed";
    let evidence = facts.changes.as_ref()?;
    Some(match &evidence.value {
        Err(reason) => verdict(
            gate,
            Outcome::Unknown,
            format!("AWS cannot tell: {reason}"),
            evidence,
        ),
        Ok(changes) => {
            let lost: Vec<_> = changes.iter().filter(|change| loses_data(change)).collect();
            if lost.is_empty() {
                verdict(
                    gate,
                    Outcome::Pass,
                    format!(
                        "{} announced changes keep every stateful resource",
                        changes.len()
                    ),
                    evidence,
                )
            } else {
                let names: Vec<_> = lost
                    .iter()
                    .map(|change| {
                        let verb = if change.action == "Remove" {
                            "removes"
                        } else {
                            "replaces"
                        };
                        format!("{verb} {} ({})", change.resource, change.resource_type)
                    })
                    .collect();
                verdict(gate, Outcome::Fail, names.join("; "), evidence)
            }
        }
    })
}

fn content_is_pinned(facts: &Facts) -> Option<Verdict> {
    if !facts.production || facts.changes.is_none() {
        return None;
    }
    let gate = "Content is pinned";
    let evidence = Evidence {
        value: Ok(()),
        source: "template text".into(),
        at: Some(facts.now),
    };
    Some(if facts.floating_references.is_empty() {
        verdict(
            gate,
            Outcome::Pass,
            "no reference is resolved outside of the template without a version".into(),
            &evidence,
        )
    } else {
        verdict(
            gate,
            Outcome::Fail,
            format!(
                "resolved without a version: {}",
                facts.floating_references.join(", ")
            ),
            &evidence,
        )
    })
}

fn no_freeze(facts: &Facts) -> Option<Verdict> {
    let gate = "Outside of freeze windows";
    let freeze = facts.freeze.as_ref()?;
    let evidence = Evidence {
        value: Ok(()),
        source: "estate file".into(),
        at: Some(facts.now),
    };
    Some(match freeze {
        Some(freeze) if freeze.starts <= facts.now && facts.now < freeze.ends => verdict(
            gate,
            Outcome::Fail,
            format!("freeze `{}` holds until {}", freeze.name, freeze.ends),
            &evidence,
        ),
        Some(freeze) => verdict(
            gate,
            Outcome::Pass,
            format!("freeze `{}` begins {}", freeze.name, freeze.starts),
            &evidence,
        ),
        None => verdict(gate, Outcome::Pass, "no freeze is ahead".into(), &evidence),
    })
}

#[cfg(test)]
mod tests;
