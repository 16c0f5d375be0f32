// What differs between two sides, for every service.
import type {
  CommitView, ComparisonSummaryView, ComparisonView, CountsView, DangerRow, EntryView, PropertyView, RawTextView, ResourceRow, ServiceDifferenceView, SideRef, StackComparisonView,
  VariableCellView, VariableRowView, VariablesView, VariableView,
} from "../../contract";
import { commitOf, environmentNames, type Deployed, type ServiceSpec } from "./services";
import { paymentsAfter, paymentsBefore, paymentsCommits, plainTemplate } from "./texts";
import { ago } from "./time";

const none: CountsView = { added: 0, removed: 0, changed: 0, dangers: 0, replaced: 0, expected: 0, unknown: 0 };
const property = (path: string, before: string | null, after: string | null, cause: string, kind: "plain" | "expected" | "unknown" = "plain"): PropertyView => ({
  path, before, after, cause, expected: kind === "expected", unknown: kind === "unknown",
});

/** What happens to a resource of the fake bank. */
function judged(logicalId: string, type: string, part: Partial<ResourceRow>): ResourceRow {
  return {
    stack: null, nested: false, logicalId, type, action: "Modify", replacement: part.action && part.action !== "Modify" ? null : "False", impact: "in-place", impactText: "in place", paths: [], causes: ["edited in the template"],
    security: null, accessAdded: [], accessRemoved: [], stateful: false, dataLoss: false, unknowns: [], notes: [], expected: false, location: null, properties: [], ...part,
  };
}
const judgements: Record<string, ResourceRow> = Object.fromEntries([
  judged("PaymentsRole", "AWS::IAM::Role", { security: "broadened", accessAdded: ["Allow dynamodb:DeleteItem, dynamodb:BatchWriteItem and 14 more on table/transactions"] }),
  judged("PaymentsFn", "AWS::Lambda::Function", { unknowns: ["Environment.Variables.LIMIT_DAILY: resolved by Systems Manager, without a version"] }),
  judged("PaymentsApiDeployment4f1", "AWS::ApiGateway::Deployment", { action: "Remove", impact: "removes", impactText: "deletes" }),
  judged("PaymentsApiDeployment8c4", "AWS::ApiGateway::Deployment", { action: "Add", impact: "creates", impactText: "creates" }),
  judged("DailyLimitQueue", "AWS::SQS::Queue", { action: "Add", impact: "creates", impactText: "creates", stateful: true }),
  judged("PaymentsLogs", "AWS::Logs::LogGroup", { expected: true, stateful: true }),
  judged("ErrorAlarm", "AWS::CloudWatch::Alarm", { expected: true }),
].map((row) => [row.logicalId, row]));
const paymentsDangers: DangerRow[] = [
  { kind: "removed", title: "Deleted", logicalId: "PaymentsApiDeployment4f1", text: "it leaves the stack" },
  { kind: "access", title: "Access broadened", logicalId: "PaymentsRole", text: "Allow dynamodb:DeleteItem, dynamodb:BatchWriteItem and 14 more on table/transactions" },
];

const paymentsEntries: EntryView[] = ([
  {
    section: "Resources", name: "PaymentsRole", resourceType: "AWS::IAM::Role", state: "changed", location: "iam/payments.yaml:41",
    properties: [property("Policies[data].PolicyDocument.Statement[0].Action", "- dynamodb:GetItem\n- dynamodb:PutItem\n- dynamodb:Query", "- dynamodb:*", "edited in the template")],
  },
  {
    section: "Resources", name: "PaymentsFn", resourceType: "AWS::Lambda::Function", state: "changed", location: "lambda/payments.yaml:12",
    properties: [
      property("Runtime", "nodejs20.x", "nodejs22.x", "edited in the template"),
      property("Environment.Variables.DAILY_QUEUE", null, "!Ref DailyLimitQueue", "edited in the template"),
      property("Environment.Variables.LIMIT_DAILY", null, null, "resolved by Systems Manager, without a version", "unknown"),
    ],
  },
  { section: "Resources", name: "PaymentsApiDeployment4f1", resourceType: "AWS::ApiGateway::Deployment", state: "only-left", location: "api/payments.yaml:88", properties: [property("RestApiId", "!Ref PaymentsApi", null, "edited in the template")] },
  { section: "Resources", name: "PaymentsApiDeployment8c4", resourceType: "AWS::ApiGateway::Deployment", state: "only-right", location: "api/payments.yaml:88", properties: [property("RestApiId", null, "!Ref PaymentsApi", "edited in the template")] },
  { section: "Resources", name: "DailyLimitQueue", resourceType: "AWS::SQS::Queue", state: "only-right", location: "sqs/payments.yaml:3", properties: [property("MessageRetentionPeriod", null, "345600", "edited in the template"), property("SqsManagedSseEnabled", null, "true", "edited in the template")] },
  {
    section: "Resources", name: "PaymentsLogs", resourceType: "AWS::Logs::LogGroup", state: "changed", location: "lambda/payments.yaml:60",
    properties: [property("RetentionInDays", "365", "14", "Parameter LogRetention", "expected")],
  },
  {
    section: "Resources", name: "ErrorAlarm", resourceType: "AWS::CloudWatch::Alarm", state: "changed", location: "alarms/payments.yaml:9",
    properties: [property("AlarmActions[0]", "arn:aws:sns:us-east-1:333333333333:guardia", "arn:aws:sns:us-east-1:222222222222:guardia", "account of the environment", "expected")],
  },
] satisfies Omit<EntryView, "judgement">[]).map((entry) => ({ ...entry, judgement: judgements[entry.name] ?? null }));

