// Generated from src-tauri/crates/contract. Do not edit: `make contract` writes it.

export type Tone = "ok" | "running" | "waiting" | "bad" | "drift" | "frozen" | "unknown" | "neutral";

export type Nothing = Record<symbol, never>;

export type ErrorCode = "estate-invalid" | "not-found" | "unauthenticated" | "credentials-expired" | "forbidden" | "not-allowed" | "wrong-account" | "unreachable" | "captive-portal" | "bad-answer" | "throttled" | "outcome-unknown" | "document-unreadable" | "document-too-large" | "precondition-failed" | "manifest-moved" | "conflict" | "cancelled" | "ledger-unavailable" | "invalid-request" | "internal";

export type Location = { 
/**
 * File name as the user knows it.
 */
file: string | null, 
/**
 * Line, from 1.
 */
line: number | null, 
/**
 * Column, from 1.
 */
column: number | null, 
/**
 * Field path such as `environments[2].account`.
 */
field: string | null, };

export type ErrorEnvelope = { 
/**
 * What kind of trouble, for branching.
 */
code: ErrorCode, 
/**
 * One or two sentences for a person.
 */
message: string, 
/**
 * Next actions, each a sentence.
 */
hints: Array<string>, 
/**
 * Whether the same request can succeed later unchanged.
 */
retryable: boolean, 
/**
 * Where in a document, when there is one.
 */
location: Location | null, 
/**
 * Joins this envelope to the log.
 */
correlation: string, };

export type EstateView = { 
/**
 * Name of the estate, such as `Andes Bank`.
 */
name: string, 
/**
 * Whether this is the practice estate (and persons can be switched).
 */
practice: boolean, 
/**
 * Where the estate file stands, as the user gave it.
 */
file: string, 
/**
 * Environments in path order.
 */
environments: Array<EnvironmentView>, 
/**
 * Services in file order.
 */
services: Array<ServiceView>, 
/**
 * Persons one can act as; empty outside practice.
 */
people: Array<PersonView>, };

export type EnvironmentView = { 
/**
 * Name, such as `prod`.
 */
name: string, 
/**
 * Tier word from the estate file: development, test or production.
 */
tier: string, 
/**
 * Twelve digits.
 */
account: string, 
/**
 * Regions in file order.
 */
regions: Array<string>, 
/**
 * The environment that promotions come from; none for the first.
 */
promotesFrom: string | null, 
/**
 * Whether somebody else must approve a promotion into it.
 */
approvalsNeeded: number, 
/**
 * The freeze now or next, if the estate declares one.
 */
freeze: FreezeView | null, };

export type FreezeView = { 
/**
 * Name of the window.
 */
name: string, 
/**
 * Whether it holds now.
 */
active: boolean, 
/**
 * Start.
 */
starts: string, 
/**
 * End.
 */
ends: string, };

export type ServiceView = { 
/**
 * Name, unique in the estate.
 */
name: string, 
/**
 * Group heading in the matrix.
 */
group: string, 
/**
 * Owning team.
 */
team: string, 
/**
 * How it is promoted: `cloudformation` or `jenkins`.
 */
via: string, };

export type PersonView = { 
/**
 * Stable id.
 */
id: string, 
/**
 * Name for display.
 */
name: string, 
/**
 * Role word.
 */
role: string, };

export type IdentityView = { 
/**
 * Person id, when the systems agree on one.
 */
person: string | null, 
/**
 * Name for display; `unknown person` when they do not agree.
 */
name: string, 
/**
 * Role word.
 */
role: string, 
/**
 * What each system says.
 */
identities: Array<SystemIdentityView>, 
/**
 * Set when systems disagree about who I am.
 */
mismatch: string | null, };

export type SystemIdentityView = { 
/**
 * System and scope, such as `AWS prod` or `Jenkins`.
 */
system: string, 
/**
 * The name given there, such as an ARN or a user id.
 */
name: string, 
/**
 * Ok, waiting (mismatch) or unknown.
 */
tone: Tone, 
/**
 * Reason when not ok.
 */
detail: string | null, };

export type OverviewView = { 
/**
 * When the newest part was observed; none before the first observation.
 */
takenAt: string | null, 
/**
 * Whether a refresh is under way.
 */
refreshing: boolean, 
/**
 * Freshness of each system.
 */
sources: Array<SourceView>, 
/**
 * Freshness of each account and region.
 */
scopes: Array<ScopeView>, 
/**
 * One row a service, in estate order.
 */
rows: Array<RowView>, 
/**
 * Stacks that no service of the estate claims.
 */
unclaimed: Array<StackView>, };

export type SourceView = { 
/**
 * `AWS`, `Jenkins`, `SonarQube`, `GitLab` or `Git`.
 */
system: string, 
/**
 * Ok (fresh), waiting (stale or partial), bad (unreachable), unknown (never asked).
 */
tone: Tone, 
/**
 * One or two words: fresh, stale, partly unreachable, unreachable, not configured.
 */
state: string, 
/**
 * When it last answered.
 */
at: string | null, 
/**
 * Reason when not fresh.
 */
reason: string | null, };

export type ScopeView = { 
/**
 * Environment name.
 */
environment: string, 
/**
 * Account id.
 */
account: string, 
/**
 * Region.
 */
region: string, 
/**
 * Ok, waiting (stale), bad (unreachable) or unknown.
 */
tone: Tone, 
/**
 * Stacks seen when it last answered.
 */
stacks: number, 
/**
 * When it last answered whole.
 */
at: string | null, 
/**
 * Reason when not fresh.
 */
reason: string | null, };

export type RowView = { 
/**
 * Service name.
 */
service: string, 
/**
 * Group heading.
 */
group: string, 
/**
 * Owning team.
 */
team: string, 
/**
 * Whether versions differ between environments or one of them is not known.
 */
differs: boolean, 
/**
 * One cell an environment, in path order.
 */
cells: Array<CellView>, };

export type CellView = { 
/**
 * Environment name.
 */
environment: string, 
/**
 * Colour and icon.
 */
tone: Tone, 
/**
 * Status word: stable, deploying, failed, rolled back, drifted, unknown, not deployed ...
 */
status: string, 
/**
 * Version that is there now.
 */
version: string | null, 
/**
 * Commit that is there now.
 */
commit: string | null, 
/**
 * Since when.
 */
since: string | null, 
/**
 * Last version that deployed well, when the current deployment did not.
 */
lastGood: string | null, 
/**
 * Whether version and commit equal the left neighbour's.
 */
sameAsLeft: boolean, 
/**
 * Short marks under the version.
 */
markers: Array<MarkerView>, 
/**
 * Why it is unknown or failed.
 */
reason: string | null, 
/**
 * The promotion control of the cell.
 */
promote: PromoteView, };

export type MarkerView = { 
/**
 * What it is about.
 */
kind: MarkerKind, 
/**
 * Colour.
 */
tone: Tone, 
/**
 * One to three words.
 */
label: string, 
/**
 * A sentence for the tooltip.
 */
detail: string, };

export type MarkerKind = "behind" | "gate" | "drift" | "build" | "promotion" | "incomplete" | "danger";

