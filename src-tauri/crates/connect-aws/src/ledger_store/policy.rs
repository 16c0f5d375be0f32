//! Reads a bucket policy: does it deny something to everybody, whatever else allows it?
//!
//! Only the denials that this program asks for are understood; what is written in another way
//! counts as not denied. It never says that something is denied when it is not: a condition that
//! is not understood makes a statement narrower, and so it does not count.

use serde_json::{Map, Value};

/// A condition: operator, key, value.
pub(super) type When = (&'static str, &'static str, &'static str);

/// Whether something is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Denial {
    /// To everybody but these principals (patterns).
    Yes { except: Vec<String> },
    /// Not, or not in a way that is understood.
    No,
}

/// The statements of a policy.
#[derive(Debug)]
pub(super) struct Policy(Vec<Value>);

impl Policy {
    /// Reads the text of a policy.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut whole: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match whole.get_mut("Statement").map(Value::take) {
            Some(Value::Array(statements)) => Ok(Self(statements)),
            Some(one @ Value::Object(_)) => Ok(Self(vec![one])),
            _ => Err("it has no statements".into()),
        }
    }

    /// Whether an action on a resource is denied to everybody when these conditions hold.
    pub(super) fn denies(&self, action: &str, resource: &str, when: &[When]) -> Denial {
        let found = self
            .0
            .iter()
            .filter_map(|statement| exempted(statement, action, resource, when))
            .min_by_key(Vec::len);
        found.map_or(Denial::No, |except| Denial::Yes { except })
    }
}

/// Whom a denial exempts; none when the statement is not that denial.
fn exempted(statement: &Value, action: &str, resource: &str, when: &[When]) -> Option<Vec<String>> {
    let applies = statement["Effect"] == "Deny"
        && is_everybody(&statement["Principal"])
        && texts(&statement["Action"])
            .iter()
            .any(|pattern| is_like(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase()))
        && texts(&statement["Resource"])
            .iter()
            .any(|pattern| is_like(pattern, resource));
    if !applies {
        return None;
    }
    let nothing = Map::new();
    let conditions = match &statement["Condition"] {
        Value::Null => &nothing,
        Value::Object(conditions) => conditions,
        _ => return None,
    };
    let mut except = Vec::new();
    for (operator, keys) in conditions {
        for (key, value) in keys.as_object()? {
            let values = texts(value);
            if exempts_principals(operator, key) {
                except.extend(values);
            } else if !is_given(operator, key, &values, when) {
                return None;
            }
        }
    }
    Some(except)
}

fn exempts_principals(operator: &str, key: &str) -> bool {
    let is_not = [
        "ArnNotLike",
        "ArnNotEquals",
        "StringNotLike",
        "StringNotEquals",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(operator));
    is_not && key.eq_ignore_ascii_case("aws:PrincipalArn")
}

fn is_given(operator: &str, key: &str, values: &[String], when: &[When]) -> bool {
    when.iter().any(|(known, of, value)| {
        known.eq_ignore_ascii_case(operator)
            && of.eq_ignore_ascii_case(key)
            && values.len() == 1
            && values[0].eq_ignore_ascii_case(value)
    })
}

fn is_everybody(principal: &Value) -> bool {
    principal == "*" || texts(&principal["AWS"]).iter().any(|one| one == "*")
}

/// A text, a truth value, or a list of them.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Bool(truth) => vec![truth.to_string()],
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// IAM's patterns: `*` for any text, `?` for any character.
pub(super) fn is_like(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last star stood, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '?' || pattern[p] == text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            p = at + 1;
            t = taken + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SLOT: &str = "arn:aws:s3:::b/log/bank/00000000000000000000";
    const UNCONDITIONAL_PUT: [When; 1] = [("Null", "s3:if-none-match", "true")];

    fn deny(statement: Value) -> Policy {
        let mut whole = json!({"Effect": "Deny", "Principal": "*",
            "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"});
        for (key, value) in statement.as_object().unwrap() {
            whole[key] = value.clone();
        }
        Policy::read(&json!({"Version": "2012-10-17", "Statement": whole}).to_string()).unwrap()
    }

    fn is_denied(policy: &Policy) -> Denial {
        policy.denies("s3:PutObject", SLOT, &UNCONDITIONAL_PUT)
    }

    fn to_all() -> Denial {
        Denial::Yes { except: vec![] }
    }

    #[test]
    fn the_denial_of_a_write_without_condition_is_found_in_any_spelling() {
        let condition = json!({"Null": {"s3:if-none-match": "true"}});
        for statement in [
            json!({"Condition": condition}),
            json!({"Condition": {"null": {"S3:If-None-Match": [true]}}}),
            json!({"Condition": condition, "Action": ["s3:DeleteObject", "s3:put*"]}),
            json!({"Condition": condition, "Principal": {"AWS": ["*"]}}),
            json!({"Condition": condition, "Resource": ["arn:aws:s3:::b/log/bank/????????????????????"]}),
            json!({}),
        ] {
            assert_eq!(is_denied(&deny(statement.clone())), to_all(), "{statement}");
        }
    }

    #[test]
    fn what_is_narrower_does_not_count() {
        let missing = json!({"s3:if-none-match": "true"});
        for statement in [
            json!({"Effect": "Allow"}),
            json!({"Condition": {"Null": {"s3:if-none-match": "false"}}}),
            json!({"Condition": {"Null": missing, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}),
            json!({"Condition": {"Null": missing}, "Principal": {"AWS": "arn:aws:iam::1:role/x"}}),
            json!({"Condition": {"Null": missing}, "Resource": "arn:aws:s3:::b/document/*"}),
            json!({"Condition": {"Null": missing}, "Resource": "arn:aws:s3:::b"}),
            json!({"Condition": {"Null": missing}, "Action": "s3:GetObject"}),
            json!({"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::1:role/x"}}}),
            json!({"Condition": "x"}),
        ] {
            assert_eq!(
                is_denied(&deny(statement.clone())),
                Denial::No,
                "{statement}"
            );
        }
    }

    #[test]
    fn those_who_are_exempted_are_named() {
        let admin = "arn:aws:iam::1:role/ledger-admin";
        let policy = deny(json!({"Condition": {"ArnNotLike": {"aws:PrincipalArn": [admin]}}}));
        assert_eq!(
            is_denied(&policy),
            Denial::Yes {
                except: vec![admin.into()]
            }
        );
    }

    #[test]
    fn a_text_that_is_no_policy_is_told() {
        for text in ["", "{}", "[]", "{\"Statement\": 1}"] {
            assert!(Policy::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn patterns_are_those_of_iam() {
        for (pattern, text, like) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abb", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*b*", "xxaxxbxx", true),
            ("a", "a/b", false),
            ("", "", true),
        ] {
            assert_eq!(is_like(pattern, text), like, "{pattern} {text}");
        }
    }
}
