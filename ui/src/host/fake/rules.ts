// Who may do what in which state, and why not.
import type { ActionView, ParticipantView, PersonView, PromotionAction } from "../../contract";
import { gatesOf } from "./content";
import { people } from "./people";
import type { Kept, State } from "./promotions";
import { scene } from "./scene";
import { ago } from "./time";

const possible: Record<State, PromotionAction[]> = {
  draft: ["request", "waive", "break-glass", "prepare-again", "abandon"],
  "waiting for approval": ["approve", "reject", "waive", "break-glass", "withdraw", "prepare-again", "abandon"],
  approved: ["execute", "reject", "waive", "break-glass", "withdraw", "abandon"],
  voided: ["prepare-again", "abandon"],
  running: ["abort"],
  "outcome unknown": ["resume", "abort"],
  verified: [], failed: [], aborted: [], rejected: [], abandoned: [],
};

export const owesReview = (kept: Kept) => kept.glass !== null && kept.glass.review === null && ["verified", "failed", "aborted"].includes(kept.state);

export const needed = (kept: Kept) => (kept.waivers.length > 0 ? 1 : 0) + (kept.to === "prod" ? 1 : 0) + (kept.to === "dev" ? 0 : kept.to === "qa" ? 1 : 0);
/** Who wrote how many of the commits of every promotion. */
const wrote: Record<string, number> = { "s.lara": 9 };
const isManager = (me: PersonView) => me.role === "release manager";

function barrier(action: PromotionAction, kept: Kept, me: PersonView): string | null {
  switch (action) {
    case "request":
      return scene() === "frozen" && kept.to === "prod" ? "Freeze: prod is frozen (weekend) until Monday 06:00" : null;
    case "approve":
    case "reject":
      if (kept.requester === me.id) return "you requested this (policy guard-requester)";
      if (wrote[me.id]) return `you wrote ${wrote[me.id]} of its commits (policy guard-author)`;
      if (!isManager(me)) return `you are a ${me.role}, and its approvals are asked of release manager`;
      if (kept.waivers.some((waiver) => waiver.by === me.id)) return "you waived a gate of it";
      return action === "approve" && kept.approvals.some((approval) => approval.by === me.id) ? "you have approved it already (policy guard-approves-once)" : null;
    case "execute": {
      if (!isManager(me)) return `no policy lets a ${me.role} start or stop it in ${kept.to}`;
      const blocked = gatesOf(kept).find((gate) => gate.blocking);
      return blocked ? `${blocked.gate}: ${blocked.summary} (policy guard-gates)` : null;
    }
    case "waive":
      return me.role === "developer" ? "no policy lets a developer waive a gate in prod" : null;
    case "break-glass":
      return isManager(me) ? null : `no policy lets a ${me.role} break the glass in ${kept.to}`;
    case "review":
      if (kept.glass?.by === me.id || kept.requester === me.id) return "you took part in it, and somebody else reviews it (policy guard-requester-reviews)";
      return me.role === "developer" ? "no policy lets a developer review it in prod" : null;
    case "withdraw":
      return null;
    case "abort":
    case "resume":
      return isManager(me) ? null : "only a release manager may do that in prod";
    case "abandon":
      return kept.requester === me.id || isManager(me) ? null : "only who began it or a release manager may abandon it";
    case "prepare-again":
      return null;
  }
}

export function actionsOf(kept: Kept, me: PersonView): ActionView[] {
  const labels: Record<PromotionAction, string> = {
    request: `Request approval for ${kept.to}`, approve: `Approve as ${me.name}`, reject: "Reject", execute: `Promote ${kept.service} to ${kept.to}`,
    withdraw: kept.approvals.some((approval) => approval.by === me.id) ? "Take my approval back" : "Take the request back", waive: "Waive a gate", "break-glass": "Break the glass", review: "Write the review",
    abandon: "Abandon", abort: "Abort the run", resume: "Find out and go on", "prepare-again": "Prepare again",
  };
  const stopped = gatesOf(kept).filter((gate) => gate.blocking);
  const emergency = kept.glass !== null && ["draft", "waiting for approval", "approved"].includes(kept.state);
  const list: PromotionAction[] = owesReview(kept) ? ["review"] : possible[kept.state].filter((action) => {
    if (action === "waive") return stopped.some((gate) => gate.waivable);
    if (action === "break-glass") return !emergency && (stopped.length > 0 || kept.state === "waiting for approval");
    if (action === "withdraw") return kept.requester === me.id || kept.approvals.some((approval) => approval.by === me.id);
    return true;
  });
  if (emergency && !list.includes("execute")) list.unshift("execute");
  return list.map((action) => {
    const reason = barrier(action, kept, me);
    const dangerous = (action === "execute" || action === "abort" || action === "break-glass") && kept.to === "prod";
    return { action, label: labels[action], enabled: reason === null, reason, confirm: dangerous ? kept.to : null };
  });
}

export function participantsOf(kept: Kept, me: PersonView): ParticipantView[] {
  return people.flatMap((person): ParticipantView[] => {
    const base = { person: person.id, name: person.name, role: person.role, me: person.id === me.id, countsUntil: null };
    const approval = kept.approvals.find((item) => item.by === person.id);
    if (approval) return [{ ...base, state: "approved", tone: "ok", detail: approval.comment || null, at: ago(approval.minutes), countsUntil: ago(approval.minutes - 72 * 60) }];
    if (person.id === kept.requester) return [{ ...base, state: "requested", tone: "neutral", detail: "cannot approve: asked for it (policy guard-requester)", at: ago(kept.createdMinutes) }];
    if (kept.state === "rejected" && person.id === "l.prado") return [{ ...base, state: "rejected", tone: "bad", detail: kept.reason, at: ago(kept.updatedMinutes) }];
    if (wrote[person.id]) return [{ ...base, state: "cannot approve", tone: "neutral", detail: `wrote ${wrote[person.id]} of its commits (policy guard-author)`, at: null }];
    if (!isManager(person)) return person.id === me.id ? [{ ...base, state: "cannot approve", tone: "neutral", detail: `is a ${person.role}, and its approvals are asked of release manager`, at: null }] : [];
    return [{ ...base, state: "may approve", tone: "waiting", detail: "not author, not requester", at: null }];
  });
}
