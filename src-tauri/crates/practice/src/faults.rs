//! Faults on demand: rules that make a practice server slow, unwilling or broken.
//!
//! Rules arrive through the control address; `server` consults them for every request. What a refusal looks like on the
//! wire is each server's own business ([`crate::server::Protocol::refusal`]).

use rand::RngExt as _;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// The answer comes later by so many milliseconds; combines with another fault.
    Latency {
        /// Milliseconds.
        millis: u64,
    },
    /// The server says that it is asked too often, and does nothing.
    Throttle,
    /// The server answers with this error, and does nothing.
    Error {
        /// Error code in the server's own vocabulary.
        code: String,
        /// HTTP status.
        status: u16,
    },
    /// The action takes place, then the connection closes without an answer.
    DropReplyAfterAction,
    /// The action takes place and the answer ends in the middle, with a matching length.
    Truncate,
    /// The action takes place and the connection breaks in the middle of the answer.
    Cut,
    /// A captive portal or an expired web session: a login page with status 200 instead of the answer.
    #[serde(rename = "html_login_200")]
    HtmlLogin200,
    /// The server says that the credentials have expired.
    ExpiredCredentials,
    /// The server is down for maintenance: 503.
    #[serde(rename = "unavailable_503")]
    Unavailable503,
    /// The connection is reset before anything is done.
    Reset,
}

/// When and how often something goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaultRule {
    /// Number given by the server; ignored in a request.
    #[serde(default)]
    pub id: u64,
    /// Service: `cloudformation`, `sts`, `jenkins`, `sonarqube`, `gitlab`, or `*`.
    pub service: String,
    /// Operation with `*` as wildcard, such as `Describe*`.
    #[serde(default = "any")]
    pub operation: String,
    /// Part of a service with `*` as wildcard: `ACCOUNT/REGION` of AWS. Everywhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// How many more times; for ever when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Probability between 0 and 1; certain when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

fn any() -> String {
    "*".to_owned()
}

/// The faults that one request meets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Extra milliseconds before anything else happens.
    pub latency_millis: u64,
    /// The fault itself; never a latency.
    pub fault: Option<FaultKind>,
}

#[derive(Debug, Default)]
struct Rules {
    last_id: u64,
    rules: Vec<FaultRule>,
}

/// The rules in force; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    inner: Arc<Mutex<Rules>>,
}

impl Faults {
    /// Adds a rule and returns its number.
    pub fn add(&self, mut rule: FaultRule) -> u64 {
        let mut inner = self.lock();
        inner.last_id += 1;
        rule.id = inner.last_id;
        inner.rules.push(rule);
        inner.last_id
    }

    /// Removes a rule and reports whether it existed.
    pub fn remove(&self, id: u64) -> bool {
        let mut inner = self.lock();
        let before = inner.rules.len();
        inner.rules.retain(|rule| rule.id != id);
        inner.rules.len() != before
    }

    /// Removes every rule.
    pub fn clear(&self) {
        self.lock().rules.clear();
    }

    /// Returns the rules in force, oldest first.
    pub fn list(&self) -> Vec<FaultRule> {
        self.lock().rules.clone()
    }