export type PromoteView = { "state": "none" } | { "state": "allowed", 
/**
 * Environment it would come from.
 */
from: string, 
/**
 * Version it would bring, when known.
 */
version: string | null, } | { "state": "refused", 
/**
 * Environment it would come from.
 */
from: string, 
/**
 * Every reason.
 */
reasons: Array<ReasonView>, } | { "state": "open", 
/**
 * Its id.
 */
promotion: string, 
/**
 * Its state in words.
 */
label: string, };

export type ReasonView = { 
/**
 * A sentence.
 */
text: string, 
/**
 * In-app route or web address, when there is one.
 */
link: string | null, };

export type StackView = { 
/**
 * Stack name.
 */
name: string, 
/**
 * Environment name.
 */
environment: string, 
/**
 * Region.
 */
region: string, 
/**
 * AWS's own word, such as `UPDATE_ROLLBACK_COMPLETE`.
 */
status: string, 
/**
 * Its tone.
 */
tone: Tone, 
/**
 * AWS's reason.
 */
statusReason: string | null, 
/**
 * Last update, or creation.
 */
updatedAt: string | null, 
/**
 * Parent stack, for nested ones.
 */
parent: string | null, 
/**
 * Drift word from the last detection, with its age in `drift_at`.
 */
drift: string, 
/**
 * When drift was last checked.
 */
driftAt: string | null, 
/**
 * Outputs.
 */
outputs: Array<KeyValueView>, 
/**
 * Parameters; masked ones say so.
 */
parameters: Array<KeyValueView>, 
/**
 * Tags.
 */
tags: Array<KeyValueView>, };

export type KeyValueView = { 
/**
 * Name.
 */
key: string, 
/**
 * Value; none when masked or unknown.
 */
value: string | null, 
/**
 * Why there is no value, or a note such as an export name.
 */
note: string | null, };

export type CellRequest = { 
/**
 * Service name.
 */
service: string, 
/**
 * Environment name.
 */
environment: string, };

export type CellDetailView = { 
/**
 * Service name.
 */
service: string, 
/**
 * The cell as in the matrix.
 */
cell: CellView, 
/**
 * Facts, in reading order: version, since, deployed by, approved by, quality ...
 */
facts: Array<FactView>, 
/**
 * Stacks of this service there.
 */
stacks: Array<StackView>, 
/**
 * Drifted resources, from the last detection.
 */
drift: Array<DriftView>, 
/**
 * Of every stack, whether it is known to have drifted, and how old that is.
 */
driftKnown: Array<DriftKnownView>, 
/**
 * Commits that the left neighbour has and this one has not.
 */
behind: Array<CommitView>, 
/**
 * Why the commit list is absent or cut.
 */
behindNote: string | null, 
/**
 * What a promotion from the left would do, in short sentences.
 */
preview: Array<FactView>, 
/**
 * Places to go: job, project, repository, dashboards.
 */
links: Array<LinkView>, };

export type FactView = { 
/**
 * Label.
 */
label: string, 
/**
 * Value in words.
 */
value: string, 
/**
 * Second, quieter part.
 */
detail: string | null, 
/**
 * Tone.
 */
tone: Tone, 
/**
 * Instant to be shown relatively, when the value is one.
 */
at: string | null, 
/**
 * Whether the value is code (version, digest, name).
 */
code: boolean, 
/**
 * Web address.
 */
link: string | null, };

export type DriftView = { 
/**
 * Stack name.
 */
stack: string, 
/**
 * Logical id.
 */
logicalId: string, 
/**
 * Resource type.
 */
resourceType: string, 
/**
 * Property path, none when the whole resource is gone.
 */
path: string | null, 
/**
 * As deployed.
 */
expected: string | null, 
/**
 * As it is.
 */
actual: string | null, 
/**
 * When it was detected.
 */
at: string | null, };

export type CommitView = { 
/**
 * Full id.
 */
id: string, 
/**
 * First line of the message.
 */
title: string, 
/**
 * Author's name.
 */
author: string, 
/**
 * Commit time.
 */
at: string | null, 
/**
 * Merge request reference such as `!318`.
 */
mergeRequest: string | null, 
/**
 * Ids of tickets that the message names, such as `PAY-1418`.
 */
tickets: Array<string>, 
/**
 * Paths that it changed, the first ones of many.
 */
files: Array<string>, 
/**
 * How many paths it changed.
 */
fileCount: number, };

export type LinkView = { 
/**
 * Words on the link.
 */
label: string, 
/**
 * Address.
 */
url: string, };

export type OpenChangeSetsRequest = { 
/**
 * Service name.
 */
service: string, 
/**
 * Environment name.
 */
environment: string, };

export type OpenChangeSetsView = { 
/**
 * The newest first.
 */
changeSets: Array<OpenChangeSetView>, };

export type OpenChangeSetView = { 
/**
 * ARN.
 */
arn: string, 
/**
 * Name.
 */
name: string, 
/**
 * Stack name.
 */
stack: string, 
/**
 * What its maker wrote.
 */
description: string | null, 
/**
 * When it was made.
 */
createdAt: string | null, };

export type MergeRequestView = { 
/**
 * Reference such as `!318`.
 */
reference: string, 
/**
 * Title.
 */
title: string, 
/**
 * Author's user name.
 */
author: string, 
/**
 * Who merged it.
 */
mergedBy: string | null, 
/**
 * Address.
 */
url: string, 
/**
 * User names of those who approved it.
 */
approvedBy: Array<string>, 
/**
 * Approvals that its rules asked for and it did not get; none when GitLab does not say.
 */
approvalsMissing: number | null, 
/**
 * Its newest pipeline, and what other systems reported of the commit.
 */
checks: Array<CheckView>, 
/**
 * Why approvals and checks are not known.
 */
reviewNote: string | null, };

export type CheckView = { 
/**
 * Name.
 */
name: string, 
/**
 * GitLab's word, such as `success` or `failed`.
 */
status: string, 
/**
 * Tone of that.
 */
tone: Tone, 
/**
 * Address.
 */
url: string | null, };

export type VariablesRequest = { 
/**
 * Service name.
 */
service: string, };

export type VariablesView = { 
/**
 * Service name.
 */
service: string, 
/**
 * Environments, in path order: the columns.
 */
environments: Array<string>, 
/**
 * Rows, by stack.
 */
rows: Array<VariableRowView>, 
/**
 * What could not be read, and is missing from the rows.
 */
doubts: Array<string>, };

export type VariableRowView = { 
/**
 * Stack name without the environment.
 */
stack: string, 
/**
 * Key.
 */
key: string, 
/**
 * One an environment.
 */
cells: Array<VariableCellView>, 
/**
 * The worst of what neighbouring environments are to one another.
 */
state: VariableState, 
/**
 * Note such as `NoEcho`.
 */
note: string | null, 
/**
 * What is wrong with the key itself.
 */
trouble: VariableTroubleName | null, 
/**
 * Environments that the trouble is about; empty when it is about all.
 */
troubleIn: Array<string>, };

export type VariableCellView = { 
/**
 * What is known of it.
 */
kind: VariableCellKind, 
/**
 * Value; none unless it has one that may be shown.
 */
value: string | null, };

