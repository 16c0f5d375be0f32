//! Stack policies: which resources an update may modify, replace or delete.
//!
//! Without a policy everything is allowed; with one, what no statement allows is denied, and a denial beats an allowance.

use super::error::{AwsError, AwsResult};
use crate::faults::matches_glob;
use serde_json::Value;

/// What an update wants to do to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish<'a> {
    /// `Update:Modify`, `Update:Replace` or `Update:Delete`.
    pub action: &'a str,
    /// Logical id.
    pub logical_id: &'a str,
    /// Type.
    pub resource_type: &'a str,
}

fn list(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn statements(policy: &str) -> Option<Vec<Value>> {
    let root: Value = serde_json::from_str(policy).ok()?;
    let found = match root.get("Statement")? {
        Value::Array(many) => many.clone(),
        one @ Value::Object(_) => vec![one.clone()],
        _ => return None,
    };
    let is_right = |one: &Value| {
        matches!(
            one.get("Effect").and_then(Value::as_str),
            Some("Allow" | "Deny")
        ) && (one.get("Action").is_some() || one.get("NotAction").is_some())
            && (one.get("Resource").is_some() || one.get("NotResource").is_some())
            && one.get("Principal").and_then(Value::as_str) == Some("*")
    };
    found.iter().all(is_right).then_some(found)
}

/// Refuses a text that is no stack policy.
pub fn check(policy: &str) -> AwsResult<()> {
    match statements(policy) {
        Some(_) => Ok(()),
        None => Err(AwsError::validation(
            "Error validating stack policy: Invalid stack policy",
        )),
    }
}

fn applies(statement: &Value, wish: Wish<'_>) -> bool {
    let has = |patterns: &[&str], text: &str| {
        patterns
            .iter()
            .any(|pattern| *pattern == "*" || matches_glob(pattern, text))
    };
    let resource = format!("LogicalResourceId/{}", wish.logical_id);
    let is_named = |yes: &str, no: &str, text: &str| match statement.get(yes) {
        Some(given) => has(&list(Some(given)), text),
        None => !has(&list(statement.get(no)), text),
    };
    let conditions = statement.get("Condition").and_then(Value::as_object);
    let holds = conditions.is_none_or(|conditions| {
        conditions.values().all(|test| {
            test.get("ResourceType")
                .is_none_or(|types| has(&list(Some(types)), wish.resource_type))
        })
    });
    holds
        && is_named("Action", "NotAction", wish.action)
        && is_named("Resource", "NotResource", &resource)
}

/// Returns why a policy does not allow something; none when it does.
pub fn denial(policy: Option<&str>, wish: Wish<'_>) -> Option<String> {
    let statements = statements(policy?)?;
    let effect =
        |statement: &Value| statement.get("Effect").and_then(Value::as_str) == Some("Deny");
    let matching: Vec<(usize, &Value)> = statements
        .iter()
        .enumerate()
        .filter(|(_, statement)| applies(statement, wish))
        .collect();
    if let Some((number, _)) = matching.iter().find(|(_, statement)| effect(statement)) {
        return Some(format!(
            "Action denied by stack policy: Statement [#{}] does not allow [{}] for resource [LogicalResourceId/{}]",
            number + 1,
            wish.action,
            wish.logical_id
        ));
    }
    matching.is_empty().then(|| {
        format!(
            "Action denied by stack policy: There is no Allow statement covering action [{}] for resource [LogicalResourceId/{}]",
            wish.action, wish.logical_id
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"{"Statement": [
        {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*", "Resource": "LogicalResourceId/Table*"},
        {"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*",
         "Condition": {"StringEquals": {"ResourceType": ["AWS::RDS::DBInstance"]}}}
    ]}"#;

    fn denied(policy: Option<&str>, action: &str, logical_id: &str, resource_type: &str) -> bool {
        let wish = Wish {
            action,
            logical_id,
            resource_type,
        };
        denial(policy, wish).is_some()
    }

    #[test]
    fn a_denial_beats_an_allowance_and_silence_denies() {
        let table = "AWS::DynamoDB::Table";
        for (action, id, kind, expected) in [
            ("Update:Modify", "TableA", table, false),
            ("Update:Replace", "TableA", table, true),
            ("Update:Delete", "TableA", table, true),
            ("Update:Replace", "Queue", "AWS::SQS::Queue", false),
            ("Update:Modify", "Db", "AWS::RDS::DBInstance", true),
        ] {
            assert_eq!(
                denied(Some(POLICY), action, id, kind),
                expected,
                "{action} {id}"
            );
        }
        assert!(!denied(None, "Update:Delete", "TableA", table));
        let only = r#"{"Statement": {"Effect": "Allow", "NotAction": "Update:Delete", "Principal": "*", "NotResource": "LogicalResourceId/X"}}"#;
        assert!(!denied(Some(only), "Update:Modify", "A", table));
        assert!(denied(Some(only), "Update:Delete", "A", table));
        assert!(denied(Some(only), "Update:Modify", "X", table));
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        check(POLICY).unwrap();
        for text in [
            "",
            "x",
            "[]",
            "{}",
            r#"{"Statement": 1}"#,
            r#"{"Statement": [{"Effect": "Maybe"}]}"#,
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
