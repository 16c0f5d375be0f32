//! Persons, and who the systems say that somebody is.

use crate::{SystemKind, ids::PersonId};
use serde::{Deserialize, Serialize};

/// What somebody may do in a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Reads, and may ask for promotions.
    Developer,
    /// Reads, and answers for quality.
    Lead,
    /// Asks for, approves and starts promotions.
    ReleaseManager,
}

impl Role {
    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Lead => "lead",
            Self::ReleaseManager => "release manager",
        }
    }
}

/// Somebody of the estate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Names by which systems know this person: ARN parts, user ids, e-mail addresses.
    #[serde(default)]
    pub known_as: Vec<String>,
}

/// Who one system says that the caller is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemIdentity {
    /// System.
    pub system: SystemKind,
    /// Scope in words, such as `prod`; empty when the system has only one.
    pub scope: String,
    /// Name given there: ARN, user id.
    pub name: String,
    /// Account, for AWS.
    pub account: Option<String>,
    /// Server version, when it tells.
    pub version: Option<String>,
}
