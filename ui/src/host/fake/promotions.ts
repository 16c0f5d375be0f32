// Promotions of the fake bank: one waits for approval, one runs, and new ones can be made.
import type { ActionView, ParticipantView, PersonView, PromotionAction, PromotionView, RunView, VerdictView } from "../../contract";
import { ago, people } from "./bank";

const gates = (red: boolean): VerdictView[] => [
  { gate: "Stable in the source environment", tone: "ok", outcome: "passed", summary: "2 stacks in qa in order", evidence: "AWS CloudFormation", at: ago(1), blocking: false },
  { gate: "Quality gate", tone: "ok", outcome: "passed", summary: "passed for this commit", evidence: "SonarQube", at: ago(50), blocking: false },
  red
    ? { gate: "No stateful resource is replaced or removed", tone: "bad", outcome: "failed", summary: "replaces Transactions (AWS::DynamoDB::Table)", evidence: "change sets", at: ago(1), blocking: true }
    : { gate: "Outside of freeze windows", tone: "ok", outcome: "passed", summary: "freeze `weekend` begins Friday", evidence: "estate file", at: ago(0), blocking: false },
];

export type Fake = { id: string; service: string; version: string; requester: string; state: string; approvals: string[]; red: boolean; started: number | null };

export const started: Fake[] = [
  { id: "PR-TABLE1", service: "transactions-table", version: "1.12.0", requester: "s.lara", state: "waiting for approval", approvals: [], red: true, started: null },
  { id: "PR-RUN777", service: "notifications", version: "6.4.3", requester: "a.ruiz", state: "running", approvals: ["l.prado"], red: false, started: Date.now() - 8_000 },
];

const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;

function actions(fake: Fake, me: PersonView): ActionView[] {
  const make = (action: PromotionAction, label: string, reason: string | null, confirm: string | null = null): ActionView => ({ action, label, enabled: reason === null, reason, confirm });
  const barrier = fake.requester === me.id ? `${me.name} asked for it` : me.role !== "release manager" ? `${me.name} is not a release manager` : null;
  switch (fake.state) {
    case "draft": return [make("request", "Request approval for prod", fake.requester === me.id ? null : `${nameOf(fake.requester)} prepared it and has to ask`), make("prepare-again", "Prepare again", null), make("abandon", "Abandon", null)];
    case "waiting for approval": return [make("approve", `Approve as ${me.name}`, barrier), make("reject", "Reject", barrier), make("prepare-again", "Prepare again", null), make("abandon", "Abandon", null)];
    case "approved": return [make("execute", `Promote ${fake.service} to prod`, me.role === "release manager" ? null : "a release manager starts it", "prod"), make("abandon", "Abandon", null)];
    case "running": return [make("abort", "Abort", null, "prod")];
    default: return [];
  }
}

export function runOf(fake: Fake): RunView | null {
  if (fake.started === null) return null;
  const at = (seconds: number) => new Date((fake.started ?? 0) + seconds * 1000).toISOString();
  const passed = (Date.now() - fake.started) / 1000;
  const finished = fake.state === "verified";
  const names = ["Role", "Queue", "Topic", "Function", "Alias"];
  return {
    promotion: fake.id, state: fake.state, tone: finished ? "ok" : "running", finished, startedAt: at(0), endedAt: finished ? at(passed) : null,
    usualMs: 540_000, waitingOn: finished ? null : "Function (AWS::Lambda::Function)", build: null, inputs: [], firstError: null, firstErrorLine: null,
    steps: [
      { id: "approved", name: "Approvals complete", depth: 0, state: "done", tone: "ok", startedAt: at(-60), endedAt: at(-60), usualMs: null, detail: null },
      { id: "execute", name: `Deploy ${fake.service}-prod in us-east-1`, depth: 0, state: finished ? "done" : "running", tone: finished ? "ok" : "running", startedAt: at(0), endedAt: null, usualMs: null, detail: "AWS took the call" },
      { id: "verify", name: "Verify what is there now", depth: 0, state: finished ? "done" : "pending", tone: finished ? "ok" : "neutral", startedAt: null, endedAt: null, usualMs: 20_000, detail: null },
    ],
    resources: names.filter((_, index) => index * 2 <= passed).map((name, index) => ({
      stack: `${fake.service}-prod`, logicalId: name, resourceType: "AWS::Lambda::Function", startedAt: at(index * 2),
      endedAt: finished || passed > index * 2 + 3 ? at(index * 2 + 3) : null, reason: null,
      status: finished || passed > index * 2 + 3 ? "UPDATE_COMPLETE" : "UPDATE_IN_PROGRESS", tone: finished || passed > index * 2 + 3 ? "ok" : "running",
    })),
  };
}

