//! Why a document could not be read.

use super::budget::Limit;
use crate::location::Location;
use thiserror::Error;

/// A document that could not be read: which, where and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{at}: {problem}")]
pub struct ReadError {
    /// The name that the caller gave the document.
    pub file: String,
    /// Where reading stopped.
    pub at: Location,
    /// What is wrong there.
    pub problem: ReadProblem,
}

impl ReadError {
    /// Where reading stopped.
    pub const fn location(&self) -> Location {
        self.at
    }
}

/// What is wrong with a document, one variant for each thing that a reader of it can do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadProblem {
    /// It asks for more than the budget allows.
    #[error("the document has more than {allowed} {limit}, so it was not read.")]
    TooLarge {
        /// What there is too much of.
        limit: Limit,
        /// How much is allowed.
        allowed: usize,
    },
    /// It is not text in UTF-8.
    #[error("the document is not UTF-8 text from here on; save it as UTF-8.")]
    NotUtf8,
    /// It is not well-formed.
    #[error("{message}.")]
    Syntax {
        /// What the reader met or missed.
        message: String,
    },
    /// A mapping has a key twice, and one of the two values would be lost.
    #[error("the key `{key}` stands twice in one mapping: in line {} and in line {}.", first.line, again.line)]
    DuplicateKey {
        /// Key.
        key: String,
        /// Where it stands first.
        first: Location,
        /// Where it stands again.
        again: Location,
    },
    /// A tag is neither YAML's own nor a short form that CloudFormation knows.
    #[error("the tag `{tag}` is not one that CloudFormation knows.")]
    UnknownTag {
        /// The tag as written.
        tag: String,
    },
    /// It is well-formed, but not a template.
    #[error("this is not a CloudFormation template: {reason}.")]
    NotATemplate {
        /// What is missing or of another kind.
        reason: String,
    },
}

impl ReadProblem {
    /// A syntax problem in words, without a full stop.
    pub(crate) fn syntax(message: impl Into<String>) -> Self {
        Self::Syntax {
            message: message.into(),
        }
    }
}
