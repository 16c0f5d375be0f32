//! Facts with their source, age and completeness.

use crate::ConnectorError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A system that the console observes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SystemKind {
    /// Amazon Web Services.
    Aws,
    /// Jenkins.
    Jenkins,
    /// SonarQube.
    SonarQube,
    /// GitLab.
    GitLab,
    /// A Git repository.
    Git,
}

impl SystemKind {
    /// Name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::Jenkins => "Jenkins",
            Self::SonarQube => "SonarQube",
            Self::GitLab => "GitLab",
            Self::Git => "Git",
        }
    }
}

/// Whether an observation holds everything that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Completeness {
    /// Everything.
    Whole,
    /// A part, and why the rest is missing.
    Partial {
        /// The reason.
        missing: String,
    },
}

/// A fact as some system told it, or the reason why it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed<T> {
    /// The fact or the reason.
    pub value: Result<T, ConnectorError>,
    /// Who told.
    pub source: SystemKind,
    /// When.
    pub at: Timestamp,
    /// Whether it is everything.
    pub completeness: Completeness,
}

impl<T> Observed<T> {
    /// A whole fact.
    pub fn whole(value: T, source: SystemKind, at: Timestamp) -> Self {
        Self {
            value: Ok(value),
            source,
            at,
            completeness: Completeness::Whole,
        }
    }

    /// A reason instead of a fact.
    pub fn unknown(error: ConnectorError, at: Timestamp) -> Self {
        let source = error.system;
        Self {
            value: Err(error),
            source,
            at,
            completeness: Completeness::Whole,
        }
    }

    /// The fact, only when it is known and whole.
    pub fn certain(&self) -> Option<&T> {
        match (&self.value, &self.completeness) {
            (Ok(value), Completeness::Whole) => Some(value),
            _ => None,
        }
    }
}
