// The fake host: keeps state, has permissions, answers every command. Never part of the desktop's bundle.
import type { AuditEntryView, Commands, ErrorEnvelope, HostEvent } from "../../contract";
import type { CommandName, Host } from "../host";
import { ago, estate, identity, overview, people, rows, stack } from "./bank";
import { started, runOf, viewOf, type Fake } from "./promotions";

type Handlers = { [K in CommandName]: (request: Commands[K]["request"]) => Commands[K]["response"] };

const fail = (code: ErrorEnvelope["code"], message: string): never => {
  const envelope: ErrorEnvelope = { code, message, hints: [], retryable: false, location: null, correlation: "F001" };
  throw envelope;
};

export function createFake(): Host & { fakes: Fake[] } {
  const listeners = new Set<(event: HostEvent) => void>();
  const tell = (event: HostEvent) => listeners.forEach((listener) => listener(event));
  const fakes: Fake[] = structuredClone(started);
  const record: AuditEntryView[] = [];
  let me = people[2] ?? fail("internal", "no people");
  const find = (id: string): Fake => fakes.find((fake) => fake.id === id) ?? fail("not-found", `Promotion ${id} is not in the ledger.`);
  const log = (fake: Fake, kind: string, summary: string) => {
    record.push({ seq: record.length, at: new Date().toISOString(), actor: me.name, kind, summary, tone: "neutral", promotion: fake.id, ignored: null, leaf: "0".repeat(64), statement: "{}" });
    tell({ kind: "promotion-changed", id: fake.id });
  };
  const say = (id: string, state: string, kind: string, summary: string) => {
    const fake = find(id);
    fake.state = state;
    log(fake, kind, summary);
    return viewOf(fake, me);
  };
  const handlers: Handlers = {
    estate_view: () => estate,
    identity_view: () => identity(me),
    overview_view: () => overview,
    overview_refresh: () => overview,
    overview_cancel: () => ({}),
    cell_view: ({ service, environment }) => {
      const cell = rows.find((row) => row.service === service)?.cells.find((item) => item.environment === environment);
      if (!cell) return fail("not-found", `Service ${service} is not part of this estate.`);
      return {
        service, cell, behindNote: null, stacks: [stack(service, environment)], preview: [],
        facts: [{ label: "Version", value: cell.version ?? "not known", detail: "8c41d0e", tone: "neutral", at: null, code: true, link: null }],
        drift: cell.status === "drifted" ? [{ stack: `${service}-${environment}`, logicalId: "PaymentsFn", resourceType: "AWS::Lambda::Function", path: "MemorySize", expected: "1024", actual: "2048", at: ago(2000) }] : [],
        behind: [{ id: "8c41d0e51be902a0", title: "Limit transfers", author: "Sofía Lara", at: ago(900), mergeRequest: null }],
        links: [{ label: "SonarQube", url: "http://127.0.0.1/dashboard" }],
      };
    },
    comparison_summary: () => ({
      services: rows.map((row) => ({
        service: row.service, state: row.differs ? "changed" : "same", reason: null,
        counts: { added: row.differs ? 1 : 0, removed: 0, changed: row.differs ? 2 : 0, expected: 3, unknown: 0 },
        stacks: [{ name: row.service, state: row.differs ? "changed" : "same", counts: { added: 1, removed: 0, changed: 2, expected: 3, unknown: 0 } }],
      })),
    }),
    comparison_view: ({ service, left, right }) => ({
      service,
      left: { label: `${left.kind === "environment" ? left.name : left.revision} now`, version: "9.1.4", commit: "2b7f0c9d", at: ago(1) },
      right: { label: `${right.kind === "environment" ? right.name : right.revision} now`, version: "9.3.1", commit: "8c41d0e5", at: ago(1) },
      counts: { added: 1, removed: 0, changed: 2, expected: 1, unknown: 1 },
      commits: [{ id: "8c41d0e51be902a0", title: "Limit transfers", author: "Sofía Lara", at: ago(900), mergeRequest: "!318" }],
      commitsNote: null, variablesNote: null,
      variables: [
        { stack: service, key: "LogRetention", left: "365", right: "14", state: "expected", note: null },
        { stack: service, key: "ReservedConcurrency", left: "50", right: "80", state: "unexpected", note: null },
        { stack: service, key: "ApiKey", left: null, right: null, state: "unknown", note: "NoEcho" },
      ],
      stacks: [{
        name: service, left: `${service}-prod`, right: `${service}-qa`, state: "changed", reason: null, counts: { added: 1, removed: 0, changed: 2, expected: 1, unknown: 1 },
        entries: [
          { section: "Resources", name: "PaymentsFn", resourceType: "AWS::Lambda::Function", state: "changed", location: "lambda/payments.yaml:12", properties: [
            { path: "Runtime", before: "nodejs20.x", after: "nodejs22.x", expected: false, unknown: false, cause: "edited in the template" },
            { path: "Environment.LIMIT_DAILY", before: null, after: null, expected: false, unknown: true, cause: "edited in the template" }] },
          { section: "Resources", name: "Alarm", resourceType: "AWS::CloudWatch::Alarm", state: "only-right", location: "lambda/payments.yaml:80", properties: [] },
          { section: "Resources", name: "Logs", resourceType: "AWS::Logs::LogGroup", state: "changed", location: "lambda/payments.yaml:60", properties: [
            { path: "RetentionInDays", before: "365", after: "14", expected: true, unknown: false, cause: "Parameter LogRetention" }] },
        ],
      }],
    }),
    comparison_raw: () => ({ left: "Resources:\n  A:\n    Type: AWS::SNS::Topic\n", right: "Resources:\n  B:\n    Type: AWS::SNS::Topic\n", notes: [] }),
    promotions_view: () => {
      const promotions = fakes.map((fake) => viewOf(fake, me).summary);
      return { promotions, needsMe: promotions.filter((item) => item.group === "needs-me").length };
    },
    promotion_view: ({ id }) => ({ ...viewOf(find(id), me), record: record.filter((entry) => entry.promotion === id) }),
    promotion_prepare: ({ service, to }) => {
      const fake: Fake = { id: `PR-NEW${fakes.length}`, service, version: "9.3.1", requester: me.id, state: "draft", approvals: [], red: false, started: null };
      fakes.push(fake);
      log(fake, "draft", `prepared ${service} for ${to}`);
      return viewOf(fake, me);
    },
    promotion_prepare_again: ({ id }) => say(id, "draft", "draft", "prepared it again"),
    promotion_request: ({ id }) => say(id, "waiting for approval", "request", "asked for approval"),
    promotion_approve: ({ id, digest }) => {
      const fake = find(id);
      if (digest !== viewOf(fake, me).digest) return fail("precondition-failed", "It was prepared again since you looked.");
      fake.approvals.push(me.id);
      return say(id, "approved", "approval", "approved it");
    },
    promotion_reject: ({ id, comment }) => (comment.trim() === "" ? fail("precondition-failed", "A rejection needs a reason.") : say(id, "rejected", "rejection", comment)),
    promotion_execute: ({ id }) => {
      find(id).started = Date.now();
      return say(id, "running", "execution-claim", "claimed attempt 1");
    },
    promotion_resume: ({ id }) => viewOf(find(id), me),
    promotion_abort: ({ id }) => say(id, "aborted", "completion", "was aborted"),
    promotion_abandon: ({ id, comment }) => say(id, "abandoned", "abandonment", comment),
    run_view: ({ id }) => runOf(find(id)) ?? fail("precondition-failed", `${id} has not been started.`),
    run_log: ({ id, from }) => {
      const fake = find(id);
      const all = fake.started === null ? 0 : Math.min(400, Math.floor((Date.now() - fake.started) / 50));
      const lines = Array.from({ length: Math.max(0, all - from) }, (_, index) => ({ at: null, text: `${from + index} UPDATE_IN_PROGRESS <b>Function</b>`, tone: "running" as const }));
      return { from, lines, next: from + lines.length, complete: fake.state !== "running", dropped: 0 };
    },
    input_answer: ({ id }) => runOf(find(id)) ?? fail("not-found", id),
    audit_view: () => ({ entries: record.toReversed(), more: false, verification: { tone: "ok", summary: `${record.length} entries hold together`, size: record.length, root: "a".repeat(64), firstBad: null } }),
    connections_test: () => ({ connections: [
      { name: "AWS prod", address: "http://127.0.0.1", tone: "ok", message: "It answers and knows who you are.", hints: [], identity: me.id, version: null, elapsedMs: 12 },
      { name: "GitLab", address: "http://127.0.0.1", tone: "bad", message: "Connection refused.", hints: ["Start it, or correct the address."], identity: null, version: null, elapsedMs: 3 },
    ] }),
    practice_switch_person: ({ person }) => {
      me = people.find((item) => item.id === person) ?? fail("not-found", person);
      tell({ kind: "identity-changed" });
      return identity(me);
    },
    open_link: () => ({}),
  };
  return {
    fakes,
    call: async (name, request) => structuredClone(handlers[name](request as never)) as never,
    listen(handler) {
      listeners.add(handler);
      return () => listeners.delete(handler);
    },
  };
}

export const host = createFake();
