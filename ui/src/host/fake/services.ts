// Fourteen services and what runs where. The numbers are invented; the differences are worth finding.
import type { CellView, MarkerView, ReasonView, Tone } from "../../contract";
import { ago, DAY, HOUR } from "./time";

export const environmentNames = ["dev", "qa", "prod"] as const;
export type EnvironmentName = (typeof environmentNames)[number];

export type Deployed = Partial<CellView> & { version: string | null; minutes: number };
export type ServiceSpec = {
  name: string;
  group: string;
  team: string;
  via: "cloudformation" | "jenkins";
  stacks: string[];
  cells: [Deployed, Deployed, Deployed];
  refused?: ReasonView[];
};

const mark = (kind: MarkerView["kind"], tone: Tone, label: string, detail: string): MarkerView => ({ kind, tone, label, detail });
export const behind = (count: number, left: string) =>
  mark("behind", "neutral", `${count} behind`, `${count} commits are in ${left} and not here`);
const gateOk = mark("gate", "ok", "gate", "the quality gate of this commit passed");
const gateBad = mark("gate", "bad", "gate", "the quality gate of this commit failed: coverage on new code 64.0 %, wanted 80 %");
const same = (version: string, ...minutes: [number, number, number]): [Deployed, Deployed, Deployed] => [
  { version, minutes: minutes[0] }, { version, minutes: minutes[1] }, { version, minutes: minutes[2] },
];

