//! Where the ledger is kept, and what the estate file wants its roster to be.
//!
//! The file only wishes: who may sign is what the roster in the log says. It holds public keys, and
//! nothing that opens anything.

use interlock_domain::{AccountId, PersonId, Region};
use interlock_ledger::key::PublicKey;

/// Where the log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerPlace {
    /// A file of this machine.
    Machine {
        /// Name of the log.
        log: String,
    },
    /// A bucket that a team shares.
    Team {
        /// Name of the log.
        log: String,
        /// The bucket.
        bucket: Bucket,
    },
}

/// A bucket, and the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Name.
    pub name: String,
    /// Account that owns it.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// AWS profile to start from.
    pub profile: Option<String>,
    /// Role to assume.
    pub role: Option<String>,
    /// Address that replaces AWS's own.
    pub endpoint: Option<String>,
    /// For how many days nobody may be able to remove an entry.
    pub retention_days: u32,
}

/// Who signs for rosters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administration {
    /// Administrators.
    pub people: Vec<PersonId>,
    /// How many of them have to sign.
    pub threshold: u32,
    /// Whether they may decide on promotions as well.
    pub decide: bool,
}

/// What the file says of a person's place in the roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enrolment {
    /// Keys; none when the file leaves them as they are.
    pub keys: Option<Vec<PublicKey>>,
    /// Groups; none when the file leaves them as they are.
    pub groups: Option<Vec<String>>,
}

impl LedgerPlace {
    /// Name of the log.
    pub fn log(&self) -> &str {
        match self {
            Self::Machine { log } | Self::Team { log, .. } => log,
        }
    }

    /// Whether a team shares it.
    pub const fn is_shared(&self) -> bool {
        matches!(self, Self::Team { .. })
    }
}
