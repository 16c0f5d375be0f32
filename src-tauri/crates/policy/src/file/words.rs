//! The words of a policy file, and what they mean.

use crate::policy::{Comparison, Danger, ForecastRule, When, Without};
use schemars::JsonSchema;
use serde::Deserialize;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $word:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
        pub(super) enum $name {
            $($(#[$about])* #[serde(rename = $text)] $word,)*
        }
    };
}

words! {
    /// What counts where there is no such source.
    WithoutWord {
        /// It cannot be told, and fails.
        Unknown = "unknown",
        /// The gate is left out.
        LeaveOut = "leave-out",
    }
}

words! {
    /// How a value is compared.
    Op {
        /// At least.
        AtLeast = ">=",
        /// Above.
        Above = ">",
        /// At most.
        AtMost = "<=",
        /// Below.
        Below = "<",
        /// Equal.
        Equal = "==",
    }
}

words! {
    /// Severities of findings.
    Severity {
        /// Blocker.
        Blocker = "blocker",
        /// Critical.
        Critical = "critical",
        /// High.
        High = "high",
        /// Major.
        Major = "major",
        /// Medium.
        Medium = "medium",
        /// Minor.
        Minor = "minor",
        /// Low.
        Low = "low",
        /// For information.
        Info = "info",
    }
}

words! {
    /// Whether there must be a test report.
    Report {
        /// There must.
        Required = "required",
        /// There need not.
        Optional = "optional",
    }
}

words! {
    /// Dangers.
    DangerWord {
        /// A resource that keeps data is replaced or removed.
        StatefulLoss = "stateful-loss",
        /// Access is broadened.
        AccessBroadened = "access-broadened",
        /// A change by hand is overwritten.
        DriftOverwritten = "drift-overwritten",
        /// AWS will reject it.
        WillBeRejected = "will-be-rejected",
    }
}

words! {
    /// What follows from a danger.
    ThenWord {
        /// The gate fails.
        Fail = "fail",
        /// Somebody must approve it.
        RequireApproval = "require-approval",
        /// It is only told.
        Allow = "allow",
    }
}

words! {
    /// Where a ticket may stand.
    Place {
        /// In the comment of the request.
        Comment = "comment",
        /// In the messages of the commits.
        Commits = "commits",
    }
}

words! {
    /// What to do with a forecast.
    ForecastWord {
        /// Nothing.
        Off = "off",
        /// It is told.
        Warn = "warn",
        /// The gate fails.
        Fail = "fail",
    }
}

words! {
    /// When an approval rule applies.
    WhenWord {
        /// To every promotion.
        Always = "always",
        /// When access is broadened.
        AccessBroadened = "access-broadened",
        /// When a resource that keeps data is replaced or removed.
        StatefulLoss = "stateful-loss",
        /// When a change by hand is overwritten.
        DriftOverwritten = "drift-overwritten",
        /// While a freeze holds.
        Freeze = "freeze",
        /// When a waiver is used.
        Waiver = "waiver",
        /// When the glass is broken.
        BreakGlass = "break-glass",
    }
}

words! {
    /// Whether somebody cannot approve.
    Excluded {
        /// Cannot.
        Excluded = "excluded",
        /// Can.
        MayApprove = "may-approve",
    }
}

words! {
    /// Whether something is allowed.
    Allowed {
        /// It is.
        Allowed = "allowed",
        /// It is not.
        Forbidden = "forbidden",
    }
}

macro_rules! default {
    ($($name:ident::$word:ident),*) => {
        $(impl Default for $name {
            fn default() -> Self {
                Self::$word
            }
        })*
    };
}

default!(
    WithoutWord::Unknown,
    Report::Required,
    ForecastWord::Off,
    Excluded::Excluded,
    Allowed::Allowed
);

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::Critical => "critical",
            Self::High => "high",
            Self::Major => "major",
            Self::Medium => "medium",
            Self::Minor => "minor",
            Self::Low => "low",
            Self::Info => "info",
        }
    }
}

impl From<WithoutWord> for Without {
    fn from(word: WithoutWord) -> Self {
        match word {
            WithoutWord::Unknown => Self::Unknown,
            WithoutWord::LeaveOut => Self::LeaveOut,
        }
    }
}

impl From<Op> for Comparison {
    fn from(op: Op) -> Self {
        match op {
            Op::AtLeast => Self::AtLeast,
            Op::Above => Self::Above,
            Op::AtMost => Self::AtMost,
            Op::Below => Self::Below,
            Op::Equal => Self::Equal,
        }
    }
}

impl From<DangerWord> for Danger {
    fn from(word: DangerWord) -> Self {
        match word {
            DangerWord::StatefulLoss => Self::StatefulLoss,
            DangerWord::AccessBroadened => Self::AccessBroadened,
            DangerWord::DriftOverwritten => Self::DriftOverwritten,
            DangerWord::WillBeRejected => Self::WillBeRejected,
        }
    }
}

impl From<ForecastWord> for ForecastRule {
    fn from(word: ForecastWord) -> Self {
        match word {
            ForecastWord::Off => Self::Off,
            ForecastWord::Warn => Self::Warn,
            ForecastWord::Fail => Self::Fail,
        }
    }
}

impl From<WhenWord> for When {
    fn from(word: WhenWord) -> Self {
        match word {
            WhenWord::Always => Self::Always,
            WhenWord::AccessBroadened => Self::AccessBroadened,
            WhenWord::StatefulLoss => Self::StatefulLoss,
            WhenWord::DriftOverwritten => Self::DriftOverwritten,
            WhenWord::Freeze => Self::Freeze,
            WhenWord::Waiver => Self::Waiver,
            WhenWord::BreakGlass => Self::BreakGlass,
        }
    }
}