export function viewOf(fake: Fake, me: PersonView): PromotionView {
  const list = actions(fake, me);
  const over = ["verified", "rejected", "abandoned"].includes(fake.state);
  const can = list.some((item) => item.enabled && ["approve", "execute", "request"].includes(item.action));
  const digest = "7f3a9c1eb204".padEnd(64, "0");
  const participants: ParticipantView[] = people.filter((person) => person.id === fake.requester || person.role === "release manager").map((person) => ({
    person: person.id, name: person.name, role: person.role, me: person.id === me.id, at: fake.approvals.includes(person.id) ? ago(5) : null,
    state: fake.approvals.includes(person.id) ? "approved" : person.id === fake.requester ? "requested" : "may approve",
    tone: fake.approvals.includes(person.id) ? "ok" : person.id === fake.requester ? "neutral" : "waiting", detail: null,
  }));
  return {
    summary: {
      id: fake.id, service: fake.service, from: "qa", to: "prod", version: fake.version, via: "cloudformation", state: fake.state,
      tone: fake.state === "running" ? "running" : fake.state === "waiting for approval" ? "waiting" : over ? "ok" : "neutral",
      requestedBy: nameOf(fake.requester), createdAt: ago(30), updatedAt: ago(5), digestShort: "7f3a 9c1e b204",
      waitingOn: fake.state === "waiting for approval" ? "1 of 1 approvals" : null, group: over ? "done" : can ? "needs-me" : "waiting",
    },
    digest, manifest: '{\n  "schema": "interlock/manifest/v1"\n}', changeNote: null,
    elements: [{ group: "promotion", name: "service", value: fake.service }, { group: `${fake.service}-prod`, name: "account", value: "333333333333" }],
    changeSets: [{
      stack: `${fake.service}-prod`, account: "333333333333", region: "us-east-1", name: "ilk-pr-1", status: "CREATE_COMPLETE / AVAILABLE", tone: "ok", reason: null, empty: false,
      changes: [
        { action: "Modify", logicalId: fake.red ? "Transactions" : "Function", physicalId: "transactions-prod", resourceType: fake.red ? "AWS::DynamoDB::Table" : "AWS::Lambda::Function", replacement: fake.red ? "True" : "False", impact: fake.red ? "replaced" : "changes in place", tone: fake.red ? "bad" : "running",
          details: [{ path: "/Properties/KeySchema", before: "id", after: "account", cause: "edited in the template", recreation: fake.red ? "Always" : "Never" }] },
        { action: "Add", logicalId: "Alarm", physicalId: null, resourceType: "AWS::CloudWatch::Alarm", replacement: null, impact: "added", tone: "ok", details: [] },
      ],
    }],
    commits: [{ id: "8c41d0e51be902a08c41d0e51be902a08c41d0e5", title: "Limit transfers by account (!318)", author: "Sofía Lara", at: ago(900), mergeRequest: "!318" }],
    commitsNote: null, gates: gates(fake.red), approvalsNeeded: 1, approvalsHave: fake.approvals.length, people: participants, voided: null,
    actions: list, run: runOf(fake), record: [],
  };
}
