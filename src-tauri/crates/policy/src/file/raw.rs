//! The policy file as written: one struct a table, before any check.

use super::{
    raw_gates::RawGates,
    words::{Allowed, Excluded, WhenWord},
};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// What must hold before a promotion goes on, and who must approve it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "policy.toml")]
pub(super) struct RawPolicy {
    /// Name of the policy, for people.
    #[expect(dead_code, reason = "for whoever reads the file")]
    pub name: Option<String>,
    /// File with the team's own Cedar policies, beside this one; the built-in ones when left out.
    #[schemars(with = "Option<String>")]
    pub cedar: Option<Spanned<String>>,
    /// What must hold.
    #[serde(default)]
    pub gates: RawGates,
    /// Who must approve when. Without an entry that always applies, the number of approvals that
    /// the estate file asks for counts.
    #[serde(default)]
    pub approvals: Vec<RawApprovals>,
    /// How long an approval counts, in whole hours, such as `72h`; for ever when left out.
    #[schemars(with = "Option<String>")]
    pub approvals_expire_after: Option<Spanned<String>>,
    /// Who cannot approve; everybody named here is excluded when left out.
    #[serde(default)]
    pub exclusions: RawExclusions,
    /// Freeze windows, beside those of the estate file.
    #[serde(default)]
    pub freezes: Vec<RawFreeze>,
    /// What an emergency may pass over.
    pub break_glass: Option<RawBreakGlass>,
}

/// An approval rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawApprovals {
    /// Id of the rule, unique in the file.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// Name for people; the id when left out.
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
    /// When it applies: any of these; always when left out.
    #[serde(default)]
    pub when: Vec<WhenWord>,
    /// Groups, role words or person ids; anybody when left out.
    #[serde(default)]
    pub from: Vec<String>,
    /// How many, or `estate` for the number that the estate file asks for.
    #[schemars(with = "RawCount")]
    pub count: Spanned<RawCount>,
    /// Least assurance of the key.
    #[serde(default)]
    pub assurance: u8,
}

/// How many approvals.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum RawCount {
    /// So many.
    Number(u32),
    /// As the estate file says.
    Word(String),
}

/// Who cannot approve: `excluded` or `may-approve`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExclusions {
    /// Who wrote a part of it.
    #[serde(default)]
    pub author: Excluded,
    /// Who committed a part of it.
    #[serde(default)]
    pub committer: Excluded,
    /// Who merged it.
    #[serde(default)]
    pub merger: Excluded,
    /// Who asked for it.
    #[serde(default)]
    pub requester: Excluded,
    /// Who carries it out.
    #[serde(default)]
    pub executor: Excluded,
    /// Whether who asked for it may carry it out: `allowed` or `forbidden`.
    #[serde(default)]
    pub executor_may_be_requester: Allowed,
}

/// A freeze window: weekly, monthly, or once from a time to a time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFreeze {
    /// Name for people.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
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
    /// Every week: days and times, such as `Fri 18:00`.
    pub weekly: Option<RawSpan>,
    /// Every month: day numbers, `last` or `last-2`, and times, such as `last 00:00`.
    pub monthly: Option<RawSpan>,
    /// Zone of the wall clock, such as `America/Bogota`; UTC when left out.
    #[schemars(with = "Option<String>")]
    pub zone: Option<Spanned<String>>,
    /// Start of a single freeze, RFC 3339.
    #[schemars(with = "Option<String>")]
    pub from: Option<Spanned<String>>,
    /// End of a single freeze, RFC 3339.
    #[schemars(with = "Option<String>")]
    pub to: Option<Spanned<String>>,
    /// Days on which it does not hold, such as `2026-12-19`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub except: Vec<Spanned<String>>,
}

/// Ends of a freeze that comes back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSpan {
    /// When it begins.
    #[schemars(with = "String")]
    pub from: Spanned<String>,
    /// When it ends.
    #[schemars(with = "String")]
    pub to: Spanned<String>,
}

/// What an emergency may pass over.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBreakGlass {
    /// Kinds of gates, such as `freeze` and `soak`.
    #[schemars(with = "Vec<String>")]
    pub bypasses: Vec<Spanned<String>>,
    /// Within which time it must be reviewed, such as `24h`.
    #[schemars(with = "Option<String>")]
    pub review_within: Option<Spanned<String>>,
}