    /// Decides what happens to a request: every matching latency, and the first other matching fault.
    pub fn consult(&self, service: &str, scope: &str, operation: &str) -> Verdict {
        let mut inner = self.lock();
        let mut verdict = Verdict::default();
        for rule in &mut inner.rules {
            let is_meant = matches_glob(&rule.service, service)
                && matches_glob(&rule.operation, operation)
                && rule
                    .scope
                    .as_ref()
                    .is_none_or(|pattern| matches_glob(pattern, scope));
            if !is_meant {
                continue;
            }
            let is_latency = matches!(rule.kind, FaultKind::Latency { .. });
            if (!is_latency && verdict.fault.is_some()) || rule.times == Some(0) {
                continue;
            }
            if rule
                .probability
                .is_some_and(|p| rand::rng().random::<f64>() >= p)
            {
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times -= 1;
            }
            match &rule.kind {
                FaultKind::Latency { millis } => verdict.latency_millis += millis,
                other => verdict.fault = Some(other.clone()),
            }
        }
        inner.rules.retain(|rule| rule.times != Some(0));
        verdict
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reports whether a text matches a pattern in which `*` stands for anything.
pub fn matches_glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(operation: &str, kind: FaultKind, times: Option<u32>) -> FaultRule {
        FaultRule {
            id: 0,
            service: "cloudformation".to_owned(),
            operation: operation.to_owned(),
            scope: None,
            kind,
            times,
            probability: None,
        }
    }

    #[test]
    fn a_rule_ends_after_its_times() {
        let faults = Faults::default();
        faults.add(rule("Describe*", FaultKind::Throttle, Some(2)));
        let outcomes: Vec<_> = (0..3)
            .map(|_| {
                faults
                    .consult("cloudformation", "111111111111/us-east-1", "DescribeStacks")
                    .fault
            })
            .collect();
        assert_eq!(
            outcomes,
            [Some(FaultKind::Throttle), Some(FaultKind::Throttle), None]
        );
        assert!(faults.list().is_empty());
    }

    #[test]
    fn other_services_and_operations_are_left_alone() {
        let faults = Faults::default();
        faults.add(rule("ExecuteChangeSet", FaultKind::Reset, None));
        assert_eq!(
            faults.consult("sts", "111111111111/us-east-1", "ExecuteChangeSet"),
            Verdict::default()
        );
        assert_eq!(
            faults.consult("cloudformation", "111111111111/us-east-1", "DescribeStacks"),
            Verdict::default()
        );
    }

    #[test]
    fn a_rule_can_be_about_one_account_or_region() {
        let faults = Faults::default();
        let mut prod = rule("*", FaultKind::Reset, None);
        prod.scope = Some("333333333333/*".to_owned());
        faults.add(prod);
        let strikes = |scope: &str| {
            let verdict = faults.consult("cloudformation", scope, "DescribeStacks");
            verdict.fault.is_some()
        };
        assert!(strikes("333333333333/us-east-1") && strikes("333333333333/sa-east-1"));
        assert!(!strikes("111111111111/us-east-1"));
    }

    #[test]
    fn latency_adds_up_and_combines_with_a_fault() {
        let faults = Faults::default();
        faults.add(rule("*", FaultKind::Latency { millis: 20 }, None));
        faults.add(rule("*", FaultKind::Reset, None));
        faults.add(rule("*", FaultKind::Latency { millis: 30 }, None));
        let verdict = faults.consult("cloudformation", "111111111111/us-east-1", "DescribeStacks");
        assert_eq!(verdict.latency_millis, 50);
        assert_eq!(verdict.fault, Some(FaultKind::Reset));
    }

    #[test]
    fn a_probability_of_zero_never_strikes() {
        let faults = Faults::default();
        let mut never = rule("*", FaultKind::Reset, None);
        never.probability = Some(0.0);
        faults.add(never);
        assert!((0..200).all(|_| {
            faults
                .consult("cloudformation", "111111111111/us-east-1", "X")
                .fault
                .is_none()
        }));
    }

    #[test]
    fn rules_travel_as_flat_json() {
        let text = r#"{"service":"*","kind":"error","code":"InternalFailure","status":500}"#;
        let rule: FaultRule = serde_json::from_str(text).unwrap();
        assert_eq!(rule.operation, "*");
        assert_eq!(
            rule.kind,
            FaultKind::Error {
                code: "InternalFailure".to_owned(),
                status: 500
            }
        );
    }

    #[test]
    fn wildcards_match_at_both_ends_and_in_the_middle() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("Describe*", "DescribeStacks", true),
            ("*Stack", "CreateStack", true),
            ("*Change*", "ExecuteChangeSet", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c2b", false),
            ("abc", "abcd", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(matches_glob(pattern, text), expected, "{pattern} {text}");
        }
    }
}