export type VariableCellKind = "no-stack" | "absent" | "given" | "default" | "hidden" | "no-value";

export type VariableTroubleName = "not-declared" | "unused" | "undefined";

export type SideRef = { "kind": "environment", 
/**
 * Environment name.
 */
name: string, } | { "kind": "past", 
/**
 * Environment name.
 */
environment: string, 
/**
 * When.
 */
at: string, } | { "kind": "change-set", 
/**
 * ARN.
 */
arn: string, } | { "kind": "revision", 
/**
 * Revision: commit, tag or branch.
 */
revision: string, 
/**
 * Environment whose variables apply.
 */
environment: string, } | { "kind": "files", 
/**
 * Environment name.
 */
environment: string, 
/**
 * Templates and variable documents; their names say which stack they are for.
 */
files: Array<FileRef>, };

export type FileRef = { 
/**
 * Its name, with or without folders.
 */
name: string, 
/**
 * What it says.
 */
text: string, };

export type ComparisonRequest = { 
/**
 * Service name.
 */
service: string, 
/**
 * Before.
 */
left: SideRef, 
/**
 * After.
 */
right: SideRef, };

export type ComparisonSummaryRequest = { 
/**
 * Before.
 */
left: SideRef, 
/**
 * After.
 */
right: SideRef, };

export type ComparisonSummaryView = { 
/**
 * One entry a service, differing ones first.
 */
services: Array<ServiceDifferenceView>, };

export type ServiceDifferenceView = { 
/**
 * Service name.
 */
service: string, 
/**
 * Same, changed, unknown.
 */
state: DifferenceState, 
/**
 * Counts over its stacks.
 */
counts: CountsView, 
/**
 * Why it is unknown.
 */
reason: string | null, 
/**
 * Its stacks.
 */
stacks: Array<StackDifferenceView>, };

export type StackDifferenceView = { 
/**
 * Name without the environment.
 */
name: string, 
/**
 * Same, changed, only on one side, unknown.
 */
state: DifferenceState, 
/**
 * Counts.
 */
counts: CountsView, };

export type CountsView = { 
/**
 * Resources only on the right.
 */
added: number, 
/**
 * Resources only on the left.
 */
removed: number, 
/**
 * Resources on both sides that differ.
 */
changed: number, 
/**
 * Things to decide before anything else.
 */
dangers: number, 
/**
 * Resources that are, or may be, replaced.
 */
replaced: number, 
/**
 * Differences explained by the environments' variables.
 */
expected: number, 
/**
 * Values that cannot be compared.
 */
unknown: number, };

export type DifferenceState = "same" | "changed" | "only-left" | "only-right" | "unknown";

export type ComparisonView = { 
/**
 * Service name.
 */
service: string, 
/**
 * Before.
 */
left: SideView, 
/**
 * After.
 */
right: SideView, 
/**
 * Stacks, paired by name without environment.
 */
stacks: Array<StackComparisonView>, 
/**
 * Parameters and variables, one row a key.
 */
variables: Array<VariableView>, 
/**
 * Why variables are absent or partial.
 */
variablesNote: string | null, 
/**
 * Commits on the right that the left has not.
 */
commits: Array<CommitView>, 
/**
 * Why commits are absent or cut.
 */
commitsNote: string | null, 
/**
 * Counts over all stacks.
 */
counts: CountsView, };

export type SideView = { 
/**
 * Words such as `prod now`.
 */
label: string, 
/**
 * Version, when known.
 */
version: string | null, 
/**
 * Commit, when known.
 */
commit: string | null, 
/**
 * When this side was observed, or the past time itself.
 */
at: string | null, 
/**
 * What is not sure about this side.
 */
doubts: Array<string>, };

export type StackComparisonView = { 
/**
 * Name without the environment.
 */
name: string, 
/**
 * Stack name on the left.
 */
left: string | null, 
/**
 * Stack name on the right.
 */
right: string | null, 
/**
 * Same, changed ...
 */
state: DifferenceState, 
/**
 * Why it is unknown.
 */
reason: string | null, 
/**
 * Counts.
 */
counts: CountsView, 
/**
 * How the access that the stack gives changes; none when nothing in it gives access.
 */
security: SecurityVerdict | null, 
/**
 * What to decide before anything else, the worst first.
 */
dangers: Array<DangerRow>, 
/**
 * Entries that differ: resources, outputs, conditions, mappings, parameters declared.
 */
entries: Array<EntryView>, };

export type EntryView = { 
/**
 * Template section: `Resources`, `Outputs`, `Parameters`, `Conditions`, `Mappings` ...
 */
section: string, 
/**
 * Logical id or key.
 */
name: string, 
/**
 * Resource type, for resources.
 */
resourceType: string | null, 
/**
 * Same is never listed.
 */
state: DifferenceState, 
/**
 * `file:line` or `line N` on the right (or left when removed).
 */
location: string | null, 
/**
 * What differs inside.
 */
properties: Array<PropertyView>, 
/**
 * What happens to a resource; none for other entries.
 */
judgement: ResourceRow | null, };

export type PropertyView = { 
/**
 * Path such as `Policies[data].Statement[0].Action`.
 */
path: string, 
/**
 * Value on the left, in YAML-like text; none when absent.
 */
before: string | null, 
/**
 * Value on the right.
 */
after: string | null, 
/**
 * Whether the environments' variables explain it.
 */
expected: boolean, 
/**
 * Whether a side cannot be known.
 */
unknown: boolean, 
/**
 * Cause in words: `edited in the template`, `Parameter LogRetention` ...
 */
cause: string, };

export type VariableView = { 
/**
 * Stack name without the environment.
 */
stack: string, 
/**
 * Key.
 */
key: string, 
/**
 * Left value; none when missing or masked.
 */
left: string | null, 
/**
 * Right value.
 */
right: string | null, 
/**
 * Same, expected, unexpected, missing, unknown.
 */
state: VariableState, 
/**
 * Note such as `NoEcho` or `template default`.
 */
note: string | null, };

export type VariableState = "same" | "expected" | "unexpected" | "missing" | "unknown";

export type RawTextRequest = { 
/**
 * Service name.
 */
service: string, 
/**
 * Stack name without the environment.
 */
stack: string, 
/**
 * Before.
 */
left: SideRef, 
/**
 * After.
 */
right: SideRef, };

export type RawTextView = { 
/**
 * Left text; none when absent or unreadable.
 */
left: string | null, 
/**
 * Right text.
 */
right: string | null, 
/**
 * Notes, such as characters that AWS replaced by `?`.
 */
notes: Array<string>, };

export type DriftRequest = { 
/**
 * Service name.
 */
service: string, 
/**
 * Environment name.
 */
environment: string, 
/**
 * Whether AWS is to look first; it takes seconds to minutes a stack.
 */
detect: boolean, };

export type DriftReportView = { 
/**
 * Service name.
 */
service: string, 
/**
 * Environment name.
 */
environment: string, 
/**
 * Every stack, those nested in them included.
 */
stacks: Array<StackDriftView>, };

