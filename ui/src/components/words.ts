// The shared vocabulary: one word and one tone for each state, wherever it is shown.
import type { DifferenceState, InboxGroup, Tone, VariableState } from "../contract";

export const toneWords: Record<Tone, string> = {
  ok: "in order", running: "in progress", waiting: "waiting", bad: "failed", drift: "drifted", frozen: "frozen", unknown: "unknown", neutral: "",
};

/** How fresh a source or scope is. */
export const freshnessWords: Record<Tone, string> = {
  ok: "fresh", running: "being asked", waiting: "stale or partial", bad: "unreachable", drift: "drifted", frozen: "frozen", unknown: "never asked", neutral: "",
};

export const differenceWords: Record<DifferenceState, string> = {
  same: "same", changed: "changed", "only-left": "only on the left", "only-right": "only on the right", unknown: "cannot be told",
};

export const variableTones: Record<VariableState, Tone> = {
  same: "neutral", expected: "neutral", unexpected: "bad", missing: "waiting", unknown: "unknown",
};
/** Reading order: what needs a decision first. */
export const variableOrder: VariableState[] = ["unexpected", "missing", "unknown", "expected", "same"];

export const inboxWords: Record<InboxGroup, string> = { "needs-me": "Needs me", waiting: "Waiting on others", done: "Done" };

export const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
