// What a promotion brings: change sets, gates and the manifest's elements.
import type { ChangeSetView, JudgementView, ManifestElementView, ReconciledRowView, ResourceChangeDetailView, ResourceChangeView, Tone, VerdictView } from "../../contract";
import { digestOf, short } from "./digest";
import { nameOf } from "./people";
import type { Kept } from "./promotions";
import { scene } from "./scene";
import { ago } from "./time";

const detail = (path: string, before: string | null, after: string | null, cause: string, recreation = "Never"): ResourceChangeDetailView => ({ path, before, after, cause, recreation, cut: false });
const change = (action: string, logicalId: string, resourceType: string, impact: string, tone: Tone, details: ResourceChangeDetailView[]): ResourceChangeView => ({
  nestedIn: [], action, logicalId, resourceType, impact, tone, details, physicalId: action === "Add" ? null : `${logicalId.toLowerCase()}-1QW8Z`,
  replacement: action === "Modify" ? (impact === "replaced" ? "True" : impact === "may be replaced" ? "Conditional" : "False") : null,
});

const ordinary: ResourceChangeView[] = [
  change("Modify", "PaymentsRole", "AWS::IAM::Role", "changes in place", "running", [
    detail("/Properties/Policies/0/PolicyDocument/Statement/0/Action", '["dynamodb:GetItem","dynamodb:PutItem","dynamodb:Query"]', '"dynamodb:*"', "edited in the template"),
  ]),
  change("Modify", "PaymentsFn", "AWS::Lambda::Function", "changes in place", "running", [
    detail("/Properties/Runtime", "nodejs20.x", "nodejs22.x", "edited in the template"),
    detail("/Properties/Environment/Variables/DAILY_QUEUE", null, "{{changeSet:KNOWN_AFTER_APPLY}}", "follows DailyLimitQueue"),
    detail("/Properties/ReservedConcurrentExecutions", "50", "80", "parameter ReservedConcurrency"),
  ]),
  change("Modify", "PaymentsApiStage", "AWS::ApiGateway::Stage", "may be replaced", "waiting", [detail("/Properties/DeploymentId", "4f1c2a", "{{changeSet:KNOWN_AFTER_APPLY}}", "follows PaymentsApiDeployment8c4", "Conditionally")]),
  change("Add", "DailyLimitQueue", "AWS::SQS::Queue", "added", "ok", []),
  change("Add", "PaymentsApiDeployment8c4", "AWS::ApiGateway::Deployment", "added", "ok", []),
  change("Remove", "PaymentsApiDeployment4f1", "AWS::ApiGateway::Deployment", "left behind", "waiting", []),
];

const replacing: ResourceChangeView[] = [
  change("Modify", "TransactionsTable", "AWS::DynamoDB::Table", "replaced", "bad", [
    detail("/Properties/KeySchema/1/AttributeName", "created", "account", "edited in the template", "Always"),
    detail("/Properties/ProvisionedThroughput/ReadCapacityUnits", "50", "80", "parameter ReadCapacity"),
  ]),
  change("Modify", "TransactionsStreamMapping", "AWS::Lambda::EventSourceMapping", "replaced", "bad", [detail("/Properties/EventSourceArn", "arn:aws:dynamodb:us-east-1:333333333333:table/transactions/stream/2025", "{{changeSet:KNOWN_AFTER_APPLY}}", "follows TransactionsTable", "Always")]),
  change("Modify", "ReadCapacityAlarm", "AWS::CloudWatch::Alarm", "changes in place", "running", [detail("/Properties/Threshold", "40", "64", "parameter ReadCapacity")]),
];

/** Our judgement beside the change set: all agree but the stage, whose replacement the values decide. */
function judgementOf(changes: ResourceChangeView[]): JudgementView {
  const rows = changes.map((change): ReconciledRowView => {
    const open = change.replacement === "Conditional";
    return {
      nestedIn: [], logicalId: change.logicalId, resourceType: change.resourceType, impact: change.impact, announced: true, agreement: open ? "we-know-more" : "agree",
      findings: open ? ["AWS leaves its replacement open; schema and values say that it is not replaced"] : [],
    };
  });
  const agree = rows.filter((row) => row.agreement === "agree").length;
  const more = rows.length - agree;
  return {
    agreement: more > 0 ? "we-know-more" : "agree", agree, rows, security: null, accessAdded: [], accessRemoved: [],
    text: `predicted and AWS's change set agree on ${agree} of ${rows.length} rows${more > 0 ? `; the prediction knows more on ${more}` : ""}`,
    dangers: changes.filter((change) => change.impact === "replaced").map((change) => ({
      kind: change.logicalId.endsWith("Table") ? "data-loss" : "replaced", title: change.logicalId.endsWith("Table") ? "Data will be lost" : "Replaced",
      logicalId: change.logicalId, text: "replaces, new one first",
    })),
  };
}

const setOf = (kept: Kept, stack: string, more: Partial<ChangeSetView>): ChangeSetView => ({
  service: kept.service, stack, account: kept.to === "prod" ? "333333333333" : "222222222222", region: "us-east-1", name: `ilk-${short(digestOf(kept.id)).replaceAll(" ", "-")}`,
  status: "CREATE_COMPLETE / AVAILABLE", tone: "ok", reason: null, empty: false, changes: [], folded: [], problems: [], drift: [], driftKnown: { stack, region: "us-east-1", words: "never checked", tone: "unknown", at: null }, revertsDrift: false, judgement: null, judgementNote: null, ...more,
});

