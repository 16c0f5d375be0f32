// A run at an instant: steps, resources, log and what it waits for, computed from its plan.
import type { BuildView, LogLineView, LogView, ResourceRunView, RunView, StepView, Tone } from "../../contract";
import type { PlannedStep } from "./plan";
import { iso } from "./time";

export type Answer = { at: number; proceed: boolean };
export type Run = {
  plan: PlannedStep[];
  startedAt: number;
  via: "cloudformation" | "jenkins";
  job: string;
  abortedAt: number | null;
  unknownSince: number | null;
  answers: Record<string, Answer>;
};

type Timed = { step: PlannedStep; start: number | null; end: number | null; state: string; tone: Tone; detail: string | null };
type Outcome = "running" | "waiting" | "outcome unknown" | "verified" | "failed" | "aborted";

const startsAt = (step: PlannedStep, before: number): number => before + (step.depth > 0 && step.id === "stage:checkout" ? 3 : 0);

/** Places every step on the time line, as far as it has come. */
export function timeline(run: Run, now: number): { steps: Timed[]; outcome: Outcome; end: number | null } {
  let clock = run.startedAt;
  let outcome: Outcome | null = null;
  let end: number | null = null;
  const steps = run.plan.map((step): Timed => {
    const base = { step, start: null, end: null, detail: null };
    if (outcome) return { ...base, state: outcome === "failed" || outcome === "aborted" ? "skipped" : "pending", tone: "neutral" };
    const start = startsAt(step, clock);
    const finish = start + step.seconds * 1000;
    if (run.abortedAt !== null && run.abortedAt < finish) {
      [outcome, end] = ["aborted", run.abortedAt];
      return { ...base, start, end: run.abortedAt, state: "aborted", tone: "bad", detail: "Aborted by a person" };
    }
    if (run.unknownSince !== null && run.unknownSince < finish) {
      outcome = "outcome unknown";
      return { ...base, start, state: "outcome unknown", tone: "unknown", detail: "The call was sent and no answer came: it may have happened. Observing the stack tells." };
    }
    const answer = run.answers[step.id];
    if (step.input && now > finish && !answer) {
      outcome = "waiting";
      return { ...base, start, state: "waiting", tone: "waiting", detail: step.input };
    }
    if (answer && !answer.proceed) {
      [outcome, end] = ["failed", answer.at];
      return { ...base, start, end: answer.at, state: "failed", tone: "bad", detail: "Aborted at the input step" };
    }
    clock = answer ? Math.max(answer.at, finish) : finish;
    if (now < finish) {
      outcome = "running";
      return { ...base, start, state: "running", tone: "running" };
    }
    if (step.fails) {
      [outcome, end] = ["failed", finish];
      return { ...base, start, end: finish, state: "failed", tone: "bad", detail: step.fails };
    }
    return { ...base, start, end: clock, state: "done", tone: "ok" };
  });
  return { steps, outcome: outcome ?? "verified", end: end ?? (outcome ? null : clock) };
}

const toneOf: Record<Outcome, Tone> = { running: "running", waiting: "waiting", "outcome unknown": "unknown", verified: "ok", failed: "bad", aborted: "bad" };

function resourcesOf(steps: Timed[], now: number, halted: number | null): ResourceRunView[] {
  return steps.flatMap(({ step, start }) => (step.resources ?? []).flatMap((resource): ResourceRunView[] => {
    if (start === null) return [];
    const from = start + resource.from * 1000;
    const to = from + resource.seconds * 1000;
    const until = Math.min(now, halted ?? Infinity);
    if (from > until) return [];
    const over = to <= until;
    return [{
      stack: step.stack ?? "", logicalId: resource.name, resourceType: resource.type, startedAt: iso(from), endedAt: over ? iso(to) : null,
      status: !over ? "UPDATE_IN_PROGRESS" : resource.fails ? "UPDATE_FAILED" : "UPDATE_COMPLETE",
      tone: !over ? "running" : resource.fails ? "bad" : "ok", reason: over ? resource.fails ?? null : null,
    }];
  }));
}

