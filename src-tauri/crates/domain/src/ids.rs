//! Identifiers: one type each, so that two kinds cannot be mixed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {wanted}: {rule}")]
pub struct InvalidId {
    /// The text as given.
    pub text: String,
    /// What was wanted, with its article.
    pub wanted: &'static str,
    /// The rule that it breaks.
    pub rule: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $wanted:literal, $rule:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text that keeps the rule of this kind.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                let check: fn(&str) -> bool = $check;
                if check(&text) {
                    Ok(Self(text))
                } else {
                    Err(InvalidId { text, wanted: $wanted, rule: $rule })
                }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn is_plain(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= 512 && !text.chars().any(char::is_control)
}

id!(
    /// Name of an environment, such as `prod`.
    EnvironmentName, "an environment name", "letters, digits, `-`, `_` and `.`, at most 64", is_slug
);
id!(
    /// Name of a service, unique in its estate.
    ServiceName, "a service name", "letters, digits, `-`, `_` and `.`, at most 64", is_slug
);
id!(
    /// Id of a person of the estate.
    PersonId, "a person id", "letters, digits, `-`, `_` and `.`, at most 64", is_slug
);
id!(
    /// Id of a promotion, such as `PR-7K2M9Q`.
    PromotionId, "a promotion id", "letters, digits, `-`, `_` and `.`, at most 64", is_slug
);
id!(
    /// An AWS account.
    AccountId, "an AWS account id", "exactly twelve digits",
    |text| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
);
id!(
    /// An AWS region, such as `sa-east-1`.
    Region, "an AWS region", "lower-case letters, digits and `-`",
    |text| text.len() >= 5 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
);
id!(
    /// A CloudFormation stack name.
    StackName, "a stack name", "a letter, then letters, digits and `-`, at most 128",
    |text| text.len() <= 128
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
);
id!(
    /// A Git commit id, as much of it as a system told.
    CommitId, "a commit id", "7 to 64 hexadecimal digits",
    |text| (7..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
);
id!(
    /// Full name of a Jenkins job, folders joined with `/`.
    JobName, "a Jenkins job name", "not blank, no control characters", is_plain
);

impl CommitId {
    /// Whether both name the same commit, given that either may be shortened.
    pub fn same_as(&self, other: &Self) -> bool {
        let (a, b) = (self.0.to_ascii_lowercase(), other.0.to_ascii_lowercase());
        a.starts_with(&b) || b.starts_with(&a)
    }

    /// The first seven digits.
    pub fn short(&self) -> &str {
        &self.0[..7]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_are_twelve_digits() {
        assert!(AccountId::new("065115117704").is_ok());
        assert!(AccountId::new("65115117704").is_err());
        assert!(AccountId::new("06511511770x").is_err());
    }

    #[test]
    fn short_and_long_commit_ids_are_the_same_commit() {
        let long = CommitId::new("2b7f0c9d51be902a0f3f7f3f0b1c2d3e4f506172").unwrap();
        assert!(long.same_as(&CommitId::new("2B7F0C9").unwrap()));
        assert!(!long.same_as(&CommitId::new("2b7f0c8").unwrap()));
    }

    #[test]
    fn a_bad_id_is_refused_when_read_from_json() {
        assert!(serde_json::from_str::<StackName>("\"1bad_name\"").is_err());
        assert!(serde_json::from_str::<StackName>("\"good-name\"").is_ok());
    }
}