export type StackDriftView = { 
/**
 * What is known.
 */
known: DriftKnownView, 
/**
 * Account id.
 */
account: string, 
/**
 * What differs.
 */
resources: Array<DriftView>, };

export type DriftKnownView = { 
/**
 * Stack name.
 */
stack: string, 
/**
 * Region.
 */
region: string, 
/**
 * In words: in sync, drifted, never checked, not known and why.
 */
words: string, 
/**
 * Tone.
 */
tone: Tone, 
/**
 * When AWS looked.
 */
at: string | null, };

export type CommitPlacesRequest = { 
/**
 * Commit, tag or branch.
 */
revision: string, 
/**
 * Only this service.
 */
service: string | null, };

export type CommitPlacesView = { 
/**
 * The commit.
 */
commit: CommitView, 
/**
 * Every service whose repository has it, in every environment, in path order.
 */
places: Array<CommitPlaceView>, 
/**
 * Merge requests that brought it, as GitLab says.
 */
mergeRequests: Array<MergeRequestView>, 
/**
 * Why GitLab says nothing.
 */
mergeRequestsNote: string | null, };

export type CommitPlaceView = { 
/**
 * Service name.
 */
service: string, 
/**
 * Environment name.
 */
environment: string, 
/**
 * Version that runs there.
 */
version: string | null, 
/**
 * Whether it has the commit.
 */
presence: PresenceName, 
/**
 * Why that is not known, or which stacks have it not.
 */
reason: string | null, };

export type PresenceName = "yes" | "no" | "partly" | "not-deployed" | "unknown";

export type DiffReport = { 
/**
 * Whether the two mean the same.
 */
verdict: DiffVerdict, 
/**
 * What to decide before anything else, the worst first.
 */
dangers: Array<DangerRow>, 
/**
 * Resources that CloudFormation will act on, the most dangerous first.
 */
resources: Array<ResourceRow>, 
/**
 * Resources of nested stacks, on which CloudFormation acts with this change, and of other stacks that read what the change takes away or alters, on which it does not act here.
 */
effects: Array<ResourceRow>, 
/**
 * Other stacks that read an output which goes or changes.
 */
dependents: Array<DependentRow>, 
/**
 * What differs outside of the resources.
 */
sections: DiffSections, 
/**
 * How the access that the stack gives changes; `same` also when nothing in it gives access.
 */
security: SecurityVerdict, 
/**
 * What is allowed now and was not before, in words.
 */
accessAdded: Array<string>, 
/**
 * What was allowed before and is no longer, in words.
 */
accessRemoved: Array<string>, 
/**
 * How many values could not be known.
 */
unknowns: number, 
/**
 * Resources that are written differently and mean the same.
 */
respelled: Array<RespelledRow>, 
/**
 * Differences that the two environments explain, counted over resources and parameters.
 */
expected: number, 
/**
 * Where the knowledge of resource types comes from.
 */
schemas: string, };

export type DiffVerdict = "same" | "different" | "unknown";

export type DangerKind = "data-loss" | "rejected" | "fixed-name" | "removed" | "replaced" | "unprotected" | "access" | "importers" | "interruption";

export type DangerRow = { 
/**
 * Why.
 */
kind: DangerKind, 
/**
 * The same in two or three words.
 */
title: string, 
/**
 * Logical id of the resource.
 */
logicalId: string, 
/**
 * What exactly.
 */
text: string, };

export type DependentRow = { 
/**
 * The stack that reads.
 */
stack: string, 
/**
 * The stack whose output it is, when that would only change with its own next deployment; none for the stack that changes.
 */
later: string | null, 
/**
 * The output.
 */
output: string, 
/**
 * The export by whose name it is read; none when `Fn::GetStackOutput` reads the output.
 */
export: string | null, 
/**
 * What becomes of it.
 */
fate: OutputFateName, 
/**
 * Where it is read; empty when the reader's template is not known.
 */
places: Array<string>, };

export type OutputFateName = "goes" | "changes" | "may-change";

export type SecurityVerdict = "broadened" | "narrowed" | "same" | "incomparable";

export type ActionName = "Add" | "Modify" | "Remove" | "Import";

export type ReplacementName = "True" | "False" | "Conditional";

export type ImpactName = "none" | "metadata" | "creates" | "imports" | "in-place" | "may-interrupt" | "retains" | "may-replace" | "replaces-create-first" | "replaces-delete-first" | "snapshots" | "removes" | "rejected";

export type ActsName = "yes" | "no" | "maybe";

export type ResourceRow = { 
/**
 * The stack that holds it, when it is another one than the one that changes; of a nested one the logical ids that lead to it, with `/` between them.
 */
stack: string | null, 
/**
 * Whether that stack is nested in the one that changes.
 */
nested: boolean, 
/**
 * Logical id.
 */
logicalId: string, 
/**
 * Type.
 */
type: string, 
/**
 * What CloudFormation does with it.
 */
action: ActionName, 
/**
 * Whether a modified resource is replaced; none for others.
 */
replacement: ReplacementName | null, 
/**
 * What happens to it.
 */
impact: ImpactName, 
/**
 * The same in words.
 */
impactText: string, 
/**
 * The places that change, as JSON pointers into the resource.
 */
paths: Array<string>, 
/**
 * Why, in words.
 */
causes: Array<string>, 
/**
 * How the access that it gives changes; none when it gives none.
 */
security: SecurityVerdict | null, 
/**
 * What it allows now and did not before, in words.
 */
accessAdded: Array<string>, 
/**
 * What it allowed before and does no longer, in words.
 */
accessRemoved: Array<string>, 
/**
 * Whether it holds data of its own.
 */
stateful: boolean, 
/**
 * Whether data can be lost.
 */
dataLoss: boolean, 
/**
 * What is not known about it, in words.
 */
unknowns: Array<string>, 
/**
 * What to know before deciding, in words.
 */
notes: Array<string>, 
/**
 * Whether the environments explain all of it.
 */
expected: boolean, 
/**
 * Where it stands: file and line.
 */
location: string | null, 
/**
 * What changes in it.
 */
properties: Array<PropertyRow>, };

export type PropertyRow = { 
/**
 * JSON pointer into the resource.
 */
pointer: string, 
/**
 * The place as people write it.
 */
path: string, 
/**
 * What happens to the resource through it.
 */
impact: ImpactName, 
/**
 * Whether CloudFormation acts on it.
 */
acts: ActsName, 
/**
 * Value before; none when absent.
 */
before: string | null, 
/**
 * Value after; none when absent.
 */
after: string | null, 
/**
 * Why, in words.
 */
causes: Array<string>, 
/**
 * Whether the environments explain it.
 */
expected: boolean, 
/**
 * Whether a side could not be known.
 */
unknown: boolean, 
/**
 * Line of the value in the template before.
 */
beforeLine: number | null, 
/**
 * Line of the value in the template after.
 */
afterLine: number | null, };

export type DiffSections = { 
/**
 * Parameters: declarations and values.
 */
parameters: Array<SectionRow>, 
/**
 * Mappings.
 */
mappings: Array<SectionRow>, 
/**
 * Conditions.
 */
conditions: Array<SectionRow>, 
/**
 * Outputs.
 */
outputs: Array<SectionRow>, 
/**
 * Metadata, description, rules, transforms and anything else.
 */
metadata: Array<SectionRow>, };