const paymentsVariables: VariableView[] = [
  { stack: "payments-api", key: "ReservedConcurrency", left: "50", right: "80", state: "unexpected", note: "the document of qa says 80 since 51be902a" },
  { stack: "payments-api", key: "DailyQueueAlarm", left: null, right: "900", state: "missing", note: "not in the document of prod" },
  { stack: "payments-api", key: "ApiKey", left: null, right: null, state: "unknown", note: "NoEcho" },
  { stack: "payments-api", key: "LogRetention", left: "365", right: "14", state: "expected", note: null },
  { stack: "payments-api", key: "TableName", left: "transactions-prod", right: "transactions-qa", state: "expected", note: null },
  { stack: "payments-alarms", key: "AlarmEmail", left: "guardia@andes.example", right: "qa-pagos@andes.example", state: "expected", note: null },
  { stack: "payments-api", key: "MemorySize", left: "1024", right: "1024", state: "same", note: "template default" },
];

const paymentsCounts: CountsView = { added: 2, removed: 1, changed: 2, dangers: 2, replaced: 0, expected: 2, unknown: 1 };

export type Side = { ref: SideRef; environment: string; label: string; version: string | null; commit: string | null };

export function sideOf(spec: ServiceSpec, ref: SideRef): Side {
  const environment = ref.kind === "environment" ? ref.name : ref.kind === "change-set" ? "prod" : ref.environment;
  const at = environmentNames.findIndex((name) => name === environment);
  const deployed: Deployed | undefined = spec.cells[at];
  if (ref.kind === "environment") {
    const version = deployed?.version ?? null;
    return { ref, environment, label: `${environment} now`, version, commit: version && commitOf(spec.name, version) };
  }
  if (ref.kind !== "revision") {
    const version = deployed?.version ?? null;
    const label = ref.kind === "past" ? `${environment} at ${ref.at.slice(0, 16).replace("T", " ")} UTC`
      : ref.kind === "files" ? `${environment} with ${ref.files.map((file) => file.name).join(", ")}`
      : `${environment} with change set ${ref.arn.split("/")[1]}`;
    return { ref, environment, label, version, commit: version && commitOf(spec.name, version) };
  }
  return { ref, environment, label: `${ref.revision} for ${environment}`, version: ref.revision.replace(/^v/, ""), commit: commitOf(spec.name, ref.revision) };
}

function countsOf(spec: ServiceSpec, left: Side, right: Side): CountsView {
  if (left.version === right.version && left.version !== null) return { ...none, expected: left.environment === right.environment ? 0 : 3 };
  if (spec.name === "payments-api") return paymentsCounts;
  const seed = spec.name.length;
  return { ...none, added: seed % 3, removed: seed % 4 === 0 ? 1 : 0, changed: 1 + (seed % 4), expected: seed % 6 };
}

function unreadable(spec: ServiceSpec, side: Side): string | null {
  const cell = spec.cells[environmentNames.findIndex((name) => name === side.environment)];
  return side.ref.kind === "environment" && cell?.version === null && cell.tone === "unknown" ? cell.reason ?? "not known" : null;
}

function serviceDifference(spec: ServiceSpec, left: Side, right: Side): ServiceDifferenceView {
  const reason = unreadable(spec, left) ?? unreadable(spec, right);
  const counts = reason ? { ...none, unknown: 1 } : countsOf(spec, left, right);
  const equal = counts.added + counts.removed + counts.changed === 0;
  const only = left.version === null && right.version !== null ? "only-right" : left.version !== null && right.version === null ? "only-left" : null;
  const state = reason ? "unknown" : only ?? (equal ? "same" : "changed");
  return {
    service: spec.name, state, counts, reason,
    stacks: spec.stacks.map((name, index) => index === 0 ? { name, state, counts } : { name, state: reason ? "unknown" : "same", counts: { ...none, expected: 1 } }),
  };
}

