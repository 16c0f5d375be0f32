//! Which approvals a promotion needs.

use super::*;
use crate::ChangeFact;

const RULES: &str = r#"
[[approvals]]
id = "managers"
name = "Release managers"
environments = ["production"]
from = ["release-manager"]
count = 2
assurance = 2
[[approvals]]
id = "security"
name = "Security"
from = ["security"]
count = 1
when = ["access-broadened"]
[[approvals]]
id = "data"
name = "Data"
from = ["data-owners"]
count = 1
when = ["stateful-loss", "drift-overwritten"]
[[approvals]]
id = "freeze"
name = "Change board"
from = ["board"]
count = 1
when = ["freeze", "break-glass"]
[[freezes]]
name = "audit"
from = "2026-12-01T00:00:00Z"
to = "2026-12-02T00:00:00Z"
"#;

fn names(text: &str, facts: &Facts) -> Vec<String> {
    let judgement = judged(&policy(text), facts);
    judgement
        .approvals
        .into_iter()
        .map(|rule| format!("{} {}", rule.name, rule.count))
        .collect()
}

#[test]
fn a_rule_counts_when_its_reason_is_there_or_cannot_be_ruled_out() {
    assert_eq!(names(RULES, &facts()), ["Release managers 2"]);
    for access in [Some(seen(vec!["s3".into()])), Some(unseen()), None] {
        let f = Facts {
            access_broadened: access,
            ..facts()
        };
        assert_eq!(names(RULES, &f), ["Release managers 2", "Security 1"]);
    }
    let drop = ChangeFact {
        resource: "Orders".into(),
        resource_type: "AWS::DynamoDB::Table".into(),
        action: "Remove".into(),
        replacement: None,
        policy_action: None,
    };
    for f in [
        Facts {
            changes: Some(seen(vec![drop.clone()])),
            ..facts()
        },
        Facts {
            changes: Some(unseen()),
            ..facts()
        },
        Facts {
            drift_overwritten: Some(seen(vec!["x".into()])),
            ..facts()
        },
    ] {
        assert_eq!(names(RULES, &f), ["Release managers 2", "Data 1"]);
    }
    let f = Facts {
        now: at("2026-12-01T12:00:00Z"),
        ..facts()
    };
    assert_eq!(names(RULES, &f), ["Release managers 2", "Change board 1"]);
}

#[test]
fn the_number_of_the_estate_file_counts_where_no_rule_always_applies() {
    let mut qa = facts();
    qa.subject.to = "qa".into();
    qa.subject.tier = Tier::Test;
    qa.subject.declared_approvals = 3;
    assert_eq!(names(RULES, &qa), ["Release managers 3"]);
    qa.subject.declared_approvals = 0;
    assert!(names(RULES, &qa).is_empty());
    let estate = "[[approvals]]\nid = \"a\"\nfrom = [\"release-manager\"]\ncount = \"estate\"\n";
    let mut prod = facts();
    prod.subject.declared_approvals = 2;
    assert_eq!(names(estate, &prod), ["a 2"]);
}

#[test]
fn equal_rules_are_asked_for_once() {
    let danger = |id: &str, of: &str| {
        format!(
            "[[gates.danger]]\nid = \"{id}\"\nof = \"{of}\"\nthen = \"require-approval\"\n\
             approval = {{ name = \"Security\", from = [\"security\"] }}\n"
        )
    };
    let text = danger("a", "access-broadened") + &danger("b", "drift-overwritten");
    let f = Facts {
        access_broadened: Some(seen(vec!["x".into()])),
        drift_overwritten: Some(seen(vec!["y".into()])),
        ..facts()
    };
    assert_eq!(names(&text, &f), ["Release managers 1", "Security 1"]);
}