export type SectionRow = { 
/**
 * Section of the template.
 */
section: string, 
/**
 * Key in the section.
 */
name: string, 
/**
 * Add, Modify or Remove.
 */
action: ActionName, 
/**
 * Value before, where there is one place to show.
 */
before: string | null, 
/**
 * Value after.
 */
after: string | null, 
/**
 * The places that differ, as JSON pointers into the entry.
 */
paths: Array<string>, 
/**
 * Why, in words.
 */
causes: Array<string>, 
/**
 * Whether the environments explain it.
 */
expected: boolean, 
/**
 * Whether a side could not be known.
 */
unknown: boolean, 
/**
 * Where it stands: file and line.
 */
location: string | null, };

export type RespelledRow = { 
/**
 * Logical id.
 */
logicalId: string, 
/**
 * Whether CloudFormation acts on it all the same.
 */
acts: ActsName, };

export type PromotionsView = { 
/**
 * Newest first within each group.
 */
promotions: Array<PromotionSummaryView>, 
/**
 * How many need me.
 */
needsMe: number, };

export type InboxGroup = "needs-me" | "waiting" | "done";

export type PromotionSummaryView = { 
/**
 * Id such as `PR-7K2M9Q`.
 */
id: string, 
/**
 * Its services in a few words, such as `payments-api` or `payments-api and 2 more`.
 */
title: string, 
/**
 * Services in the order in which they are delivered.
 */
services: Array<string>, 
/**
 * From environment.
 */
from: string, 
/**
 * To environment.
 */
to: string, 
/**
 * Version that it brings; none where it brings several services.
 */
version: string | null, 
/**
 * `cloudformation`, `jenkins` or `both`.
 */
via: string, 
/**
 * State word: draft, waiting for approval, approved, running, outcome unknown, applied, verified, failed, rejected, voided, abandoned.
 */
state: string, 
/**
 * Tone of the state.
 */
tone: Tone, 
/**
 * Who asked.
 */
requestedBy: string, 
/**
 * When it was begun.
 */
createdAt: string, 
/**
 * Last entry's time.
 */
updatedAt: string, 
/**
 * First twelve hex digits of the manifest digest, in groups of four.
 */
digestShort: string, 
/**
 * What it waits for, in words.
 */
waitingOn: string | null, 
/**
 * Inbox group for me.
 */
group: InboxGroup, 
/**
 * The mark of a broken glass; it stays for ever.
 */
emergency: EmergencyView | null, };

export type EmergencyView = { 
/**
 * Who broke it.
 */
by: string, 
/**
 * When.
 */
at: string, 
/**
 * Incident.
 */
incident: string, 
/**
 * Why.
 */
reason: string, 
/**
 * Whether it lets the present manifest through without all approvals.
 */
counts: boolean, 
/**
 * Whether somebody still has to review what was done.
 */
reviewOwed: boolean, 
/**
 * Until when the review is owed.
 */
reviewBy: string | null, 
/**
 * Whether that time has passed.
 */
overdue: boolean, 
/**
 * Who reviewed it.
 */
reviewedBy: string | null, 
/**
 * When.
 */
reviewedAt: string | null, 
/**
 * What was found.
 */
review: string | null, };

export type PromotionRequest = { 
/**
 * Promotion id.
 */
id: string, };

export type PrepareRequest = { 
/**
 * Services; they go together, in the order in which they depend on each other.
 */
services: Array<string>, 
/**
 * Environment to bring them into.
 */
to: string, };

export type DecisionRequest = { 
/**
 * Promotion id.
 */
id: string, 
/**
 * The full manifest digest that the person has seen.
 */
digest: string, 
/**
 * Comment; required to reject.
 */
comment: string, };

export type WaiverRequest = { 
/**
 * Promotion id.
 */
id: string, 
/**
 * The full manifest digest that the person has seen.
 */
digest: string, 
/**
 * Rule id of the gate.
 */
gate: string, 
/**
 * Service whose gate it is; may be left out where it stops only one service.
 */
service: string | null, 
/**
 * Person id of who answers for it.
 */
owner: string, 
/**
 * Why.
 */
reason: string, 
/**
 * When it ends, RFC 3339.
 */
expires: string, };

export type EmergencyRequest = { 
/**
 * Promotion id.
 */
id: string, 
/**
 * The full manifest digest that the person has seen.
 */
digest: string, 
/**
 * Why.
 */
reason: string, 
/**
 * Incident.
 */
incident: string, };

export type PromotionView = { 
/**
 * The inbox line.
 */
summary: PromotionSummaryView, 
/**
 * Full SHA-256 of the manifest, lower-case hex.
 */
digest: string, 
/**
 * What is in the manifest, for reading.
 */
elements: Array<ManifestElementView>, 
/**
 * The manifest's exact bytes as text.
 */
manifest: string, 
/**
 * What it brings, service by service, in the order of delivery.
 */
services: Array<PromotedServiceView>, 
/**
 * What AWS says it would do.
 */
changeSets: Array<ChangeSetView>, 
/**
 * Why there is nothing to see yet.
 */
changeNote: string | null, 
/**
 * Verdicts of every gate.
 */
gates: Array<VerdictView>, 
/**
 * Approvals that are needed.
 */
approvalsNeeded: number, 
/**
 * Approvals that count.
 */
approvalsHave: number, 
/**
 * Everybody involved.
 */
people: Array<ParticipantView>, 
/**
 * Hours for which an approval counts; none when it does not expire.
 */
approvalsExpireHours: number | null, 
/**
 * Gates that somebody answers for.
 */
waivers: Array<WaiverView>, 
/**
 * Who can answer for a gate.
 */
owners: Array<OwnerView>, 
/**
 * Why it is a draft again, when who asked took that back.
 */
withdrawn: WithdrawnView | null, 
/**
 * Set when an earlier approval was voided.
 */
voided: VoidedView | null, 
/**
 * What I can do, and why not.
 */
actions: Array<ActionView>, 
/**
 * The run, once there is one.
 */
run: RunView | null, 
/**
 * Every ledger entry about it, oldest first.
 */
record: Array<AuditEntryView>, };

export type PromotedServiceView = { 
/**
 * Service.
 */
service: string, 
/**
 * Version that it brings.
 */
version: string | null, 
/**
 * Commit that it brings.
 */
commit: string | null, 
/**
 * `cloudformation` or `jenkins`.
 */
via: string, 
/**
 * Services that are delivered before it because it depends on them.
 */
after: Array<string>, 
/**
 * Stacks that it changes or may change.
 */
stacks: Array<string>, 
/**
 * What a deploy job does, in a sentence; none for change sets, which tell it themselves.
 */
note: string | null, 
/**
 * Commits that it brings.
 */
commits: Array<CommitView>, 
/**
 * Why commits are absent or cut.
 */
commitsNote: string | null, 
/**
 * What is not known of who wrote and merged it.
 */
originNote: string | null, };

