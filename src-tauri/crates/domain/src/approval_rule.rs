//! A rule of who must approve: so many distinct persons out of a group.

use serde::{Deserialize, Serialize};

/// So many approvals from among certain persons.
///
/// A manifest carries the rules that its promotion has to meet; the ledger's fold counts the
/// approvals against them. One person counts for one rule only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRule {
    /// Name for people, such as `Release managers`.
    pub name: String,
    /// Groups, role words or person ids, any of which qualifies a person; empty means anybody.
    pub from: Vec<String>,
    /// How many distinct persons.
    pub count: u32,
    /// Least assurance of the key that signs; 0 takes any key.
    pub assurance: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_and_read_the_same_and_takes_no_key_that_it_does_not_know() {
        let rule = ApprovalRule {
            name: "Security".into(),
            from: vec!["security".into()],
            count: 1,
            assurance: 2,
        };
        let text = serde_json::to_string(&rule).unwrap();
        assert_eq!(
            text,
            r#"{"name":"Security","from":["security"],"count":1,"assurance":2}"#
        );
        assert_eq!(serde_json::from_str::<ApprovalRule>(&text).unwrap(), rule);
        let more = text.replace("\"count\"", "\"silent\":true,\"count\"");
        assert!(serde_json::from_str::<ApprovalRule>(&more).is_err());
    }
}
