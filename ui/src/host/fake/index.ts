// The fake host: a bank with state, permissions and time. Only development and tests load it, never the desktop.
import type { CellView, Commands, HostEvent, PersonView, Tone } from "../../contract";
import type { CommandName, Host } from "../host";
import { historyOf } from "./audit";
import { cellDetailOf } from "./cells";
import { comparisonOf, rawOf, summaryOf as differencesOf, variablesOf } from "./comparison";
import { connectionsOf } from "./connections";
import { createLooking } from "./drift";
import { estateOf, overviewOf } from "./overview";
import { identityOf, people } from "./people";
import { freezesOf } from "./freezes";
import { drafted, partOf } from "./prepare";
import { remembered, runFrom, type Kept } from "./promotions";
import { logView, runView } from "./run";
import { outage, overEstate, refuse } from "./refusals";
import { failing, scene } from "./scene";
import { needed } from "./rules";
import { specs, type ServiceSpec } from "./services";
import { pause } from "./time";
import { digestOfKept, openOf, promotionView, settle, summaryOf } from "./view";

type Handlers = { [K in CommandName]: (request: Commands[K]["request"]) => Commands[K]["response"] | Promise<Commands[K]["response"]> };

/** A bank of its own: tests take one each. `patience` is how long preparing and refreshing take, in milliseconds. */
export function createBank(patience = 900): Host {
  const listeners = new Set<(event: HostEvent) => void>();
  const tell = (event: HostEvent) => listeners.forEach((listener) => listener(event));
  const services = specs();
  const promotions = remembered(Date.now());
  const ledger = historyOf(promotions);
  let me: PersonView = people[2] ?? refuse("internal", "The bank has nobody.");
  const looking = createLooking(patience, tell, () => refuse("cancelled", "Cancelled."));
  let refreshing = false;
  let cancelled = false;
  let ticking: ReturnType<typeof setInterval> | undefined;

  const service = (name: string): ServiceSpec =>
    services.find((item) => item.name === name) ?? (scene() === "large" ? services[Number(name.slice(-4)) % services.length - 1] : undefined)
      ?? refuse("not-found", `Service ${name} is not part of this estate.`);
  const promotion = (id: string): Kept => {
    const kept = promotions.find((item) => item.id === id) ?? refuse("not-found", `Promotion ${id} is not in the ledger.`, { hints: ["It may have been made on another machine: each desktop keeps its own ledger so far."] });
    return settle(kept, Date.now());
  };
  const overview = () => overviewOf(services, openOf(promotions, Date.now()), refreshing);
  const view = (kept: Kept) => promotionView(kept, me, services, ledger.about(kept.id), Date.now());
  const step = (kept: Kept, kind: string, summary: string, tone: Tone) => {
    kept.updatedMinutes = 0;
    ledger.append(new Date().toISOString(), me.name, kind, summary, tone, kept.id);
    tell({ kind: "promotion-changed", id: kept.id });
    tell({ kind: "overview-changed" });
    return view(kept);
  };
  const cellOf = (name: string, environment: string): CellView =>
    overview().rows.find((item) => item.service === name)?.cells.find((item) => item.environment === environment)
      ?? refuse("not-found", `Service ${name} has no environment ${environment}.`);
  const decide = (id: string, action: string, digest: string): Kept => {
    const kept = promotion(id);
    const allowed = view(kept).actions.find((item) => item.action === action);
    if (!allowed) return refuse("precondition-failed", `${id} is ${kept.state}: that is not possible now.`);
    if (allowed.reason) return refuse("forbidden", allowed.reason);
    if (digest !== digestOfKept(kept)) return refuse("manifest-moved", "It was prepared again since you looked.", { hints: ["Read it again, then decide."] });
    return kept;
  };
  const start = (kept: Kept) => {
    kept.state = "running";
    kept.run = runFrom(kept.service, kept.to, kept.via, Date.now());
  };

  const handlers: Handlers = {
    estate_view: () => (scene() === "broken" ? overEstate() : estateOf(services)),
    identity_view: () => identityOf(me),
    overview_view: overview,
    overview_refresh: async () => {
      [refreshing, cancelled] = [true, false];
      const parts = ["dev us-east-1", "dev sa-east-1", "qa us-east-1", "qa sa-east-1", "Jenkins", "prod us-east-1", "GitLab", "SonarQube", "prod sa-east-1"];
      for (const [index, last] of parts.entries()) {
        await pause(patience / 3);
        if (cancelled) break;
        tell({ kind: "overview-progress", done: index + 1, total: parts.length, last });
      }
      refreshing = false;
      tell({ kind: "overview-changed" });
      return overview();
    },
    overview_cancel: () => {
      cancelled = true;
      return {};
    },
    cell_view: ({ service: name, environment }) => ({ ...cellDetailOf(service(name), cellOf(name, environment)), service: name }),
    comparison_summary: ({ left, right }) => differencesOf(services, left, right),
    comparison_view: ({ service: name, left, right }) => comparisonOf(service(name), left, right),
    comparison_raw: ({ service: name, stack, left, right }) => rawOf(service(name), stack, left, right),
    variables_view: ({ service: name }) => variablesOf(service(name)),
    change_sets_open: ({ service: name, environment }) => ({ changeSets: name === "payments-api" ? [{ arn: `arn:aws:cloudformation:us-east-1:333333333333:changeSet/ilk-pr-1-r1/1`, name: "ilk-pr-1-r1", stack: `payments-alarms-${environment}`, description: null, createdAt: null }] : [] }),
    drift_view: (request) => looking.at(request, cellDetailOf(service(request.service), cellOf(request.service, request.environment))),
    drift_cancel: (cell) => looking.stop(cell),
    commit_places: ({ revision, service: name }) => {
      const row = overview().rows.find((item) => item.service === (name ?? services[0]?.name));
      if (!row) return refuse("not-found", `There is no service ${name}.`);
      return {
        commit: { id: revision, title: "A change", author: "A. Ruiz", at: null, mergeRequest: null, tickets: [], files: [], fileCount: 0 },
        mergeRequests: [{ reference: "!318", title: "A change", author: "a.ruiz", mergedBy: "d.mora", url: "http://127.0.0.1/andes/payments/-/merge_requests/318", approvedBy: ["l.prado"], approvalsMissing: 0, checks: [{ name: "jenkins/build-payments-api", status: "success", tone: "ok", url: null }], reviewNote: null }], mergeRequestsNote: null,
        places: row.cells.map((cell, index) => ({ service: row.service, environment: cell.environment, version: cell.version, presence: index < 2 ? "yes" : "no", reason: null })),
      };
    },
    promotions_view: () => {
      const list = (scene() === "first" ? [] : promotions).map((kept) => summaryOf(kept, me, Date.now())).toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt));
      return { promotions: list, needsMe: list.filter((item) => item.group === "needs-me").length };
    },
    promotion_view: ({ id }) => view(promotion(id)),
    promotion_prepare: async ({ services: names, to }) => {
      const parts = names.map((name) => partOf(overview().rows, service(name), to));
      await pause(patience);
      const kept = drafted(parts, to, me.id, promotions.length);
      promotions.unshift(kept);
      return step(kept, "draft", `drafted a manifest of ${names.join(", ")} for ${to}`, "neutral");
    },
    promotion_prepare_again: async ({ id }) => {
      const kept = promotion(id);
      await pause(patience);
      Object.assign(kept, { state: "draft", approvals: [], waivers: [], requester: me.id, glass: null });
      return step(kept, "draft", "prepared it again", "neutral");
    },
    promotion_request: ({ id, digest, comment }) => {
      const kept = decide(id, "request", digest);
      kept.withdrawn = null;
      kept.state = needed(kept) === 0 ? "approved" : "waiting for approval";
      return step(kept, "request", `asked for approval${comment && `: ${comment}`}`, "waiting");
    },
    promotion_approve: ({ id, digest, comment }) => {
      const kept = decide(id, "approve", digest);
      kept.approvals.push({ by: me.id, minutes: 0, comment });
      kept.moved = null;
      if (kept.approvals.length >= needed(kept)) kept.state = "approved";
      return step(kept, "approval", "approved the manifest", "ok");
    },
    promotion_reject: ({ id, digest, comment }) => {
      if (comment.trim() === "") return refuse("invalid-request", "A rejection needs a reason.");
      const kept = decide(id, "reject", digest);
      Object.assign(kept, { state: "rejected", reason: comment });
      return step(kept, "rejection", `rejected it: ${comment}`, "bad");
    },
    promotion_execute: ({ id, digest }) => {
      const kept = decide(id, "execute", digest);
      start(kept);
      return step(kept, "attempt", "claimed attempt 1 for this desktop", "running");
    },
    promotion_withdraw: ({ id, digest, comment }) => {
      const kept = decide(id, "withdraw", digest);
      if (kept.requester === me.id) Object.assign(kept, { state: "draft", approvals: [], withdrawn: { minutes: 0, reason: comment } });
      else Object.assign(kept, { state: "waiting for approval", approvals: kept.approvals.filter((approval) => approval.by !== me.id) });
      return step(kept, "withdrawal", `took back what was said${comment && `: ${comment}`}`, "waiting");
    },
    promotion_waive: ({ id, digest, gate, service: of, owner, reason, expires }) => {
      if (reason.trim() === "") return refuse("precondition-failed", "A waiver needs a reason.");
      const kept = decide(id, "waive", digest);
      kept.waivers = [...kept.waivers, { gate, service: of ?? kept.service, owner, by: me.id, reason, expires }];
      kept.approvals = [];
      if (kept.state === "approved") kept.state = "waiting for approval";
      return step(kept, "waiver", `waived ${gate} until ${expires}, ${owner} answers for it: ${reason}`, "waiting");
    },
    promotion_break_glass: ({ id, digest, reason, incident }) => {
      if (reason.trim() === "" || incident.trim() === "") return refuse("precondition-failed", "Breaking the glass takes a reason and an incident.");
      const kept = decide(id, "break-glass", digest);
      kept.glass = { by: me.id, incident, reason, minutes: 0, review: null };
      return step(kept, "break-glass", `broke the glass for ${incident}: ${reason}`, "bad");
    },
    promotion_review: ({ id, digest, comment }) => {
      if (comment.trim() === "") return refuse("precondition-failed", "A review says what was found.");
      const kept = decide(id, "review", digest);
      if (kept.glass) kept.glass.review = { by: me.id, minutes: 0, found: comment };
      return step(kept, "review", `reviewed what was done by breaking the glass: ${comment}`, "ok");
    },
    freezes_view: (request) => freezesOf(request),
    promotion_resume: ({ id }) => {
      const kept = promotion(id);
      if (kept.run) kept.run.unknownSince = null;
      kept.state = "running";
      return step(kept, "step observed", "observed what happened and went on", "running");
    },
    promotion_abort: ({ id }) => {
      const kept = promotion(id);
      if (kept.run) kept.run.abortedAt = Date.now();
      return step(kept, "end", "the attempt was aborted", "bad");
    },
    promotion_abandon: ({ id, digest, comment }) => {
      const kept = decide(id, "abandon", digest);
      Object.assign(kept, { state: "abandoned", reason: comment });
      return step(kept, "abandonment", `gave it up: ${comment}`, "neutral");
    },
    run_view: ({ id }) => {
      const kept = promotion(id);
      return kept.run ? runView(id, kept.run, Date.now()) : refuse("precondition-failed", `${id} was not started yet.`);
    },
    run_log: ({ id, from }) => logView(promotion(id).run, from, Date.now()),
    input_answer: ({ id, input, proceed }) => {
      const kept = promotion(id);
      if (!kept.run) return refuse("precondition-failed", `${id} was not started yet.`);
      kept.run.answers[input] = { at: Date.now(), proceed };
      step(kept, "step intent", `answers the input step: ${proceed ? "proceed" : "abort"}`, "running");
      return runView(id, kept.run, Date.now());
    },
    audit_view: ({ before, limit, ignoredOnly }) => (scene() === "first" ? historyOf([]) : ledger).view(before, limit, ignoredOnly),
    connections_test: async () => {
      await pause(patience);
      return connectionsOf(me.id);
    },
    practice_switch_person: ({ person }) => {
      me = people.find((item) => item.id === person) ?? refuse("not-found", `${person} is not one of the bank's people.`);
      tell({ kind: "identity-changed" });
      return identityOf(me);
    },
    open_link: () => ({}),
  };

  return {
    async call(name, request) {
      await pause(0);
      if (scene() === "loading" && name !== "estate_view" && name !== "identity_view") return new Promise(() => undefined);
      if (scene() === "failing" && failing.includes(name)) return outage(name);
      return structuredClone(await handlers[name](request));
    },
    firstLook: () => undefined,
    listen(handler) {
      listeners.add(handler);
      ticking ??= setInterval(() => {
        for (const kept of promotions) if (kept.state === "running") tell({ kind: "run-changed", id: kept.id });
      }, 1_000);
      return () => {
        listeners.delete(handler);
        if (listeners.size > 0) return;
        clearInterval(ticking);
        ticking = undefined;
      };
    },
  };
}

let bank = createBank();

/** Opens another bank, as if the program had been started anew. */
export function reopen(patience = 900) {
  bank = createBank(patience);
}

export const host: Host = {
  call: (name, request) => bank.call(name, request),
  listen: (handler) => bank.listen(handler),
  firstLook: () => bank.firstLook(),
};