export type ManifestElementView = { 
/**
 * Group such as a stack name.
 */
group: string, 
/**
 * Element name.
 */
name: string, 
/**
 * Value or digest.
 */
value: string, };

export type ChangeSetView = { 
/**
 * Service.
 */
service: string, 
/**
 * Stack name.
 */
stack: string, 
/**
 * Account.
 */
account: string, 
/**
 * Region.
 */
region: string, 
/**
 * Change-set name.
 */
name: string, 
/**
 * AWS's status words.
 */
status: string, 
/**
 * Tone of the status.
 */
tone: Tone, 
/**
 * AWS's reason.
 */
reason: string | null, 
/**
 * Whether AWS found nothing to do.
 */
empty: boolean, 
/**
 * Resource changes; those of a nested stack follow the row of that stack.
 */
changes: Array<ResourceChangeView>, 
/**
 * Nested stacks that AWS lists although nothing in them changes.
 */
folded: Array<string>, 
/**
 * What checks and hooks of AWS found.
 */
problems: Array<ChangeSetProblemView>, 
/**
 * What was changed by hand in the stack, and what the deployment does to it.
 */
drift: Array<DriftRowView>, 
/**
 * Whether the stack is known to have drifted, and how old that is; none when it is to be
 * created, and for a change set of the past.
 */
driftKnown: DriftKnownView | null, 
/**
 * Whether the change set puts back what was changed by hand.
 */
revertsDrift: boolean, 
/**
 * Our own judgement beside AWS's; none when it could not be made.
 */
judgement: JudgementView | null, 
/**
 * Why there is no judgement.
 */
judgementNote: string | null, };

export type ResourceChangeView = { 
/**
 * Nested stacks that it is in, the outermost first.
 */
nestedIn: Array<string>, 
/**
 * AWS's word: Add, Modify, Remove, Import, Dynamic.
 */
action: string, 
/**
 * Logical id.
 */
logicalId: string, 
/**
 * Physical id.
 */
physicalId: string | null, 
/**
 * Resource type.
 */
resourceType: string, 
/**
 * AWS's word: True, False, Conditional; none when not applicable.
 */
replacement: string | null, 
/**
 * Impact in words: added, changes in place, may be replaced, replaced, removed.
 */
impact: string, 
/**
 * Tone of the impact.
 */
tone: Tone, 
/**
 * Properties.
 */
details: Array<ResourceChangeDetailView>, };

export type ResourceChangeDetailView = { 
/**
 * Property path.
 */
path: string, 
/**
 * Before, when AWS says so.
 */
before: string | null, 
/**
 * After, when AWS says so.
 */
after: string | null, 
/**
 * Cause in words.
 */
cause: string, 
/**
 * Whether it forces recreation.
 */
recreation: string, 
/**
 * Whether AWS cut a value off.
 */
cut: boolean, };

export type ChangeSetProblemView = { 
/**
 * Whether it stops the change set, or only warns.
 */
fails: boolean, 
/**
 * The check or hook.
 */
name: string, 
/**
 * Why, in AWS's words.
 */
reason: string, 
/**
 * The resource that it names.
 */
logicalId: string | null, 
/**
 * The place in it.
 */
path: string | null, };

export type DriftRowView = { 
/**
 * Logical id.
 */
logicalId: string, 
/**
 * JSON pointer into the resource; empty when the resource itself was deleted.
 */
path: string, 
/**
 * As it is.
 */
live: string | null, 
/**
 * As deployed last.
 */
deployed: string | null, 
/**
 * As the change set would have it.
 */
after: string | null, 
/**
 * What the deployment does to it, in words.
 */
fate: string, 
/**
 * Tone of that.
 */
tone: Tone, 
/**
 * When the live value was seen.
 */
at: string | null, };

export type AgreementName = "agree" | "we-know-more" | "aws-knows-more" | "disagree";

export type JudgementView = { 
/**
 * The worst of all rows.
 */
agreement: AgreementName, 
/**
 * One sentence on how prediction and change set agree.
 */
text: string, 
/**
 * Rows on which both say the same.
 */
agree: number, 
/**
 * Rows that either names.
 */
rows: Array<ReconciledRowView>, 
/**
 * What to decide before anything else, the worst first.
 */
dangers: Array<DangerRow>, 
/**
 * How the access that the stack gives changes; none when nothing in it gives access.
 */
security: SecurityVerdict | null, 
/**
 * What is allowed then and is not now, in words.
 */
accessAdded: Array<string>, 
/**
 * What is allowed now and then no longer, in words.
 */
accessRemoved: Array<string>, };

export type ReconciledRowView = { 
/**
 * Nested stacks that it is in, the outermost first.
 */
nestedIn: Array<string>, 
/**
 * Logical id.
 */
logicalId: string, 
/**
 * Type.
 */
resourceType: string, 
/**
 * The predicted impact in words; none when nothing was predicted.
 */
impact: string | null, 
/**
 * Whether AWS announces it.
 */
announced: boolean, 
/**
 * How the two stand.
 */
agreement: AgreementName, 
/**
 * Why, a sentence each; empty where both say the same.
 */
findings: Array<string>, };

export type VerdictView = { 
/**
 * Gate name.
 */
gate: string, 
/**
 * Service that it is about.
 */
service: string, 
/**
 * Ok, bad, waiting or unknown.
 */
tone: Tone, 
/**
 * Outcome word: passed, failed, unknown, waiting.
 */
outcome: string, 
/**
 * One sentence.
 */
summary: string, 
/**
 * Values seen, source.
 */
evidence: string, 
/**
 * Age of the evidence.
 */
at: string | null, 
/**
 * Whether it stops the promotion.
 */
blocking: boolean, 
/**
 * Id of the rule; empty in records from before there was a policy.
 */
rule: string, 
/**
 * Why it does not stop the promotion although it is not passed, in words.
 */
lifted: string | null, 
/**
 * Whether somebody may answer for it.
 */
waivable: boolean, };

export type WaiverView = { 
/**
 * Rule id of the gate.
 */
gate: string, 
/**
 * Service whose gate it is.
 */
service: string, 
/**
 * Who answers for it.
 */
owner: string, 
/**
 * Who said so.
 */
by: string, 
/**
 * Why.
 */
reason: string, 
/**
 * When it ends.
 */
expires: string, 
/**
 * Why it counts for nothing; none when it counts.
 */
ignored: string | null, };

export type OwnerView = { 
/**
 * Person id.
 */
person: string, 
/**
 * Name.
 */
name: string, };

export type WithdrawnView = { 
/**
 * When.
 */
at: string, 
/**
 * Why.
 */
reason: string, };

export type ParticipantView = { 
/**
 * Person id.
 */
person: string, 
/**
 * Name.
 */
name: string, 
/**
 * Role word.
 */
role: string, 
/**
 * Whether it is me.
 */
me: boolean, 
/**
 * Word: requested, approved, rejected, may approve, cannot approve.
 */
state: string, 
/**
 * Tone.
 */
tone: Tone, 
/**
 * Reason or comment.
 */
detail: string | null, 
/**
 * When they acted.
 */
at: string | null, 
/**
 * Until when their approval counts; none when it does not expire.
 */
countsUntil: string | null, };

