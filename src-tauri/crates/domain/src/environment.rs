//! Environments and the scopes that they span.

use crate::ids::{AccountId, EnvironmentName, Region};
use serde::{Deserialize, Serialize};

/// How much care an environment asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Developers' own.
    Development,
    /// Where releases are proved.
    Test,
    /// Where customers are.
    Production,
}

impl Tier {
    /// The word in the estate file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
            Self::Production => "production",
        }
    }
}

/// An environment: an AWS account and the regions in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Its name.
    pub name: EnvironmentName,
    /// Its tier.
    pub tier: Tier,
    /// Its account.
    pub account: AccountId,
    /// Its regions, in file order; never empty.
    pub regions: Vec<Region>,
}

/// One account in one region: what a call to AWS reaches.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Scope {
    /// Environment that owns the account.
    pub environment: EnvironmentName,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.environment, self.region)
    }
}

impl Environment {
    /// The scopes of this environment, one a region.
    pub fn scopes(&self) -> Vec<Scope> {
        self.regions
            .iter()
            .map(|region| Scope {
                environment: self.name.clone(),
                account: self.account.clone(),
                region: region.clone(),
            })
            .collect()
    }
}
