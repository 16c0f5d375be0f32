//! Promotions: inbox, drawer, decisions.

use crate::{
    Instant, Tone,
    audit::AuditEntryView,
    diff::{DangerRow, SecurityVerdict},
    drift::DriftKnownView,
    lifted::{EmergencyView, OwnerView, VoidedView, WaiverView, WithdrawnView},
    overview::CommitView,
    run::RunView,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PromotionsView {
    /// Newest first within each group.
    pub promotions: Vec<PromotionSummaryView>,
    /// How many need me.
    pub needs_me: u32,
}

/// Which part of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum InboxGroup {
    /// I can do the next thing.
    NeedsMe,
    /// Somebody or something else has to.
    Waiting,
    /// Over.
    Done,
}

/// One line of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PromotionSummaryView {
    /// Id such as `PR-7K2M9Q`.
    pub id: String,
    /// Its services in a few words, such as `payments-api` or `payments-api and 2 more`.
    pub title: String,
    /// Services in the order in which they are delivered.
    pub services: Vec<String>,
    /// From environment.
    pub from: String,
    /// To environment.
    pub to: String,
    /// Version that it brings; none where it brings several services.
    pub version: Option<String>,
    /// `cloudformation`, `jenkins` or `both`.
    pub via: String,
    /// State word: draft, waiting for approval, approved, running, outcome unknown, applied, verified, failed, rejected, voided, abandoned.
    pub state: String,
    /// Tone of the state.
    pub tone: Tone,
    /// Who asked.
    pub requested_by: String,
    /// When it was begun.
    pub created_at: Instant,
    /// Last entry's time.
    pub updated_at: Instant,
    /// First twelve hex digits of the manifest digest, in groups of four.
    pub digest_short: String,
    /// What it waits for, in words.
    pub waiting_on: Option<String>,
    /// Inbox group for me.
    pub group: InboxGroup,
    /// The mark of a broken glass; it stays for ever.
    pub emergency: Option<EmergencyView>,
}

/// Whom or what a promotion is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PromotionRequest {
    /// Promotion id.
    pub id: String,
}

/// Ask for a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PrepareRequest {
    /// Services; they go together, in the order in which they depend on each other.
    pub services: Vec<String>,
    /// Environment to bring them into.
    pub to: String,
}

/// A decision about exactly one digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DecisionRequest {
    /// Promotion id.
    pub id: String,
    /// The full manifest digest that the person has seen.
    pub digest: String,
    /// Comment; required to reject.
    pub comment: String,
}

/// The drawer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PromotionView {
    /// The inbox line.
    pub summary: PromotionSummaryView,
    /// Full SHA-256 of the manifest, lower-case hex.
    pub digest: String,
    /// What is in the manifest, for reading.
    pub elements: Vec<ManifestElementView>,
    /// The manifest's exact bytes as text.
    pub manifest: String,
    /// What it brings, service by service, in the order of delivery.
    pub services: Vec<PromotedServiceView>,
    /// What AWS says it would do.
    pub change_sets: Vec<ChangeSetView>,
    /// Why there is nothing to see yet.
    pub change_note: Option<String>,
    /// Verdicts of every gate.
    pub gates: Vec<VerdictView>,
    /// Approvals that are needed.
    pub approvals_needed: u32,
    /// Approvals that count.
    pub approvals_have: u32,
    /// Everybody involved.
    pub people: Vec<ParticipantView>,
    /// Hours for which an approval counts; none when it does not expire.
    pub approvals_expire_hours: Option<u32>,
    /// Gates that somebody answers for.
    pub waivers: Vec<WaiverView>,
    /// Who can answer for a gate.
    pub owners: Vec<OwnerView>,
    /// Why it is a draft again, when who asked took that back.
    pub withdrawn: Option<WithdrawnView>,
    /// Set when an earlier approval was voided.
    pub voided: Option<VoidedView>,
    /// What I can do, and why not.
    pub actions: Vec<ActionView>,
    /// The run, once there is one.
    pub run: Option<RunView>,
    /// Every ledger entry about it, oldest first.
    pub record: Vec<AuditEntryView>,
}