export type VoidedView = { 
/**
 * When it was seen.
 */
at: string, 
/**
 * What moved.
 */
element: string, 
/**
 * Before.
 */
before: string, 
/**
 * After.
 */
after: string, 
/**
 * Everything that moved.
 */
moved: Array<MovedView>, 
/**
 * Who saw it.
 */
by: string, 
/**
 * Names of those whose approvals counted until then.
 */
approvedBy: Array<string>, };

export type MovedView = { 
/**
 * Element in words.
 */
element: string, 
/**
 * Before.
 */
before: string, 
/**
 * After.
 */
after: string, };

export type PromotionAction = "request" | "approve" | "reject" | "execute" | "withdraw" | "waive" | "break-glass" | "review" | "abandon" | "abort" | "resume" | "prepare-again";

export type ActionView = { 
/**
 * Which.
 */
action: PromotionAction, 
/**
 * Words on the button, naming the effect.
 */
label: string, 
/**
 * Whether it can be pressed.
 */
enabled: boolean, 
/**
 * Why not.
 */
reason: string | null, 
/**
 * Text to be typed before a dangerous one, such as the environment's name.
 */
confirm: string | null, };

export type FreezesRequest = { 
/**
 * Environment.
 */
environment: string, 
/**
 * Service that would be promoted into it; none asks for freezes alone.
 */
service: string | null, };

export type FreezesView = { 
/**
 * Environment.
 */
environment: string, 
/**
 * Service.
 */
service: string | null, 
/**
 * When it was asked.
 */
now: string, 
/**
 * Those that hold or are ahead, in the order in which they begin.
 */
freezes: Array<FreezeAheadView>, 
/**
 * How long a promotion takes; none without a service.
 */
forecast: ForecastView | null, };

export type FreezeAheadView = { 
/**
 * Name.
 */
name: string, 
/**
 * Which file declares it.
 */
source: string, 
/**
 * Whether it holds now.
 */
holds: boolean, 
/**
 * Start.
 */
starts: string, 
/**
 * End.
 */
ends: string, 
/**
 * Zone on whose wall clock it is declared.
 */
zone: string, 
/**
 * Start on that wall clock, such as `Fri 27 Nov 2026 18:00`.
 */
startsThere: string, 
/**
 * End on that wall clock.
 */
endsThere: string, };

export type ForecastView = { 
/**
 * One sentence.
 */
text: string, 
/**
 * Seconds within which nineteen of twenty ended; none when it is not known.
 */
seconds: number | null, 
/**
 * How many past promotions that is taken from; 0 when the policy assumes it.
 */
runs: number, 
/**
 * When one that is started now would be over.
 */
over: string | null, 
/**
 * The freeze that it would run into.
 */
runsInto: string | null, };

export type RunView = { 
/**
 * Promotion id.
 */
promotion: string, 
/**
 * State word: running, waiting, outcome unknown, applied, verified, failed, aborted.
 */
state: string, 
/**
 * Tone.
 */
tone: Tone, 
/**
 * Whether nothing will change any more.
 */
finished: boolean, 
/**
 * Start.
 */
startedAt: string, 
/**
 * End.
 */
endedAt: string | null, 
/**
 * Median duration of past runs, in milliseconds, when there are any.
 */
usualMs: number | null, 
/**
 * How far each service is, in the order of delivery.
 */
services: Array<ServiceRunView>, 
/**
 * Which process drives it; none once it is over.
 */
driver: DriverView | null, 
/**
 * What it waits for and since when.
 */
waitingOn: string | null, 
/**
 * Steps, nested by `depth`.
 */
steps: Array<StepView>, 
/**
 * CloudFormation resources.
 */
resources: Array<ResourceRunView>, 
/**
 * Jenkins builds, one a service that a job delivers, in the order in which they begin.
 */
builds: Array<BuildView>, 
/**
 * Input steps that wait for an answer.
 */
inputs: Array<InputView>, 
/**
 * First error, in words.
 */
firstError: string | null, 
/**
 * Line number of the first error in the log.
 */
firstErrorLine: number | null, };

export type DriverView = { 
/**
 * Who runs it.
 */
by: string, 
/**
 * Which process.
 */
runner: string, 
/**
 * Whether it is this process.
 */
here: boolean, 
/**
 * When the record last heard of it.
 */
heardAt: string, 
/**
 * Until when taking over takes a reason.
 */
until: string, 
/**
 * Whether that is over, or it is gone for certain.
 */
silent: boolean, };

export type ServiceRunView = { 
/**
 * Service.
 */
service: string, 
/**
 * Word: delivered, partly delivered, failed, running, outcome unknown, pending, not begun.
 */
state: string, 
/**
 * Tone.
 */
tone: Tone, };

export type StepView = { 
/**
 * Stable id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Nesting, 0 at the top.
 */
depth: number, 
/**
 * Word: pending, running, waiting, done, failed, skipped, outcome unknown.
 */
state: string, 
/**
 * Tone.
 */
tone: Tone, 
/**
 * Start.
 */
startedAt: string | null, 
/**
 * End.
 */
endedAt: string | null, 
/**
 * Median of past runs in milliseconds.
 */
usualMs: number | null, 
/**
 * What happens or went wrong.
 */
detail: string | null, };

export type ResourceRunView = { 
/**
 * Stack name.
 */
stack: string, 
/**
 * Logical id.
 */
logicalId: string, 
/**
 * Type.
 */
resourceType: string, 
/**
 * AWS's last status word.
 */
status: string, 
/**
 * Tone.
 */
tone: Tone, 
/**
 * First event.
 */
startedAt: string, 
/**
 * Terminal event.
 */
endedAt: string | null, 
/**
 * AWS's reason.
 */
reason: string | null, };

export type BuildView = { 
/**
 * Service that it delivers.
 */
service: string, 
/**
 * Full job name.
 */
job: string, 
/**
 * Number; none while queued.
 */
number: number | null, 
/**
 * Address.
 */
url: string | null, 
/**
 * Why it waits in the queue.
 */
queueReason: string | null, };

export type InputView = { 
/**
 * Id in Jenkins.
 */
id: string, 
/**
 * Message.
 */
message: string, 
/**
 * Word on the proceed button.
 */
proceed: string, };

export type InputAnswerRequest = { 
/**
 * Promotion id.
 */
id: string, 
/**
 * Input id.
 */
input: string, 
/**
 * Proceed or abort.
 */
proceed: boolean, };

export type LogRequest = { 
/**
 * Promotion id.
 */
id: string, 
/**
 * First line wanted, from 0.
 */
from: number, };

export type LogView = { 
/**
 * Number of the first line given.
 */
from: number, 
/**
 * Lines.
 */
lines: Array<LogLineView>, 
/**
 * Ask again from here.
 */
next: number, 
/**
 * Whether there will be no more.
 */
complete: boolean, 
/**
 * Lines dropped from the front to keep memory bounded.
 */
dropped: number, };

export type LogLineView = { 
/**
 * When, if the source says so.
 */
at: string | null, 
/**
 * Plain text.
 */
text: string, 
/**
 * Tone.
 */
tone: Tone, };

