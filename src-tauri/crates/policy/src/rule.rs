//! Gates of a policy: what must hold, and where.

use crate::{length::Length, number::Number, scope::Applies};
use interlock_domain::approval_rule::ApprovalRule;
use std::collections::BTreeMap;

/// One gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Id, unique in the policy.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Line of the policy file, from 1.
    pub line: u32,
    /// Where it applies.
    pub applies: Applies,
    /// What must hold.
    pub rule: Rule,
    /// How old its evidence may be.
    pub max_age: Option<Length>,
    /// Whether a waiver counts for it.
    pub waivable: bool,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The source environment's stacks are stable.
    SourceStable,
    /// The target's stacks can be changed.
    TargetReady,
    /// It comes from the environment before, exactly as it runs there.
    Path,
    /// SonarQube's gate passed for the commit.
    Quality {
        /// For a service without a project.
        without: Without,
    },
    /// A measure keeps a bound, or does not get worse.
    Measure(MeasureRule),
    /// Not more new findings than these, by severity.
    Findings {
        /// The most, by severity.
        max_new: BTreeMap<String, u32>,
        /// For a service without a project.
        without: Without,
    },
    /// The build of the commit succeeded, with its tests.
    Tests(TestsRule),
    /// It ran long enough in the environment before.
    Soak {
        /// How long.
        time: Length,
    },
    /// A danger that the change sets announce.
    Danger(DangerRule),
    /// References are resolved with a version.
    Pinned {
        /// For a deploy job.
        without: Without,
    },
    /// Not too much at once.
    Size {
        /// The most resources that change.
        max_resources: Option<u32>,
        /// The most commits.
        max_commits: Option<u32>,
        /// For a service without what is counted.
        without: Without,
    },
    /// A ticket is named.
    Ticket(TicketRule),
    /// No freeze holds.
    Freeze {
        /// What to do when it would still run when a freeze begins.
        forecast: ForecastRule,
        /// How long to assume that it takes while nothing is known of the past.
        assume: Option<Length>,
    },
}

/// What counts where the estate declares no such source for a service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Without {
    /// It cannot be told, and fails.
    #[default]
    Unknown,
    /// The gate is left out.
    LeaveOut,
}

/// A measure keeps a bound, or does not get worse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureRule {
    /// Metric key.
    pub metric: String,
    /// Comparison and bound.
    pub bound: Option<(Comparison, Number)>,
    /// How much worse than in the target it may be.
    pub max_drop: Option<Number>,
    /// Whether less is better.
    pub less_is_better: bool,
    /// For a service without a project.
    pub without: Without,
}

/// How a value is compared with its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `==`
    Equal,
}

impl Comparison {
    /// Whether it holds.
    pub fn holds(self, value: Number, bound: Number) -> bool {
        match self {
            Self::AtLeast => value >= bound,
            Self::Above => value > bound,
            Self::AtMost => value <= bound,
            Self::Below => value < bound,
            Self::Equal => value == bound,
        }
    }

    /// The sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::Above => ">",
            Self::AtMost => "<=",
            Self::Below => "<",
            Self::Equal => "==",
        }
    }
}

/// The build of the commit succeeded, with its tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestsRule {
    /// Whether a report is required.
    pub report: bool,
    /// The fewest tests that passed.
    pub at_least: Option<u32>,
    /// The most that were skipped.
    pub max_skipped: Option<u32>,
    /// For a service without a build job.
    pub without: Without,
}

/// A danger, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DangerRule {
    /// Which.
    pub of: Danger,
    /// What follows.
    pub then: Consequence,
    /// Whether a replacement that AWS calls conditional counts as one that cannot be told.
    pub conditional_counts: bool,
    /// For a deploy job.
    pub without: Without,
}

/// What change sets can announce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// A resource that keeps data is replaced or removed.
    StatefulLoss,
    /// Access is broadened.
    AccessBroadened,
    /// A change by hand is overwritten.
    DriftOverwritten,
    /// AWS will reject it.
    WillBeRejected,
}

impl Danger {
    /// The word in the policy file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::StatefulLoss => "stateful-loss",
            Self::AccessBroadened => "access-broadened",
            Self::DriftOverwritten => "drift-overwritten",
            Self::WillBeRejected => "will-be-rejected",
        }
    }
}

/// What follows from a danger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consequence {
    /// The gate fails.
    Fail,
    /// Somebody must approve it.
    RequireApproval(ApprovalRule),
    /// It is only told.
    Allow,
}

/// A ticket is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRule {
    /// Patterns: `#` is a digit, `*` any run of letters and digits.
    pub patterns: Vec<String>,
    /// Whether the comment counts.
    pub in_comment: bool,
    /// Whether commits count.
    pub in_commits: bool,
    /// Whether every commit must name one.
    pub every_commit: bool,
}

/// What to do when a promotion would still run when a freeze begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ForecastRule {
    /// Nothing is told.
    #[default]
    Off,
    /// It is told.
    Warn,
    /// The gate fails.
    Fail,
}

impl Rule {
    /// The word for this kind of gate in the policy file.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SourceStable => "source_stable",
            Self::TargetReady => "target_ready",
            Self::Path => "path",
            Self::Quality { .. } => "quality",
            Self::Measure(_) => "measure",
            Self::Findings { .. } => "findings",
            Self::Tests(_) => "tests",
            Self::Soak { .. } => "soak",
            Self::Danger(_) => "danger",
            Self::Pinned { .. } => "pinned",
            Self::Size { .. } => "size",
            Self::Ticket(_) => "ticket",
            Self::Freeze { .. } => "freeze",
        }
    }

    /// Whether it tells what the target is and what is done to it: where that is not known,
    /// neither a waiver nor an emergency helps.
    pub const fn is_about_target(&self) -> bool {
        matches!(self, Self::TargetReady | Self::Path | Self::Danger(_))
    }
}

/// The kinds of gates, in the order in which people read their verdicts.
pub const KINDS: [&str; 13] = [
    "source_stable",
    "target_ready",
    "path",
    "quality",
    "measure",
    "findings",
    "tests",
    "soak",
    "danger",
    "pinned",
    "size",
    "ticket",
    "freeze",
];
