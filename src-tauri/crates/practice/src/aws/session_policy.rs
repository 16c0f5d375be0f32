//! Policies that somebody gives a session when assuming a role: the session may do no more than both allow.
//!
//! Conditions are not worked out: an allowance under a condition does not count, a denial under one does.

use crate::faults::matches_glob;
use serde_json::Value;

fn list(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many
            .iter()
            .filter_map(|one| one.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

fn names(statement: &Value, yes: &str, no: &str, text: &str, fold: bool) -> bool {
    let folded = |text: &str| {
        if fold {
            text.to_ascii_lowercase()
        } else {
            text.to_owned()
        }
    };
    let has = |patterns: Vec<String>| {
        patterns
            .iter()
            .any(|pattern| matches_glob(&folded(pattern), &folded(text)))
    };
    match statement.get(yes) {
        Some(given) => has(list(Some(given))),
        None => statement.get(no).is_some() && !has(list(statement.get(no))),
    }
}

/// Reports whether a policy's text allows an action on a resource.
pub fn allows(policy: &str, action: &str, resource: &str) -> bool {
    let root: Value = serde_json::from_str(policy).unwrap_or_default();
    let statements = match root.get("Statement") {
        Some(Value::Array(many)) => many.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let applies = |statement: &&Value| {
        names(statement, "Action", "NotAction", action, true)
            && names(statement, "Resource", "NotResource", resource, false)
    };
    let is = |statement: &Value, effect: &str| {
        statement.get("Effect").and_then(Value::as_str) == Some(effect)
    };
    let mut is_allowed = false;
    for statement in statements.iter().filter(applies) {
        if is(statement, "Deny") {
            return false;
        }
        is_allowed |= is(statement, "Allow") && statement.get("Condition").is_none();
    }
    is_allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_allows_what_it_names_and_denies_the_rest() {
        let policy = r#"{"Statement": [
            {"Effect": "Allow", "Action": ["cloudformation:describe*", "cloudformation:List*"], "Resource": "*"},
            {"Effect": "Deny", "Action": "cloudformation:DescribeStackEvents", "Resource": "*"},
            {"Effect": "Allow", "Action": "cloudformation:DeleteStack", "Resource": "arn:aws:cloudformation:*:*:stack/mine-*"},
            {"Effect": "Allow", "NotAction": "cloudformation:*", "Resource": "*"},
            {"Effect": "Allow", "Action": "cloudformation:CreateStack", "Resource": "*", "Condition": {"Bool": {}}}
        ]}"#;
        let mine = "arn:aws:cloudformation:us-east-1:111111111111:stack/mine-1/x";
        for (action, resource, expected) in [
            ("cloudformation:DescribeStacks", mine, true),
            ("cloudformation:DescribeStackEvents", mine, false),
            ("cloudformation:DeleteStack", mine, true),
            (
                "cloudformation:DeleteStack",
                "arn:aws:cloudformation:us-east-1:111111111111:stack/other/x",
                false,
            ),
            ("cloudformation:CreateStack", mine, false),
            ("sts:Anything", "*", true),
        ] {
            assert_eq!(
                allows(policy, action, resource),
                expected,
                "{action} {resource}"
            );
        }
        assert!(!allows("{}", "cloudformation:DescribeStacks", mine));
    }
}
