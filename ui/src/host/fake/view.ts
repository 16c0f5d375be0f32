// Promotions as the contract shows them.
import type { AuditEntryView, EmergencyView, InboxGroup, PersonView, PromotedServiceView, PromotionSummaryView, PromotionView, Tone } from "../../contract";
import { commitsOf } from "./comparison";
import { changeSetsOf, elementsOf, gatesOf, manifestOf, partsOf } from "./content";
import { digestOf, short } from "./digest";
import { nameOf, people } from "./people";
import type { Kept, State } from "./promotions";
import { actionsOf, needed, owesReview, participantsOf } from "./rules";
import { runView, timeline } from "./run";
import type { ServiceSpec } from "./services";
import { ago } from "./time";

const tones: Record<State, Tone> = {
  draft: "neutral", "waiting for approval": "waiting", approved: "ok", running: "running", "outcome unknown": "unknown", verified: "ok",
  failed: "bad", aborted: "bad", rejected: "bad", voided: "waiting", abandoned: "neutral",
};
const over: State[] = ["verified", "failed", "aborted", "rejected", "abandoned"];

/** The state now: a run that came to its end has changed it. */
export function settle(kept: Kept, now: number): Kept {
  if (kept.run && (kept.state === "running" || kept.state === "outcome unknown")) {
    const { outcome } = timeline(kept.run, now);
    kept.state = outcome === "waiting" ? "running" : outcome;
  }
  return kept;
}

/** Every service that an open promotion brings somewhere. */
export const openOf = (promotions: Kept[], now: number) => promotions.map((kept) => settle(kept, now))
  .filter((kept) => !over.includes(kept.state))
  .flatMap((kept) => partsOf(kept).map(({ service }) => ({ id: kept.id, service, to: kept.to, label: kept.state })));

export const digestOfKept = (kept: Kept) => digestOf(manifestOf(kept));

/** Within which time a broken glass has to be reviewed. */
const REVIEW_MINUTES = 24 * 60;

function emergencyOf(kept: Kept): EmergencyView | null {
  const { glass } = kept;
  if (!glass) return null;
  const owed = owesReview(kept);
  return {
    by: nameOf(glass.by), at: ago(glass.minutes), incident: glass.incident, reason: glass.reason, counts: true, reviewOwed: owed,
    reviewBy: glass.review ? null : ago(glass.minutes - REVIEW_MINUTES), overdue: owed && glass.minutes > REVIEW_MINUTES,
    reviewedBy: glass.review && nameOf(glass.review.by), reviewedAt: glass.review && ago(glass.review.minutes), review: glass.review?.found ?? null,
  };
}

function waitingOn(kept: Kept, now: number): string | null {
  if (owesReview(kept) && kept.glass) return `a review until ${ago(kept.glass.minutes - REVIEW_MINUTES)}`;
  switch (kept.state) {
    case "waiting for approval": return `${needed(kept) - kept.approvals.length} of ${needed(kept)} approvals`;
    case "approved": return "somebody to start it";
    case "draft": return `${nameOf(kept.requester)} to ask for approval`;
    case "voided": return "somebody to prepare it again";
    case "running": return kept.run ? runView(kept.id, kept.run, now).waitingOn?.replace(/, since .*/, "") ?? null : null;
    default: return kept.reason;
  }
}

function groupOf(kept: Kept, me: PersonView): InboxGroup {
  const can = (action: string) => actionsOf(kept, me).some((item) => item.action === action && item.enabled);
  if (owesReview(kept)) return can("review") ? "needs-me" : "waiting";
  if (over.includes(kept.state)) return "done";
  const needsMe = (kept.state === "waiting for approval" && can("approve")) || (kept.state === "approved" && can("execute"))
    || (kept.state === "draft" && kept.requester === me.id) || (kept.state === "voided" && kept.requester === me.id);
  return needsMe ? "needs-me" : "waiting";
}

/** What goes without all approvals never looks approved. */
function stateOf(kept: Kept): { state: string; tone: Tone } {
  const decided = ["draft", "waiting for approval", "approved"].includes(kept.state);
  return kept.glass && decided ? { state: "glass broken", tone: "bad" } : { state: kept.state, tone: tones[kept.state] };
}

export function summaryOf(kept: Kept, me: PersonView, now: number): PromotionSummaryView {
  settle(kept, now);
  return {
    id: kept.id, title: titleOf(kept), services: partsOf(kept).map((part) => part.service), from: kept.from, to: kept.to,
    version: kept.also.length > 0 ? null : kept.version, via: kept.also.some((part) => part.via !== kept.via) ? "both" : kept.via, ...stateOf(kept),
    requestedBy: nameOf(kept.requester), createdAt: ago(kept.createdMinutes), updatedAt: ago(kept.updatedMinutes), digestShort: short(digestOfKept(kept)),
    waitingOn: waitingOn(kept, now), group: groupOf(kept, me), emergency: emergencyOf(kept),
  };
}

function titleOf(kept: Kept): string {
  const [first, second, ...rest] = partsOf(kept).map((part) => part.service);
  if (second === undefined) return first ?? "no service";
  return rest.length === 0 ? `${first} and ${second}` : `${first} and ${rest.length + 1} more`;
}

const partOf = (kept: Kept, spec: ServiceSpec | undefined): PromotedServiceView => ({
  service: kept.service, version: kept.version, commit: digestOf(kept.version).slice(0, 40), via: kept.via, after: [], stacks: stacksOf(kept), originNote: null,
  note: kept.via === "jenkins" ? `The job deploy/${kept.service} deploys ${kept.service}-${kept.to}. AWS announces its changes when the job prepares them.` : null,
  commits: spec ? commitsOf(spec) : [], commitsNote: null,
});

const stacksOf = (kept: Kept): string[] => (kept.via === "jenkins" ? [`${kept.service}-${kept.to}`] : changeSetsOf({ ...kept, also: [] }).map((set) => set.stack));

export function promotionView(kept: Kept, me: PersonView, specs: ServiceSpec[], record: AuditEntryView[], now: number): PromotionView {
  const summary = summaryOf(kept, me, now);
  return {
    summary, digest: digestOfKept(kept), elements: elementsOf(kept), manifest: manifestOf(kept), changeSets: changeSetsOf(kept),
    services: partsOf(kept).map((part, index) => ({ ...partOf(part, specs.find((spec) => spec.name === part.service)), after: index > 0 ? [kept.service] : [] })),
    changeNote: null, gates: gatesOf(kept), approvalsNeeded: needed(kept), approvalsHave: kept.approvals.length,
    people: participantsOf(kept, me),
    approvalsExpireHours: kept.to === "prod" ? 72 : null,
    waivers: kept.waivers.map((waiver) => ({ ...waiver, owner: nameOf(waiver.owner), by: nameOf(waiver.by), ignored: null })),
    owners: people.map((person) => ({ person: person.id, name: person.name })),
    withdrawn: kept.withdrawn && { at: ago(kept.withdrawn.minutes), reason: kept.withdrawn.reason },
    voided: kept.moved && {
      at: ago(kept.moved.minutes), element: kept.moved.element, before: kept.moved.before, after: kept.moved.after, by: nameOf("l.prado"), approvedBy: kept.moved.approvedBy.map(nameOf),
      moved: [{ element: kept.moved.element, before: kept.moved.before, after: kept.moved.after }],
    },
    actions: actionsOf(kept, me), run: kept.run && runView(kept.id, kept.run, now), record,
  };
}
