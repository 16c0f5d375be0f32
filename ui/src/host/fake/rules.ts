// Who may do what in which state, and why not.
import type { ActionView, ParticipantView, PersonView, PromotionAction } from "../../contract";
import { gatesOf } from "./content";
import { people } from "./people";
import type { Kept, State } from "./promotions";
import { scene } from "./scene";
import { ago } from "./time";

const possible: Record<State, PromotionAction[]> = {
  draft: ["request", "prepare-again", "abandon"],
  "waiting for approval": ["approve", "reject", "prepare-again", "abandon"],
  approved: ["execute", "reject", "abandon"],
  voided: ["prepare-again", "abandon"],
  running: ["abort"],
  "outcome unknown": ["resume", "abort"],
  verified: [], failed: [], aborted: [], rejected: [], abandoned: [],
};

export const needed = (kept: Kept) => (kept.to === "prod" ? 1 : 0) + (kept.to === "dev" ? 0 : kept.to === "qa" ? 1 : 0);
const isManager = (me: PersonView) => me.role === "release manager";

function barrier(action: PromotionAction, kept: Kept, me: PersonView): string | null {
  switch (action) {
    case "request":
      return scene() === "frozen" && kept.to === "prod" ? "Freeze: prod is frozen (weekend) until Monday 06:00" : null;
    case "approve":
    case "reject":
      if (kept.requester === me.id) return action === "approve" ? `${me.name} asked for this promotion and cannot decide on it` : null;
      if (!isManager(me)) return `${me.name} is no release manager`;
      return action === "approve" && kept.approvals.some((approval) => approval.by === me.id) ? "you have approved it already" : null;
    case "execute": {
      if (!isManager(me)) return "only a release manager starts promotions into prod";
      const blocked = gatesOf(kept).find((gate) => gate.blocking);
      return blocked ? `${blocked.gate}: ${blocked.summary}` : null;
    }
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
    abandon: "Abandon", abort: "Abort the run", resume: "Find out and go on", "prepare-again": "Prepare again",
  };
  return possible[kept.state].map((action) => {
    const reason = barrier(action, kept, me);
    const dangerous = (action === "execute" || action === "abort") && kept.to === "prod";
    return { action, label: labels[action], enabled: reason === null, reason, confirm: dangerous ? kept.to : null };
  });
}

export function participantsOf(kept: Kept, me: PersonView): ParticipantView[] {
  return people.flatMap((person): ParticipantView[] => {
    const base = { person: person.id, name: person.name, role: person.role, me: person.id === me.id };
    const approval = kept.approvals.find((item) => item.by === person.id);
    if (approval) return [{ ...base, state: "approved", tone: "ok", detail: approval.comment || null, at: ago(approval.minutes) }];
    if (person.id === kept.requester) return [{ ...base, state: "requested", tone: "neutral", detail: "cannot approve: asked for this promotion", at: ago(kept.createdMinutes) }];
    if (kept.state === "rejected" && person.id === "l.prado") return [{ ...base, state: "rejected", tone: "bad", detail: kept.reason, at: ago(kept.updatedMinutes) }];
    if (!isManager(person)) return person.id === me.id ? [{ ...base, state: "cannot approve", tone: "neutral", detail: "is no release manager", at: null }] : [];
    return [{ ...base, state: "may approve", tone: "waiting", detail: "not author, not requester", at: null }];
  });
}
