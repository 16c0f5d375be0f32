//! The gates of a policy file as written: one struct a kind, before any check.

use super::words::{DangerWord, ForecastWord, Op, Place, Report, Severity, ThenWord, WithoutWord};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Gates, by kind.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGates {
    /// The stacks of the source environment are stable.
    #[serde(default)]
    pub source_stable: Vec<RawPlain>,
    /// The stacks of the target can be changed.
    #[serde(default)]
    pub target_ready: Vec<RawPlain>,
    /// It comes from the environment before, exactly as it runs there.
    #[serde(default)]
    pub path: Vec<RawPlain>,
    /// The quality gate of SonarQube passed for the commit.
    #[serde(default)]
    pub quality: Vec<RawQuality>,
    /// A measure of SonarQube keeps a bound, or does not get worse.
    #[serde(default)]
    pub measure: Vec<RawMeasure>,
    /// Not more new findings than allowed.
    #[serde(default)]
    pub findings: Vec<RawFindings>,
    /// The build of the commit succeeded, with its tests.
    #[serde(default)]
    pub tests: Vec<RawTests>,
    /// It ran long enough in the environment before.
    #[serde(default)]
    pub soak: Vec<RawSoak>,
    /// Dangers that change sets announce.
    #[serde(default)]
    pub danger: Vec<RawDanger>,
    /// References in templates are resolved with a version.
    #[serde(default)]
    pub pinned: Vec<RawPinned>,
    /// Not too much at once.
    #[serde(default)]
    pub size: Vec<RawSize>,
    /// A ticket is named.
    #[serde(default)]
    pub ticket: Vec<RawTicket>,
    /// No freeze holds. Freezes always count; an entry says how the forecast is taken.
    #[serde(default)]
    pub freeze: Vec<RawFreezeGate>,
}

/// What every gate has.
#[derive(Debug)]
pub(super) struct Common<'r> {
    pub id: &'r Spanned<String>,
    pub name: Option<&'r str>,
    pub environments: &'r [Spanned<String>],
    pub services: &'r [String],
    pub teams: &'r [String],
    pub max_age: Option<&'r Spanned<String>>,
    pub waivable: Option<&'r Spanned<bool>>,
}

