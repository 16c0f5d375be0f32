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
mod tests {
    use super::*;
    use crate::facts::{FreezeFact, GateFact, TestFact};

    fn seen<T>(value: T) -> Evidence<T> {
        Evidence {
            value: Ok(value),
            source: "test".into(),
            at: None,
        }
    }

    fn unseen<T>() -> Evidence<T> {
        Evidence {
            value: Err("no answer".into()),
            source: "test".into(),
            at: None,
        }
    }

    fn stack(phase: StackPhase) -> StackFact {
        StackFact {
            name: "payments-api-qa".into(),
            phase,
            status: format!("{phase:?}"),
        }
    }

    fn facts() -> Facts {
        Facts {
            from: "qa".into(),
            to: "prod".into(),
            production: true,
            now: "2026-11-23T12:00:00Z".parse().unwrap(),
            source_stacks: seen(vec![stack(StackPhase::Stable)]),
            target_stacks: seen(vec![stack(StackPhase::Stable)]),
            quality: Some(seen(GateFact {
                passed: Some(true),
                broken: vec![],
                revision: Some("8c41d0e51be902a0".into()),
                wanted: Some("8c41d0e".into()),
            })),
            tests: Some(seen(TestFact {
                build: "build #1".into(),
                succeeded: true,
                counts: Some((412, 0)),
            })),
            freeze: Some(None),
            changes: Some(seen(vec![])),
            floating_references: vec![],
        }
    }

    fn outcome(facts: &Facts, gate: &str) -> Outcome {
        judge(facts)
            .into_iter()
            .find(|v| v.gate == gate)
            .unwrap_or_else(|| panic!("no gate {gate}"))
            .outcome
    }

    #[test]
    fn everything_in_order_passes_every_gate() {
        let verdicts = judge(&facts());
        assert_eq!(verdicts.len(), 7);
        assert!(
            verdicts.iter().all(|v| v.outcome == Outcome::Pass),
            "{verdicts:#?}"
        );
    }

    #[test]
    fn missing_evidence_never_passes() {
        let blind = Facts {
            source_stacks: unseen(),
            target_stacks: unseen(),
            quality: Some(unseen()),
            tests: Some(unseen()),
            changes: Some(unseen()),
            ..facts()
        };
        let passed: Vec<_> = judge(&blind)
            .into_iter()
            .filter(|v| v.outcome == Outcome::Pass)
            .map(|v| v.gate)
            .collect();
        assert_eq!(
            passed,
            ["Content is pinned", "Outside of freeze windows"],
            "these need no evidence from outside"
        );
    }

    #[test]
    fn an_analysis_of_another_commit_is_no_evidence() {
        let mut f = facts();
        f.quality = Some(seen(GateFact {
            passed: Some(true),
            broken: vec![],
            revision: Some("aaaaaaa".into()),
            wanted: Some("8c41d0e".into()),
        }));
        assert_eq!(outcome(&f, "Quality gate"), Outcome::Unknown);
        f.quality = Some(seen(GateFact {
            passed: Some(true),
            broken: vec![],
            revision: None,
            wanted: Some("8c41d0e".into()),
        }));
        assert_eq!(outcome(&f, "Quality gate"), Outcome::Unknown);
    }

    #[test]
    fn stack_phases_decide_by_side() {
        for (phase, source, target) in [
            (StackPhase::Stable, Outcome::Pass, Outcome::Pass),
            (StackPhase::RolledBack, Outcome::Fail, Outcome::Pass),
            (StackPhase::InReview, Outcome::Fail, Outcome::Pass),
            (StackPhase::Moving, Outcome::Fail, Outcome::Fail),
            (StackPhase::Failed, Outcome::Fail, Outcome::Fail),
            (StackPhase::Unknown, Outcome::Fail, Outcome::Fail),
        ] {
            let f = Facts {
                source_stacks: seen(vec![stack(phase)]),
                target_stacks: seen(vec![stack(phase)]),
                ..facts()
            };
            assert_eq!(
                outcome(&f, "Stable in the source environment"),
                source,
                "{phase:?}"
            );
            assert_eq!(outcome(&f, "Target can be changed"), target, "{phase:?}");
        }
    }

    #[test]
    fn replacing_or_removing_a_table_fails_unless_it_is_kept() {
        let change = |action: &str, replacement: Option<&str>, policy: Option<&str>| ChangeFact {
            resource: "Transactions".into(),
            resource_type: "AWS::DynamoDB::Table".into(),
            action: action.into(),
            replacement: replacement.map(Into::into),
            policy_action: policy.map(Into::into),
        };
        for (c, wanted) in [
            (change("Modify", Some("True"), None), Outcome::Fail),
            (change("Remove", None, Some("Delete")), Outcome::Fail),
            (change("Remove", None, Some("Retain")), Outcome::Pass),
            (change("Modify", Some("False"), None), Outcome::Pass),
            (change("Add", None, None), Outcome::Pass),
        ] {
            let f = Facts {
                changes: Some(seen(vec![c.clone()])),
                ..facts()
            };
            assert_eq!(
                outcome(&f, "No stateful resource is replaced or removed"),
                wanted,
                "{c:?}"
            );
        }
    }

    #[test]
    fn a_freeze_holds_from_its_start_to_just_before_its_end() {
        let f = facts();
        let window = |starts: &str, ends: &str| Facts {
            freeze: Some(Some(FreezeFact {
                name: "w".into(),
                starts: starts.parse().unwrap(),
                ends: ends.parse().unwrap(),
            })),
            ..f.clone()
        };
        let gate = "Outside of freeze windows";
        assert_eq!(
            outcome(
                &window("2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z"),
                gate
            ),
            Outcome::Fail
        );
        assert_eq!(
            outcome(
                &window("2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z"),
                gate
            ),
            Outcome::Pass
        );
        assert_eq!(
            outcome(
                &window("2026-11-23T12:00:01Z", "2026-11-23T13:00:00Z"),
                gate
            ),
            Outcome::Pass
        );
    }

    #[test]
    fn failed_tests_and_unsuccessful_builds_fail() {
        for (succeeded, counts, wanted) in [
            (true, Some((10, 1)), Outcome::Fail),
            (false, Some((10, 0)), Outcome::Fail),
            (false, None, Outcome::Fail),
            (true, None, Outcome::Pass),
        ] {
            let f = Facts {
                tests: Some(seen(TestFact {
                    build: "b".into(),
                    succeeded,
                    counts,
                })),
                ..facts()
            };
            assert_eq!(outcome(&f, "Build and tests"), wanted);
        }
    }
}
