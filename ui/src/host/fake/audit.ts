// The ledger: what the bank's promotions have left behind, and what is added while one plays.
import type { AuditEntryView, AuditView, Tone } from "../../contract";
import { digestOf } from "./digest";
import { nameOf } from "./people";
import type { Kept } from "./promotions";
import { ago } from "./time";

export class Ledger {
  readonly entries: AuditEntryView[] = [];

  append(at: string, actor: string, kind: string, summary: string, tone: Tone, promotion: string | null) {
    const seq = this.entries.length;
    const statement = JSON.stringify({ _type: "https://in-toto.io/Statement/v1", predicateType: `interlock/${kind}/v1`, predicate: { seq, at, actor, promotion, summary } }, null, 2);
    this.entries.push({ seq, at, actor, kind, summary, tone, promotion, ignored: null, signature: `${actor} signed it with key 1f2e3d4c, kept in a keychain`, leaf: digestOf(statement), statement });
  }

  about(promotion: string): AuditEntryView[] {
    return this.entries.filter((entry) => entry.promotion === promotion);
  }

  view(before: number | null, limit: number, ignoredOnly: boolean): AuditView {
    const older = this.entries.filter((entry) => (before === null || entry.seq < before) && (!ignoredOnly || entry.ignored !== null)).toReversed();
    return {
      entries: older.slice(0, limit), more: older.length > limit,
      verification: { tone: "ok", summary: `${this.entries.length} entries hold together`, size: this.entries.length, root: digestOf(`root ${this.entries.length}`), firstBad: null, ignored: this.entries.filter((entry) => entry.ignored !== null).length },
    };
  }
}

/** Writes what each remembered promotion must have gone through. */
export function historyOf(promotions: Kept[]): Ledger {
  const told: [number, string, string, string, Tone, string][] = [];
  for (const kept of promotions) {
    const say = (minutes: number, by: string, kind: string, summary: string, tone: Tone) => told.push([minutes, nameOf(by), kind, summary, tone, kept.id]);
    const digest = digestOf(kept.id).slice(0, 12);
    say(kept.createdMinutes + 2, kept.requester, "preparation", `began to prepare ${kept.service} for ${kept.to}`, "neutral");
    say(kept.createdMinutes + 1, kept.requester, "draft", `drafted manifest ${digest}`, "neutral");
    say(kept.createdMinutes, kept.requester, "request", "asked for approval", "waiting");
    for (const approval of kept.approvals) say(approval.minutes, approval.by, "approval", `approved manifest ${digest}${approval.comment ? `: ${approval.comment}` : ""}`, "ok");
    if (kept.glass) say(kept.glass.minutes, kept.glass.by, "break-glass", `broke the glass for ${kept.glass.incident}: ${kept.glass.reason}`, "bad");
    if (kept.moved) say(kept.moved.minutes, kept.requester, "voided", `approvals are void: ${kept.moved.element} went from ${kept.moved.before} to ${kept.moved.after}`, "waiting");
    if (kept.run) {
      say(kept.updatedMinutes + 0.5, "l.prado", "attempt", "claimed attempt 1 for this desktop", "running");
      say(kept.updatedMinutes + 0.4, "l.prado", "step intent", `is about to execute the change set of ${kept.service}-${kept.to}`, "running");
    }
    if (kept.state === "verified") say(kept.updatedMinutes, "l.prado", "verification", "verified: every stack is stable and holds the approved content", "ok");
    if (kept.state === "failed") say(kept.updatedMinutes, "l.prado", "end", `the attempt was rolled back: ${kept.reason}`, "bad");
    if (kept.state === "outcome unknown") say(kept.updatedMinutes, "d.mora", "step observed", "reply lost, outcome unknown: the connection closed before the answer", "unknown");
    if (kept.state === "rejected") say(kept.updatedMinutes, "l.prado", "rejection", `rejected it: ${kept.reason}`, "bad");
    if (kept.state === "abandoned") say(kept.updatedMinutes, kept.requester, "abandonment", `gave it up: ${kept.reason}`, "neutral");
  }
  const ledger = new Ledger();
  for (const [minutes, actor, kind, summary, tone, id] of told.toSorted((a, b) => b[0] - a[0])) ledger.append(ago(minutes), actor, kind, summary, tone, id);
  const odd = ledger.entries.find((entry) => entry.kind === "rejection");
  if (odd) odd.ignored = "a second decision of the same person";
  return ledger;
}