export type AuditRequest = { 
/**
 * Only entries before this sequence number; none for the newest.
 */
before: number | null, 
/**
 * At most so many.
 */
limit: number, 
/**
 * Only entries that count for nothing.
 */
ignoredOnly: boolean, };

export type AuditView = { 
/**
 * Newest first.
 */
entries: Array<AuditEntryView>, 
/**
 * Whether older ones exist.
 */
more: boolean, 
/**
 * Result of checking the whole log.
 */
verification: VerificationView, };

export type AuditEntryView = { 
/**
 * Sequence number, from 0.
 */
seq: number, 
/**
 * Time that the writer gave.
 */
at: string, 
/**
 * Who.
 */
actor: string, 
/**
 * Kind such as `approval`.
 */
kind: string, 
/**
 * A sentence.
 */
summary: string, 
/**
 * Tone.
 */
tone: Tone, 
/**
 * Promotion id, when about one.
 */
promotion: string | null, 
/**
 * Why the fold ignores it, if it does.
 */
ignored: string | null, 
/**
 * Which key signed it and how sure that is, in words; none when no signature counts.
 */
signature: string | null, 
/**
 * Leaf hash, hex.
 */
leaf: string, 
/**
 * The statement's exact bytes as text.
 */
statement: string, };

export type VerificationView = { 
/**
 * Ok or bad.
 */
tone: Tone, 
/**
 * A sentence.
 */
summary: string, 
/**
 * Number of entries.
 */
size: number, 
/**
 * Root hash, hex.
 */
root: string, 
/**
 * First bad entry.
 */
firstBad: number | null, 
/**
 * Entries that are kept and count for nothing.
 */
ignored: number, };

export type ConnectionsView = { 
/**
 * One row a connection.
 */
connections: Array<ConnectionView>, };

export type ConnectionView = { 
/**
 * `AWS prod us-east-1`, `Jenkins`, `Ledger` ...
 */
name: string, 
/**
 * Address or place.
 */
address: string, 
/**
 * Ok, waiting (warning), bad, unknown (not configured).
 */
tone: Tone, 
/**
 * One sentence.
 */
message: string, 
/**
 * What to do.
 */
hints: Array<string>, 
/**
 * Who we are there.
 */
identity: string | null, 
/**
 * Server version.
 */
version: string | null, 
/**
 * How long it took.
 */
elapsedMs: number, };

export type SwitchPersonRequest = { 
/**
 * Person id.
 */
person: string, };

export type OpenLinkRequest = { 
/**
 * Address; only hosts that the estate names are opened.
 */
url: string, };

export type HostEvent = { "kind": "overview-progress", 
/**
 * Scopes and sources that answered or failed.
 */
done: number, 
/**
 * All of them.
 */
total: number, 
/**
 * What was last finished, in words.
 */
last: string, } | { "kind": "drift-progress", 
/**
 * Service name.
 */
service: string, 
/**
 * Environment name.
 */
environment: string, 
/**
 * Stacks looked at.
 */
done: number, 
/**
 * All stacks; 0 while they are not counted.
 */
total: number, 
/**
 * The stack that was done last.
 */
last: string | null, 
/**
 * Whether it goes on.
 */
running: boolean, } | { "kind": "overview-changed" } | { "kind": "promotion-changed", 
/**
 * Its id.
 */
id: string, } | { "kind": "run-changed", 
/**
 * Promotion id.
 */
id: string, } | { "kind": "identity-changed" };

export type FirstLook = { 
/**
 * What the estate file says.
 */
estate: EstateView, 
/**
 * The matrix as last known.
 */
overview: OverviewView, };

export type Commands = {
  estate_view: { request: Nothing; response: EstateView };
  identity_view: { request: Nothing; response: IdentityView };
  overview_view: { request: Nothing; response: OverviewView };
  overview_refresh: { request: Nothing; response: OverviewView };
  overview_cancel: { request: Nothing; response: Nothing };
  cell_view: { request: CellRequest; response: CellDetailView };
  comparison_summary: { request: ComparisonSummaryRequest; response: ComparisonSummaryView };
  comparison_view: { request: ComparisonRequest; response: ComparisonView };
  comparison_raw: { request: RawTextRequest; response: RawTextView };
  variables_view: { request: VariablesRequest; response: VariablesView };
  change_sets_open: { request: OpenChangeSetsRequest; response: OpenChangeSetsView };
  commit_places: { request: CommitPlacesRequest; response: CommitPlacesView };
  drift_view: { request: DriftRequest; response: DriftReportView };
  drift_cancel: { request: CellRequest; response: Nothing };
  promotions_view: { request: Nothing; response: PromotionsView };
  promotion_view: { request: PromotionRequest; response: PromotionView };
  promotion_prepare: { request: PrepareRequest; response: PromotionView };
  promotion_prepare_again: { request: PromotionRequest; response: PromotionView };
  promotion_request: { request: DecisionRequest; response: PromotionView };
  promotion_approve: { request: DecisionRequest; response: PromotionView };
  promotion_reject: { request: DecisionRequest; response: PromotionView };
  promotion_execute: { request: DecisionRequest; response: PromotionView };
  promotion_resume: { request: DecisionRequest; response: PromotionView };
  promotion_abort: { request: PromotionRequest; response: PromotionView };
  promotion_abandon: { request: DecisionRequest; response: PromotionView };
  promotion_withdraw: { request: DecisionRequest; response: PromotionView };
  promotion_waive: { request: WaiverRequest; response: PromotionView };
  promotion_break_glass: { request: EmergencyRequest; response: PromotionView };
  promotion_review: { request: DecisionRequest; response: PromotionView };
  freezes_view: { request: FreezesRequest; response: FreezesView };
  run_view: { request: PromotionRequest; response: RunView };
  run_log: { request: LogRequest; response: LogView };
  input_answer: { request: InputAnswerRequest; response: RunView };
  audit_view: { request: AuditRequest; response: AuditView };
  connections_test: { request: Nothing; response: ConnectionsView };
  practice_switch_person: { request: SwitchPersonRequest; response: IdentityView };
  open_link: { request: OpenLinkRequest; response: Nothing };
};

export const commandNames = [
  "estate_view",
  "identity_view",
  "overview_view",
  "overview_refresh",
  "overview_cancel",
  "cell_view",
  "comparison_summary",
  "comparison_view",
  "comparison_raw",
  "variables_view",
  "change_sets_open",
  "commit_places",
  "drift_view",
  "drift_cancel",
  "promotions_view",
  "promotion_view",
  "promotion_prepare",
  "promotion_prepare_again",
  "promotion_request",
  "promotion_approve",
  "promotion_reject",
  "promotion_execute",
  "promotion_resume",
  "promotion_abort",
  "promotion_abandon",
  "promotion_withdraw",
  "promotion_waive",
  "promotion_break_glass",
  "promotion_review",
  "freezes_view",
  "run_view",
  "run_log",
  "input_answer",
  "audit_view",
  "connections_test",
  "practice_switch_person",
  "open_link",
] as const satisfies readonly (keyof Commands)[];

export const eventChannel = "interlock-event";
export const firstLookName = "__INTERLOCK_FIRST_LOOK__";