export function summaryOf(services: ServiceSpec[], left: SideRef, right: SideRef): ComparisonSummaryView {
  const order = ["changed", "only-right", "only-left", "unknown", "same"];
  return {
    services: services.map((spec) => serviceDifference(spec, sideOf(spec, left), sideOf(spec, right)))
      .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state)),
  };
}

const plainEntries = (spec: ServiceSpec, left: Side, right: Side): EntryView[] => [{
  section: "Resources", name: "Function", resourceType: "AWS::Lambda::Function", state: "changed", location: `lambda/${spec.name}.yaml:14`,
  properties: [property("Description", `${spec.name} ${left.version}`, `${spec.name} ${right.version}`, "edited in the template")],
  judgement: judged("Function", "AWS::Lambda::Function", {}),
}];

export function commitsOf(spec: ServiceSpec, count = 3): CommitView[] {
  const told = spec.name === "payments-api" ? paymentsCommits : paymentsCommits.slice(2, 2 + count);
  return told.map(([id, title, author, minutes], index) => ({
    id: id + commitOf(spec.name, id).slice(8), title, author, at: ago(minutes), mergeRequest: `!${318 - index}`, tickets: index === 0 ? ["PAY-1418"] : [], files: ["templates/lambda/payments-api.yaml"], fileCount: 1,
  }));
}

export function comparisonOf(spec: ServiceSpec, leftRef: SideRef, rightRef: SideRef): ComparisonView {
  const [left, right] = [sideOf(spec, leftRef), sideOf(spec, rightRef)];
  const difference = serviceDifference(spec, left, right);
  const payments = spec.name === "payments-api" && difference.state === "changed";
  const stacks = difference.stacks.map((stack, index): StackComparisonView => ({
    name: stack.name, left: left.version && `${stack.name}-${left.environment}`, right: right.version && `${stack.name}-${right.environment}`,
    state: stack.state, reason: difference.reason, counts: stack.counts, security: payments && index === 0 ? "broadened" : null,
    dangers: payments && index === 0 ? paymentsDangers : [],
    entries: stack.state !== "changed" ? [] : payments ? paymentsEntries : index === 0 ? plainEntries(spec, left, right) : [],
  }));
  const view = ({ label, version, commit }: Side) => ({ label, version, commit, at: ago(0.7), doubts: [] });
  return {
    service: spec.name, left: view(left), right: view(right), stacks, counts: difference.counts,
    variables: payments ? paymentsVariables : difference.state === "unknown" ? [] : paymentsVariables.slice(3, 4).map((row) => ({ ...row, stack: spec.stacks[0] ?? "" })),
    variablesNote: difference.state === "unknown" ? "Parameters are not known where the stack cannot be read." : null,
    commits: difference.state === "changed" ? commitsOf(spec) : [], commitsNote: difference.state === "unknown" ? "The commit on one side is not known." : null,
  };
}

export function rawOf(spec: ServiceSpec, stack: string, leftRef: SideRef, rightRef: SideRef): RawTextView {
  const [left, right] = [sideOf(spec, leftRef), sideOf(spec, rightRef)];
  const payments = stack === "payments-api" && left.version !== right.version;
  const text = (side: Side, other: string) => side.version === null ? null : payments ? other : plainTemplate(spec.name, side.version);
  return {
    left: text(left, paymentsBefore), right: text(right, paymentsAfter),
    notes: payments ? ["CloudFormation keeps characters outside ASCII as ?: 1 was replaced on the left."] : [],
  };
}

/** One row of every kind that a table of variables has. */
export function variablesOf(spec: ServiceSpec): VariablesView {
  const given = (value: string): VariableCellView => ({ kind: "given", value });
  const row = (key: string, cells: VariableCellView[], state: VariableRowView["state"], rest: Partial<VariableRowView> = {}): VariableRowView => ({ stack: spec.stacks[0] ?? spec.name, key, cells, state, note: null, trouble: null, troubleIn: [], ...rest });
  return {
    service: spec.name, environments: [...environmentNames], doubts: [],
    rows: [
      row("Environment", ["dev", "qa", "prod"].map(given), "expected"),
      row("LogRetention", ["14", "30", "365"].map(given), "expected"),
      row("Timeout", ["30", "30", "10"].map(given), "unexpected"),
      row("Feature", [given("on"), given("on"), { kind: "absent", value: null }], "missing"),
      row("PartnerApiKey", [{ kind: "hidden", value: null }, { kind: "hidden", value: null }, { kind: "hidden", value: null }], "unknown", { note: "NoEcho" }),
      row("Spare", ["1", "1", "1"].map(given), "same", { trouble: "unused" }),
      row("Tablename", ["a", "a", "a"].map(given), "same", { trouble: "not-declared" }),
      row("Limit", [given("5"), given("5"), { kind: "default", value: "5" }], "same", { trouble: "undefined", troubleIn: ["qa"] }),
    ],
  };
}