/// One service of a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PromotedServiceView {
    /// Service.
    pub service: String,
    /// Version that it brings.
    pub version: Option<String>,
    /// Commit that it brings.
    pub commit: Option<String>,
    /// `cloudformation` or `jenkins`.
    pub via: String,
    /// Services that are delivered before it because it depends on them.
    pub after: Vec<String>,
    /// Stacks that it changes or may change.
    pub stacks: Vec<String>,
    /// What a deploy job does, in a sentence; none for change sets, which tell it themselves.
    pub note: Option<String>,
    /// Commits that it brings.
    pub commits: Vec<CommitView>,
    /// Why commits are absent or cut.
    pub commits_note: Option<String>,
    /// What is not known of who wrote and merged it.
    pub origin_note: Option<String>,
}

/// One element of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ManifestElementView {
    /// Group such as a stack name.
    pub group: String,
    /// Element name.
    pub name: String,
    /// Value or digest.
    pub value: String,
}

/// A change set of AWS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeSetView {
    /// Service.
    pub service: String,
    /// Stack name.
    pub stack: String,
    /// Account.
    pub account: String,
    /// Region.
    pub region: String,
    /// Change-set name.
    pub name: String,
    /// AWS's status words.
    pub status: String,
    /// Tone of the status.
    pub tone: Tone,
    /// AWS's reason.
    pub reason: Option<String>,
    /// Whether AWS found nothing to do.
    pub empty: bool,
    /// Resource changes; those of a nested stack follow the row of that stack.
    pub changes: Vec<ResourceChangeView>,
    /// Nested stacks that AWS lists although nothing in them changes.
    pub folded: Vec<String>,
    /// What checks and hooks of AWS found.
    pub problems: Vec<ChangeSetProblemView>,
    /// What was changed by hand in the stack, and what the deployment does to it.
    pub drift: Vec<DriftRowView>,
    /// Whether the stack is known to have drifted, and how old that is; none when it is to be
    /// created, and for a change set of the past.
    pub drift_known: Option<DriftKnownView>,
    /// Whether the change set puts back what was changed by hand.
    pub reverts_drift: bool,
    /// Our own judgement beside AWS's; none when it could not be made.
    pub judgement: Option<JudgementView>,
    /// Why there is no judgement.
    pub judgement_note: Option<String>,
}

/// Something that AWS found wrong with a change set before it is executed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeSetProblemView {
    /// Whether it stops the change set, or only warns.
    pub fails: bool,
    /// The check or hook.
    pub name: String,
    /// Why, in AWS's words.
    pub reason: String,
    /// The resource that it names.
    pub logical_id: Option<String>,
    /// The place in it.
    pub path: Option<String>,
}

/// One property that was changed by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DriftRowView {
    /// Logical id.
    pub logical_id: String,
    /// JSON pointer into the resource; empty when the resource itself was deleted.
    pub path: String,
    /// As it is.
    pub live: Option<String>,
    /// As deployed last.
    pub deployed: Option<String>,
    /// As the change set would have it.
    pub after: Option<String>,
    /// What the deployment does to it, in words.
    pub fate: String,
    /// Tone of that.
    pub tone: Tone,
    /// When the live value was seen.
    pub at: Option<Instant>,
}

/// How a prediction and AWS stand to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AgreementName {
    /// Both say the same.
    Agree,
    /// They do not contradict, and the prediction is more exact.
    WeKnowMore,
    /// They do not contradict, and AWS is more exact.
    AwsKnowsMore,
    /// They cannot both be right.
    Disagree,
}

/// Our own judgement of a change set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JudgementView {
    /// The worst of all rows.
    pub agreement: AgreementName,
    /// One sentence on how prediction and change set agree.
    pub text: String,
    /// Rows on which both say the same.
    pub agree: u32,
    /// Rows that either names.
    pub rows: Vec<ReconciledRowView>,
    /// What to decide before anything else, the worst first.
    pub dangers: Vec<DangerRow>,
    /// How the access that the stack gives changes; none when nothing in it gives access.
    pub security: Option<SecurityVerdict>,
    /// What is allowed then and is not now, in words.
    pub access_added: Vec<String>,
    /// What is allowed now and then no longer, in words.
    pub access_removed: Vec<String>,
}

