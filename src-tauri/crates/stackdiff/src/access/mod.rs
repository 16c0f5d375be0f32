//! Access arithmetic: what anybody can reach after a change that they could not before.

/// How the access that a resource gives changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccessVerdict {
    /// More is allowed, and nothing less.
    Broadened,
    /// Less is allowed, and nothing more.
    Narrowed,
    /// Exactly the same is allowed.
    Same,
    /// Some of it is new and some is gone, or what is allowed cannot be known.
    Incomparable,
}

impl AccessVerdict {
    /// The name in JSON documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Broadened => "broadened",
            Self::Narrowed => "narrowed",
            Self::Same => "same",
            Self::Incomparable => "incomparable",
        }
    }
}

/// A change of access, with its reach in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChange {
    /// How it changes.
    pub verdict: AccessVerdict,
    /// What is allowed now and was not before.
    pub added: Vec<String>,
    /// What was allowed before and is no longer.
    pub removed: Vec<String>,
}
