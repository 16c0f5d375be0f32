// Promotions as the bank remembers them. Each kind of state that the inbox can show is there once.
import { thatFails, viaCloudFormation, viaJenkins, type PlannedStep } from "./plan";
import type { Run } from "./run";

export type State = "draft" | "waiting for approval" | "approved" | "running" | "outcome unknown" | "verified" | "failed" | "aborted" | "rejected" | "voided" | "abandoned";
export type Kept = {
  id: string;
  service: string;
  /** Services that go with it, delivered after it. */
  also: { service: string; version: string; via: "cloudformation" | "jenkins" }[];
  from: string;
  to: string;
  version: string;
  via: "cloudformation" | "jenkins";
  requester: string;
  state: State;
  approvals: { by: string; minutes: number; comment: string }[];
  createdMinutes: number;
  updatedMinutes: number;
  reason: string | null;
  moved: { element: string; before: string; after: string; minutes: number; approvedBy: string[] } | null;
  waivers: { gate: string; service: string; owner: string; by: string; reason: string; expires: string }[];
  glass: { by: string; incident: string; reason: string; minutes: number; review: { by: string; minutes: number; found: string } | null } | null;
  withdrawn: { minutes: number; reason: string } | null;
  danger: boolean;
  run: Run | null;
};

export function runFrom(service: string, to: string, via: Kept["via"], startedAt: number, plan?: PlannedStep[]): Run {
  return {
    plan: plan ?? (via === "jenkins" ? viaJenkins(service, to) : viaCloudFormation(service, to)),
    startedAt, via, job: `deploy/${service}`, abortedAt: null, unknownSince: null, answers: {},
  };
}

/** What a promotion has that nothing special happened to. */
export const untouched = { also: [], reason: null, moved: null, waivers: [], glass: null, withdrawn: null, danger: false, run: null };

const kept = (id: string, service: string, version: string, state: State, more: Partial<Kept>): Kept => ({
  id, service, version, state, from: "qa", to: "prod", via: "cloudformation", requester: "s.lara", approvals: [], createdMinutes: 60, updatedMinutes: 12,
  ...untouched, ...more,
});

const luis = (minutes: number, comment = "") => ({ by: "l.prado", minutes, comment });
const ana = (minutes: number, comment = "") => ({ by: "a.ruiz", minutes, comment });

export function remembered(now: number): Kept[] {
  const before = (minutes: number) => now - minutes * 60_000;
  return [
    kept("PR-7K2M9Q", "transactions-table", "1.12.0", "waiting for approval", {
      danger: true, createdMinutes: 95, updatedMinutes: 14,
      moved: { element: "parameter ReadCapacity of transactions-prod", before: "50", after: "80", minutes: 22, approvedBy: ["l.prado"] },
    }),
    kept("PR-4XW8TD", "notifications", "6.4.3", "running", {
      via: "jenkins", requester: "d.mora", approvals: [luis(9, "Mensajes revisados.")], createdMinutes: 40, updatedMinutes: 1, run: runFrom("notifications", "prod", "jenkins", now - 41_000),
    }),
    kept("PR-9QF3HZ", "customer-portal", "4.18.0", "approved", { approvals: [luis(31, "Reviewed with the channel team.")], createdMinutes: 180, updatedMinutes: 31 }),
    kept("PR-2MB6RC", "cards", "3.0.0-rc.2", "waiting for approval", { from: "dev", to: "qa", requester: "a.ruiz", createdMinutes: 25, updatedMinutes: 25 }),
    kept("PR-6PZ4QS", "batch-payroll", "4.0.7", "voided", {
      requester: "a.ruiz", createdMinutes: 400, updatedMinutes: 55, moved: { element: "template of batch-queues-prod", before: "sha256 91c2 aa07 3be1", after: "sha256 5d10 44f2 9a6c", minutes: 55, approvedBy: [] },
    }),
    kept("PR-1LK9UW", "fraud-scoring", "7.7.2", "outcome unknown", {
      requester: "d.mora", approvals: [ana(90)], createdMinutes: 200, updatedMinutes: 71, run: { ...runFrom("fraud-scoring", "prod", "cloudformation", before(71)), unknownSince: before(70.9) },
    }),
    kept("PR-5TN1VA", "cards", "2.9.8", "failed", {
      approvals: [luis(1_500)], createdMinutes: 1_700, updatedMinutes: 1_440, reason: "CardsRole: Value of property Policies must be a list", run: runFrom("cards", "prod", "cloudformation", before(1_441), thatFails("cards", "prod")),
    }),
    kept("PR-8CJ0LE", "fraud-scoring", "7.7.1", "verified", { approvals: [ana(1_460), luis(1_450)], createdMinutes: 1_600, updatedMinutes: 1_438, run: runFrom("fraud-scoring", "prod", "cloudformation", before(1_441)) }),
    kept("PR-8GL4SS", "transfers", "5.1.1", "verified", {
      requester: "l.prado", createdMinutes: 700, updatedMinutes: 655, run: runFrom("transfers", "prod", "cloudformation", before(660)),
      glass: { by: "l.prado", incident: "INC-4471", reason: "Transfers to other banks time out.", minutes: 670, review: null },
    }),
    kept("PR-3HD7YK", "statements", "2.2.0", "rejected", { via: "jenkins", from: "dev", to: "qa", reason: "The build of 2.2.0 fails in dev.", createdMinutes: 600, updatedMinutes: 520 }),
    kept("PR-0AB5CX", "users-pool", "2.7.1", "abandoned", { reason: "Superseded by 2.8.", createdMinutes: 9_000, updatedMinutes: 8_800 }),
  ];
}