export function linesOf(run: Run, now: number): LogLineView[] {
  const { steps, end } = timeline(run, now);
  const until = Math.min(now, end ?? Infinity);
  const told = steps.flatMap(({ step, start }) => {
    if (start === null) return [];
    const own = (step.lines ?? []).map(([after, text, tone]) => ({ at: start + after * 1000, text, tone: tone ?? "neutral" }));
    const events = (step.resources ?? []).flatMap((resource) => [
      { at: start + resource.from * 1000, text: `UPDATE_IN_PROGRESS ${resource.name}`, tone: "running" as Tone },
      ...(resource.fails ? [] : [{ at: start + (resource.from + resource.seconds) * 1000, text: `UPDATE_COMPLETE ${resource.name}`, tone: "ok" as Tone }]),
    ]);
    return [...own, ...events];
  });
  return told.filter((line) => line.at <= until).toSorted((a, b) => a.at - b.at).map((line) => ({ ...line, at: iso(line.at) }));
}

function buildOf(run: Run, now: number): BuildView | null {
  if (run.via !== "jenkins") return null;
  const queued = now - run.startedAt < 6_000;
  const service = run.job.split("/")[1] ?? run.job;
  return queued
    ? { service, job: run.job, number: null, url: null, queueReason: "Waiting for next available executor" }
    : { service, job: run.job, number: 413, url: `http://127.0.0.1:8080/job/deploy/job/${run.job.split("/")[1]}/413/`, queueReason: null };
}

export function runView(id: string, run: Run, now: number): RunView {
  const { steps, outcome, end } = timeline(run, now);
  const finished = end !== null;
  const current = steps.find((item) => item.state === "running" || item.state === "waiting");
  const moving = resourcesOf(steps, now, end).find((resource) => resource.endedAt === null);
  const lines = linesOf(run, now);
  const firstError = lines.findIndex((line) => line.tone === "bad");
  const approved: StepView = {
    id: "approved", name: "Approvals complete", depth: 0, state: "done", tone: "ok", startedAt: iso(run.startedAt - 120_000), endedAt: iso(run.startedAt - 120_000), usualMs: null, detail: null,
  };
  return {
    promotion: id, state: outcome, tone: toneOf[outcome], finished, startedAt: iso(run.startedAt), endedAt: end === null ? null : iso(end),
    usualMs: run.plan.reduce((sum, step) => sum + (step.usual ?? step.seconds), 0) * 1000,
    waitingOn: finished ? null
      : current?.step.input && current.state === "waiting" ? `an answer to "${current.step.input}", since ${iso((current.start ?? now) + current.step.seconds * 1000)}`
      : moving ? `${moving.logicalId} (${moving.resourceType}), since ${moving.startedAt}` : null,
    steps: [approved, ...steps.map(({ step, start, end: until, state, tone, detail }): StepView => ({
      id: step.id, name: step.name, depth: step.depth, state, tone, detail, usualMs: step.usual ? step.usual * 1000 : null,
      startedAt: start === null ? null : iso(start), endedAt: until === null ? null : iso(until),
    }))],
    resources: resourcesOf(steps, now, end),
    services: [],
    driver: finished ? null : { by: "Ana Ruiz", runner: "interlock desktop on desk-1, process 4242", here: run.unknownSince === null, heardAt: iso(now - 4_000), until: iso(now + 896_000), silent: run.unknownSince !== null },
    builds: [buildOf(run, now)].flatMap((build) => build ?? []),
    inputs: current?.state === "waiting" && current.step.input ? [{ id: current.step.id, message: current.step.input, proceed: "Proceed" }] : [],
    firstError: firstError === -1 ? null : lines[firstError]?.text ?? null,
    firstErrorLine: firstError === -1 ? null : firstError,
  };
}

export function logView(run: Run | null, from: number, now: number): LogView {
  if (!run) return { from, lines: [], next: from, complete: true, dropped: 0 };
  const lines = linesOf(run, now);
  return { from, lines: lines.slice(from), next: lines.length, complete: timeline(run, now).end !== null, dropped: 0 };
}