/// One resource as predicted and as AWS announces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReconciledRowView {
    /// Nested stacks that it is in, the outermost first.
    pub nested_in: Vec<String>,
    /// Logical id.
    pub logical_id: String,
    /// Type.
    pub resource_type: String,
    /// The predicted impact in words; none when nothing was predicted.
    pub impact: Option<String>,
    /// Whether AWS announces it.
    pub announced: bool,
    /// How the two stand.
    pub agreement: AgreementName,
    /// Why, a sentence each; empty where both say the same.
    pub findings: Vec<String>,
}

/// What AWS would do to one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResourceChangeView {
    /// Nested stacks that it is in, the outermost first.
    pub nested_in: Vec<String>,
    /// AWS's word: Add, Modify, Remove, Import, Dynamic.
    pub action: String,
    /// Logical id.
    pub logical_id: String,
    /// Physical id.
    pub physical_id: Option<String>,
    /// Resource type.
    pub resource_type: String,
    /// AWS's word: True, False, Conditional; none when not applicable.
    pub replacement: Option<String>,
    /// Impact in words: added, changes in place, may be replaced, replaced, removed.
    pub impact: String,
    /// Tone of the impact.
    pub tone: Tone,
    /// Properties.
    pub details: Vec<ResourceChangeDetailView>,
}

/// One property that AWS would touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResourceChangeDetailView {
    /// Property path.
    pub path: String,
    /// Before, when AWS says so.
    pub before: Option<String>,
    /// After, when AWS says so.
    pub after: Option<String>,
    /// Cause in words.
    pub cause: String,
    /// Whether it forces recreation.
    pub recreation: String,
    /// Whether AWS cut a value off.
    pub cut: bool,
}

/// A gate's verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VerdictView {
    /// Gate name.
    pub gate: String,
    /// Service that it is about.
    pub service: String,
    /// Ok, bad, waiting or unknown.
    pub tone: Tone,
    /// Outcome word: passed, failed, unknown, waiting.
    pub outcome: String,
    /// One sentence.
    pub summary: String,
    /// Values seen, source.
    pub evidence: String,
    /// Age of the evidence.
    pub at: Option<Instant>,
    /// Whether it stops the promotion.
    pub blocking: bool,
    /// Id of the rule; empty in records from before there was a policy.
    pub rule: String,
    /// Why it does not stop the promotion although it is not passed, in words.
    pub lifted: Option<String>,
    /// Whether somebody may answer for it.
    pub waivable: bool,
}

/// Somebody involved in a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantView {
    /// Person id.
    pub person: String,
    /// Name.
    pub name: String,
    /// Role word.
    pub role: String,
    /// Whether it is me.
    pub me: bool,
    /// Word: requested, approved, rejected, may approve, cannot approve.
    pub state: String,
    /// Tone.
    pub tone: Tone,
    /// Reason or comment.
    pub detail: Option<String>,
    /// When they acted.
    pub at: Option<Instant>,
    /// Until when their approval counts; none when it does not expire.
    pub counts_until: Option<Instant>,
}

/// What one may do with a promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PromotionAction {
    /// Ask for approval.
    Request,
    /// Approve the digest.
    Approve,
    /// Reject with a reason.
    Reject,
    /// Start it.
    Execute,
    /// Take the own request or approval back.
    Withdraw,
    /// Answer for a gate that stops it.
    Waive,
    /// Let it go without all approvals.
    BreakGlass,
    /// Say what was found about a broken glass.
    Review,
    /// Give it up.
    Abandon,
    /// Stop the running deployment.
    Abort,
    /// Find out what happened and go on.
    Resume,
    /// Prepare again after something moved.
    PrepareAgain,
}

/// An action with its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActionView {
    /// Which.
    pub action: PromotionAction,
    /// Words on the button, naming the effect.
    pub label: String,
    /// Whether it can be pressed.
    pub enabled: bool,
    /// Why not.
    pub reason: Option<String>,
    /// Text to be typed before a dangerous one, such as the environment's name.
    pub confirm: Option<String>,
}
