//! The file of policy cases as written.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// What a policy is expected to make of given facts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "policy-cases.toml")]
pub(super) struct RawCases {
    /// Cases.
    #[serde(default)]
    pub cases: Vec<RawCase>,
}

/// One case.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCase {
    /// What the case shows.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// Facts that are not in order; everything that is left out is.
    #[serde(default)]
    pub facts: RawFacts,
    /// Waivers.
    #[serde(default)]
    pub waivers: Vec<RawWaiver>,
    /// An emergency.
    pub break_glass: Option<RawBreakGlass>,
    /// What is expected.
    #[serde(default)]
    pub expect: RawExpect,
    /// Who may do what.
    #[serde(default)]
    pub may: Vec<RawMay>,
}

/// Facts; everything is known and in order unless it is said otherwise.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFacts {
    /// Now, RFC 3339; a Monday noon when left out.
    #[schemars(with = "Option<String>")]
    pub now: Option<Spanned<String>>,
    /// Service.
    pub service: Option<String>,
    /// Team.
    pub team: Option<String>,
    /// Environment that it comes from.
    pub from: Option<String>,
    /// Environment that it goes to.
    pub to: Option<String>,
    /// Tier of the environment that it goes to.
    pub tier: Option<RawTier>,
    /// Approvals that the estate file asks for.
    pub declared_approvals: Option<u32>,
    /// Whether the stacks of the source environment are stable.
    pub source_stable: Option<bool>,
    /// Whether the stacks of the target can be changed.
    pub target_ready: Option<bool>,
    /// Whether it comes from the environment before, exactly as it runs there.
    pub on_path: Option<bool>,
    /// Whether the quality gate passed.
    pub quality: Option<bool>,
    /// Measures by metric.
    #[serde(default)]
    pub measures: BTreeMap<String, RawMeasure>,
    /// New findings by severity.
    #[serde(default)]
    pub findings: BTreeMap<String, u32>,
    /// Tests.
    pub tests: Option<RawTests>,
    /// How long it has been in the source environment, such as `30h`.
    #[schemars(with = "Option<String>")]
    pub soak: Option<Spanned<String>>,
    /// How old all evidence is, such as `2d`.
    #[schemars(with = "Option<String>")]
    pub age: Option<Spanned<String>>,
    /// Resources that change, such as `Remove AWS::DynamoDB::Table`, with `True` or `Conditional`
    /// after the type for a replacement.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub changes: Vec<Spanned<String>>,
    /// Access that is broadened.
    #[serde(default)]
    pub access_broadened: Vec<String>,
    /// Changes by hand that are overwritten.
    #[serde(default)]
    pub drift_overwritten: Vec<String>,
    /// What AWS will reject.
    #[serde(default)]
    pub rejected: Vec<String>,
    /// References without a version.
    #[serde(default)]
    pub unpinned: Vec<String>,
    /// Messages of the commits.
    #[serde(default)]
    pub commits: Vec<String>,
    /// Comment of the request.
    #[serde(default)]
    pub comment: String,
    /// How long past promotions took, such as `12m`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub durations: Vec<Spanned<String>>,
    /// Facts that are not known: names of the keys above.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub unknown: Vec<Spanned<String>>,
    /// Facts that the estate declares no source for: names of the keys above.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub absent: Vec<Spanned<String>>,
}

/// The tier words.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawTier {
    /// Developers' own.
    Development,
    /// Where releases are proved.
    Test,
    /// Where customers are.
    Production,
}

/// A measure.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMeasure {
    /// Of what is promoted.
    pub value: f64,
    /// Of what the target runs; not known when left out.
    pub target: Option<f64>,
}

/// Tests of the build.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTests {
    /// Passed.
    #[serde(default)]
    pub passed: u32,
    /// Failed.
    #[serde(default)]
    pub failed: u32,
    /// Skipped.
    #[serde(default)]
    pub skipped: u32,
}

/// A waiver.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWaiver {
    /// Id of the gate's rule.
    pub rule: String,
    /// Who answers for it.
    #[serde(default = "somebody")]
    #[schemars(with = "Option<String>")]
    pub owner: String,
    /// Why.
    #[serde(default = "something")]
    #[schemars(with = "Option<String>")]
    pub reason: String,
    /// Until when, RFC 3339.
    #[schemars(with = "String")]
    pub expires: Spanned<String>,
}

fn somebody() -> String {
    "somebody".into()
}

fn something() -> String {
    "a reason".into()
}

/// An emergency.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBreakGlass {
    /// Why.
    pub reason: String,
    /// Incident.
    pub incident: String,
}

/// What is expected; what is left out is not looked at.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExpect {
    /// Verdicts by rule id: `pass`, `fail`, `unknown`, `waived`, `passed-over`, or `left-out`.
    #[serde(default)]
    pub verdicts: BTreeMap<String, Expected>,
    /// Whether the promotion must stop.
    pub blocks: Option<bool>,
    /// Approvals, such as `2 Release managers`, all of them.
    pub approvals: Option<Vec<String>>,
}

/// What is expected of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Expected {
    /// The rule holds.
    Pass,
    /// The rule is broken.
    Fail,
    /// It cannot be told.
    Unknown,
    /// It is not passed, and waived.
    Waived,
    /// It is not passed, and passed over in an emergency.
    PassedOver,
    /// There is no verdict.
    LeftOut,
}

impl Expected {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Waived => "waived",
            Self::PassedOver => "passed-over",
            Self::LeftOut => "left-out",
        }
    }
}

/// Whether somebody may do something.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMay {
    /// What.
    pub action: RawAction,
    /// Role of the person.
    pub role: RawRole,
    /// Groups of the person.
    #[serde(default)]
    pub groups: Vec<String>,
    /// How the person stands to it: any of `author`, `committer`, `merger`, `requester`,
    /// `approver`, `disabled`.
    #[serde(default)]
    pub is: Vec<RawStanding>,
    /// Approvals that are missing.
    #[serde(default)]
    pub approvals_missing: u32,
    /// Whether it is allowed.
    pub allowed: bool,
}

/// Actions.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawAction {
    /// Ask for approval.
    Request,
    /// Approve.
    Approve,
    /// Reject.
    Reject,
    /// Give it up.
    Withdraw,
    /// Carry it out.
    Execute,
    /// Waive a gate.
    Waive,
    /// Declare an emergency.
    BreakGlass,
    /// Say what was found about an emergency.
    Review,
}

/// Roles.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawRole {
    /// Developer.
    Developer,
    /// Lead.
    Lead,
    /// Release manager.
    ReleaseManager,
}

/// How a person stands to a promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawStanding {
    /// Wrote a part of it.
    Author,
    /// Committed a part of it.
    Committer,
    /// Merged it.
    Merger,
    /// Asked for it.
    Requester,
    /// Approved it.
    Approver,
    /// Is disabled.
    Disabled,
}