/** Each service of a promotion as a promotion of its own. */
export const partsOf = (kept: Kept): Kept[] => [kept, ...kept.also.map((part) => ({ ...kept, ...part, also: [], danger: false }))];

export const changeSetsOf = (kept: Kept): ChangeSetView[] => partsOf(kept).flatMap(setsOfService);

function setsOfService(kept: Kept): ChangeSetView[] {
  if (kept.via === "jenkins") return [];
  const main = kept.service === "transactions-table" ? "transactions" : kept.service;
  return [
    setOf(kept, `${main}-${kept.to}`, { changes: kept.danger ? replacing : ordinary, judgement: judgementOf(kept.danger ? replacing : ordinary) }),
    setOf(kept, `${main}-alarms-${kept.to}`, { status: "no change", tone: "neutral", empty: true, reason: "The submitted information didn't contain changes." }),
  ];
}

const verdict = (gate: string, tone: Tone, outcome: string, summary: string, evidence: string, minutes: number | null = 1): VerdictView => {
  const blocking = tone === "bad" || tone === "unknown";
  return { gate, service: "", tone, outcome, summary, evidence, at: minutes === null ? null : ago(minutes), blocking, rule: gate.toLowerCase().replaceAll(" ", "-"), lifted: null, waivable: blocking && gate !== "Freeze" };
};

/** Lays waivers and a broken glass over a verdict, which stays what it is. */
function lifted(gate: VerdictView, kept: Kept): VerdictView {
  const waiver = gate.blocking ? kept.waivers.find((item) => item.gate === gate.rule) : undefined;
  const over: Pick<VerdictView, "tone" | "blocking" | "waivable"> = { tone: "waiting", blocking: false, waivable: false };
  if (waiver) return { ...gate, ...over, outcome: "waived", lifted: `waived until ${waiver.expires} by ${nameOf(waiver.owner)} because ${waiver.reason}` };
  if (kept.glass && gate.blocking && ["Freeze", "Drift"].includes(gate.gate)) return { ...gate, ...over, outcome: "passed over", lifted: `passed over for ${kept.glass.incident} because ${kept.glass.reason}` };
  return gate;
}

export function gatesOf(kept: Kept): VerdictView[] {
  return partsOf(kept).flatMap((part) => judged(part).map((gate) => lifted({ ...gate, service: part.service }, kept)));
}

function judged(kept: Kept): VerdictView[] {
  const frozen = scene() === "frozen" && kept.to === "prod";
  return [
    verdict("Quality gate", "ok", "passed", `gate passed for ${kept.version}`, "SonarQube, analysis of 8c41d0e", 50),
    verdict("Build", "ok", "passed", "build #1033 succeeded, 412 of 412 tests", "Jenkins build/payments-api"),
    verdict("Deployed in the environment before", "ok", "passed", `${kept.version} runs in ${kept.from} and is stable`, "CloudFormation"),
    kept.danger
      ? verdict("No data is lost", "bad", "failed", "2 resources would be replaced: TransactionsTable, TransactionsStreamMapping", "the change set")
      : verdict("No data is lost", "ok", "passed", "no replacement and no removal of data", "the change set"),
    frozen ? verdict("Freeze", "bad", "failed", "prod is frozen (weekend) until Monday 06:00", "estate file", null) : verdict("Freeze", "ok", "passed", "no freeze holds now", "estate file", null),
    kept.danger ? verdict("Drift", "unknown", "unknown", "drift was not checked in the last 24 hours", "CloudFormation, last detection", 2_900)
      : verdict("Drift", "ok", "passed", "no drift is known", "CloudFormation, last detection", 300),
  ];
}

export function elementsOf(kept: Kept): ManifestElementView[] {
  const stack = changeSetsOf(kept)[0]?.stack ?? `${kept.service}-${kept.to}`;
  const list: [string, string, string][] = [
    ["promotion", "services", partsOf(kept).map((part) => part.service).join(", ")], ["promotion", "from", kept.from], ["promotion", "to", kept.to],
    ...partsOf(kept).flatMap((part): [string, string, string][] => [[part.service, "version", part.version], [part.service, "commit", digestOf(part.version).slice(0, 40)]]),
    [stack, "account", kept.to === "prod" ? "333333333333" : "222222222222"], [stack, "region", "us-east-1"], [stack, "template", `sha256 ${digestOf(stack)}`],
    [stack, "change set", `ilk-${short(digestOf(kept.id)).replaceAll(" ", "-")}`], [stack, "parameter Environment", kept.to],
    [stack, "parameter ReservedConcurrency", kept.moved ? kept.moved.after : "80"], [stack, "parameter LogRetention", "365"], [stack, "parameter ApiKey", "unchanged (NoEcho)"],
  ];
  return list.map(([group, name, value]) => ({ group, name, value }));
}

export const manifestOf = (kept: Kept) => JSON.stringify({
  schema: "interlock/manifest/v1", promotion: kept.id, elements: Object.fromEntries(elementsOf(kept).map(({ group, name, value }) => [`${group}/${name}`, value])),
}, null, 2);