macro_rules! gate {
    ($(#[$doc:meta])* $table:ident { $($(#[$about:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $table {
            /// Id of the rule, unique in the file; waivers and records name it.
            #[schemars(with = "String")]
            pub id: Spanned<String>,
            /// Name for people.
            pub name: Option<String>,
            /// Environments that it applies to: names, patterns with `*`, or tiers; all when left out.
            #[serde(default)]
            #[schemars(with = "Vec<String>")]
            pub environments: Vec<Spanned<String>>,
            /// Services that it applies to, with `*`; all when left out.
            #[serde(default)]
            pub services: Vec<String>,
            /// Teams that it applies to, with `*`; all when left out.
            #[serde(default)]
            pub teams: Vec<String>,
            /// How old its evidence may be, such as `7d`; older evidence cannot tell.
            #[schemars(with = "Option<String>")]
            pub max_age: Option<Spanned<String>>,
            /// Whether a waiver counts for it.
            #[schemars(with = "Option<bool>")]
            pub waivable: Option<Spanned<bool>>,
            $($(#[$about])* pub $field: $kind,)*
        }

        impl $table {
            pub fn common(&self) -> Common<'_> {
                Common {
                    id: &self.id,
                    name: self.name.as_deref(),
                    environments: &self.environments,
                    services: &self.services,
                    teams: &self.teams,
                    max_age: self.max_age.as_ref(),
                    waivable: self.waivable.as_ref(),
                }
            }
        }
    };
}

gate! {
    /// A gate without settings of its own.
    RawPlain {}
}

gate! {
    /// The quality gate.
    RawQuality {
        /// For a service without a SonarQube project: `unknown` (it fails) or `leave-out`.
        #[serde(default)]
        without: WithoutWord,
    }
}

gate! {
    /// A measure.
    RawMeasure {
        /// Metric key of SonarQube, such as `coverage`.
        metric: String,
        /// How the value is compared.
        op: Option<Op>,
        /// The bound.
        #[schemars(with = "Option<f64>")]
        value: Option<Spanned<f64>>,
        /// How much worse than in the target it may be.
        #[schemars(with = "Option<f64>")]
        max_drop: Option<Spanned<f64>>,
        /// For a service without a SonarQube project: `unknown` (it fails) or `leave-out`.
        #[serde(default)]
        without: WithoutWord,
    }
}

gate! {
    /// New findings.
    RawFindings {
        /// The most findings of a severity that the target does not have.
        #[schemars(with = "BTreeMap<Severity, u32>")]
        max_new: BTreeMap<Severity, u32>,
        /// For a service without a SonarQube project: `unknown` (it fails) or `leave-out`.
        #[serde(default)]
        without: WithoutWord,
    }
}

gate! {
    /// Build and tests.
    RawTests {
        /// Whether the build needs a test report: `required` or `optional`.
        #[serde(default)]
        report: Report,
        /// The fewest tests that passed.
        at_least: Option<u32>,
        /// The most tests that were skipped.
        max_skipped: Option<u32>,
        /// For a service without a build job: `unknown` (it fails) or `leave-out`.
        #[serde(default)]
        without: WithoutWord,
    }
}

gate! {
    /// Time in the environment before.
    RawSoak {
        /// How long, such as `24h`.
        #[schemars(with = "String")]
        time: Spanned<String>,
    }
}

gate! {
    /// A danger.
    RawDanger {
        /// Which danger.
        of: DangerWord,
        /// What follows: `fail`, `require-approval` or `allow`.
        #[schemars(with = "ThenWord")]
        then: Spanned<ThenWord>,
        /// Who must approve, with `then = "require-approval"`.
        approval: Option<RawApproval>,
        /// Whether a replacement that AWS calls conditional is let through; it cannot be told
        /// otherwise.
        #[serde(default)]
        allow_conditional: bool,
        /// For a deploy job: `unknown` (it fails) or `leave-out`.
        #[serde(default)]
        without: WithoutWord,
    }
}

gate! {
    /// Content that is pinned.
    RawPinned {
        /// For a deploy job: `unknown` (it fails) or `leave-out`.
        #[serde(default)]
        without: WithoutWord,
    }
}

gate! {
    /// Size of a change.
    RawSize {
        /// The most resources that change.
        max_resources: Option<u32>,
        /// The most commits.
        max_commits: Option<u32>,
        /// For a service without what is counted: `unknown` (it fails) or `leave-out`.
        #[serde(default)]
        without: WithoutWord,
    }
}

gate! {
    /// A ticket.
    RawTicket {
        /// Patterns: `#` is a digit, `*` any run of letters and digits, such as `RITM#######`.
        #[schemars(with = "Vec<String>")]
        patterns: Vec<Spanned<String>>,
        /// Where it may stand; in both when left out.
        #[serde(default)]
        places: Vec<Place>,
        /// Whether every commit must name one.
        #[serde(default)]
        every_commit: bool,
    }
}

gate! {
    /// Freezes.
    RawFreezeGate {
        /// What to do when it would still run when a freeze begins: `off`, `warn` or `fail`.
        #[serde(default)]
        forecast: ForecastWord,
        /// How long to assume that it takes while nothing is known of the past, such as `30m`.
        #[schemars(with = "Option<String>")]
        assume: Option<Spanned<String>>,
    }
}

/// Who must approve a danger.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawApproval {
    /// Name for people.
    pub name: String,
    /// Groups, role words or person ids; anybody when left out.
    #[serde(default)]
    pub from: Vec<String>,
    /// How many.
    #[serde(default = "one")]
    #[schemars(with = "Option<u32>")]
    pub count: u32,
    /// Least assurance of the key.
    #[serde(default)]
    pub assurance: u8,
}

fn one() -> u32 {
    1
}
