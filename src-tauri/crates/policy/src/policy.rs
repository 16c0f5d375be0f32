//! A policy as it counts: gates, approval rules, freezes, and what an emergency may pass over.

pub use crate::rule::{
    Comparison, Consequence, Danger, DangerRule, ForecastRule, Gate, KINDS, MeasureRule, Rule,
    TestsRule, TicketRule, Without,
};

use crate::{authorize::Authorizer, freeze::Freeze, length::Length, scope::Applies};
use interlock_domain::{Digest, EnvironmentName};

/// A policy, checked. Equal when it was read from the same texts.
#[derive(Debug, Clone)]
pub struct Policy {
    /// File that it was read from, as the user gave it.
    pub file: String,
    /// Gates, in the order in which people read them.
    pub gates: Vec<Gate>,
    /// Who must approve when.
    pub approvals: Vec<Approvals>,
    /// Hours after which an approval counts no more; none when it always does.
    pub approvals_expire_hours: Option<u32>,
    /// Who cannot approve.
    pub exclusions: Exclusions,
    /// Freeze windows of the policy file and of the estate file.
    pub freezes: Vec<Freeze>,
    /// What an emergency may pass over.
    pub break_glass: BreakGlassRule,
    /// Who may do what.
    pub authorizer: Authorizer,
    /// The bytes that were read.
    pub bundle: Bundle,
}

/// The texts of a policy: what is kept by content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Text of `policy.toml`.
    pub policy: String,
    /// Text of the team's own Cedar policies; none where the built-in ones count.
    pub cedar: Option<String>,
}

impl Bundle {
    /// One document with both texts, for keeping.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(&serde_json::json!({
            "schema": "interlock/policy/v1",
            "policy": self.policy,
            "cedar": self.cedar,
        }))
        .expect("texts are plain JSON")
    }

    /// SHA-256 of the document.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_bytes())
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        self.bundle == other.bundle && self.file == other.file && self.freezes == other.freezes
    }
}

impl Eq for Policy {}

/// Who must approve when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approvals {
    /// Id, unique in the policy.
    pub id: String,
    /// Line of the policy file, from 1.
    pub line: u32,
    /// Where it applies.
    pub applies: Applies,
    /// When it applies: any of these.
    pub when: Vec<When>,
    /// Name for people.
    pub name: String,
    /// Groups, role words or persons.
    pub from: Vec<String>,
    /// How many; none stands for the number that the estate file asks for.
    pub count: Option<u32>,
    /// Least assurance of the key.
    pub assurance: u8,
}

/// When an approval rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// To every promotion.
    Always,
    /// When access is broadened, or it cannot be told.
    AccessBroadened,
    /// When a resource that keeps data is replaced or removed, or it cannot be told.
    StatefulLoss,
    /// When a change by hand is overwritten, or it cannot be told.
    DriftOverwritten,
    /// While a freeze holds.
    Freeze,
    /// When a waiver is used.
    Waiver,
    /// When the glass is broken.
    BreakGlass,
}

impl When {
    /// The word in the policy file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::AccessBroadened => "access-broadened",
            Self::StatefulLoss => "stateful-loss",
            Self::DriftOverwritten => "drift-overwritten",
            Self::Freeze => "freeze",
            Self::Waiver => "waiver",
            Self::BreakGlass => "break-glass",
        }
    }
}

/// Who cannot approve a promotion, and who can carry it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exclusions {
    /// Who wrote a part of it.
    pub author: bool,
    /// Who committed a part of it.
    pub committer: bool,
    /// Who merged it.
    pub merger: bool,
    /// Who asked for it.
    pub requester: bool,
    /// Who approved it does not carry it out.
    pub executor: bool,
    /// Who asked for it does not carry it out.
    pub requester_from_executing: bool,
}

impl Default for Exclusions {
    fn default() -> Self {
        Self {
            author: true,
            committer: true,
            merger: true,
            requester: true,
            executor: true,
            requester_from_executing: false,
        }
    }
}

/// What an emergency may pass over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlassRule {
    /// Kinds of gates.
    pub bypasses: Vec<String>,
    /// Within which time it must be reviewed.
    pub review_within: Length,
}

impl Policy {
    /// SHA-256 of the bytes that the policy was read from.
    pub fn digest(&self) -> Digest {
        self.bundle.digest()
    }

    /// Takes over the freezes that the estate file declares for an environment.
    pub fn with_freezes(mut self, environment: &EnvironmentName, freezes: &[Freeze]) -> Self {
        self.freezes.extend(freezes.iter().map(|freeze| Freeze {
            only_in: Some(environment.to_string()),
            ..freeze.clone()
        }));
        self
    }
}