export function specs(): ServiceSpec[] {
  return [
    {
      name: "customer-portal", group: "Channels", team: "Web channels", via: "cloudformation", stacks: ["portal", "portal-edge"],
      cells: [
        { version: "4.18.2", minutes: 3 * HOUR },
        { version: "4.18.0", minutes: DAY, markers: [behind(3, "dev")] },
        { version: "4.16.1", minutes: 19 * DAY, markers: [behind(11, "qa")] },
      ],
    },
    { name: "users-pool", group: "Channels", team: "Identity", via: "cloudformation", stacks: ["users-pool"], cells: same("2.7.0", 6 * DAY, 5 * DAY, 5 * DAY) },
    {
      name: "mobile-bff", group: "Channels", team: "Web channels", via: "cloudformation", stacks: ["mobile-bff"],
      cells: [
        {
          version: "1.44.0", minutes: 35, tone: "running", status: "deploying", reason: "mobile-bff-dev is UPDATE_IN_PROGRESS, 4 of 6 resources",
        },
        { version: "1.43.2", minutes: 2 * DAY }, { version: "1.43.2", minutes: 2 * DAY },
      ],
    },
    {
      name: "payments-api", group: "Payments", team: "Payments", via: "cloudformation", stacks: ["payments-api", "payments-alarms"],
      cells: [
        { version: "9.3.1", minutes: 2 * HOUR },
        { version: "9.3.1", minutes: 50, markers: [gateOk] },
        {
          version: "9.1.4", minutes: 23 * DAY, tone: "drift", status: "drifted",
          markers: [behind(14, "qa"), mark("drift", "drift", "drift", "drift was detected in payments-api-prod")],
        },
      ],
    },
    {
      name: "transfers", group: "Payments", team: "Payments", via: "jenkins", stacks: ["transfers"],
      cells: [
        { version: "5.2.0", minutes: 4 * DAY },
        { version: "5.2.0", minutes: 3 * DAY, markers: [gateBad] },
        { version: "5.1.9", minutes: 12 * DAY, markers: [behind(2, "qa")] },
      ],
      refused: [{ text: "the quality gate of 5.2.0 failed: coverage on new code 64.0 %, wanted 80 %", link: "http://127.0.0.1:9000/dashboard?id=transfers" }],
    },
    {
      name: "cards", group: "Payments", team: "Cards", via: "cloudformation", stacks: ["cards", "cards-tokens"],
      cells: [
        { version: "3.0.0-rc.2", minutes: DAY },
        { version: "2.9.7", minutes: 8 * DAY, markers: [behind(21, "dev")] },
        { version: "2.9.7", minutes: 7 * DAY },
      ],
    },
    { name: "fraud-scoring", group: "Payments", team: "Risk", via: "cloudformation", stacks: ["fraud-scoring"], cells: same("7.7.1", 2 * DAY, 2 * DAY, DAY) },
    {
      name: "statements", group: "Payments", team: "Accounts", via: "jenkins", stacks: ["statements"],
      cells: [
        {
          version: "2.2.0", minutes: 9 * HOUR, tone: "bad", status: "rolled back", lastGood: "2.1.8",
          reason: "the last update of statements-dev was rolled back: Resource handler returned message: \"Runtime nodejs16.x is not supported\"",
          markers: [mark("build", "bad", "build failed", "build/statements #219 failed")],
        },
        { version: "2.1.8", minutes: 6 * DAY }, { version: "2.1.8", minutes: 5 * DAY },
      ],
    },
    {
      name: "limits-engine", group: "Payments", team: "Risk", via: "cloudformation", stacks: ["limits-engine"],
      cells: [{ version: "0.14.0", minutes: 4 * HOUR }, { version: null, minutes: 0, tone: "neutral", status: "not deployed" }, { version: null, minutes: 0, tone: "neutral", status: "not deployed" }],
    },
    {
      name: "transactions-table", group: "Platform", team: "Data", via: "cloudformation", stacks: ["transactions"],
      cells: [
        { version: "1.12.0", minutes: 11 * DAY }, { version: "1.12.0", minutes: 10 * DAY },
        { version: "1.11.0", minutes: 41 * DAY, markers: [behind(4, "qa"), mark("danger", "bad", "replaces table", "1.12.0 changes the key of TransactionsTable: AWS replaces it")] },
      ],
    },
    {
      name: "notifications", group: "Platform", team: "Platform", via: "jenkins", stacks: ["notifications"],
      cells: [
        { version: "6.4.3", minutes: 5 * HOUR }, { version: "6.4.3", minutes: 4 * HOUR },
        { version: "6.4.2", minutes: 3 * DAY, tone: "running", status: "deploying" },
      ],
    },
    {
      name: "ledger-events", group: "Platform", team: "Data", via: "cloudformation", stacks: ["ledger-events"],
      cells: [
        { version: "3.3.0", minutes: 9 * DAY }, { version: "3.3.0", minutes: 9 * DAY },
        {
          version: "3.2.5", minutes: 30 * DAY, tone: "unknown", status: "last known", reason: "prod sa-east-1 did not answer since 2 h: ExpiredToken",
          markers: [mark("incomplete", "unknown", "stale", "prod sa-east-1 did not answer since 2 h: ExpiredToken")],
        },
      ],
    },
    {
      name: "edge-waf", group: "Platform", team: "Security", via: "cloudformation", stacks: ["edge-waf"],
      cells: [
        { version: "1.3.0", minutes: 28 * DAY }, { version: "1.3.0", minutes: 28 * DAY },
        {
          version: null, minutes: 0, tone: "unknown", status: "unknown",
          reason: "AccessDenied: InterlockRead may not call cloudformation:DescribeStacks in us-east-1",
        },
      ],
    },
    { name: "batch-payroll", group: "Platform", team: "Accounts", via: "cloudformation", stacks: ["batch-payroll", "batch-queues"], cells: same("4.0.6", 15 * DAY, 14 * DAY, 12 * DAY) },
  ];
}

export const commitOf = (service: string, version: string) => {
  let hash = 2_166_136_261;
  for (const letter of `${service}@${version}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0;
  return [0, 1, 2, 3, 4].map((part) => (Math.imul(hash, part * 2 + 1) >>> 0).toString(16).padStart(8, "0")).join("");
};
export const since = (deployed: Deployed) => (deployed.version === null ? null : ago(deployed.minutes));
