// Steps, nested, each with its time against the median of past runs.
import { CircleDashed } from "lucide-react";
import type { RunView, StepView } from "../../contract";
import { clock, duration, useSeconds } from "../../components/time";
import { ToneIcon } from "../../components/tone";

export function Steps({ run }: { run: RunView }) {
  const now = useSeconds(!run.finished);
  const current = run.steps.findLast((step) => step.tone === "running" || step.tone === "waiting" || step.tone === "unknown");
  return (
    <>
      <h2>Steps</h2>
      <span className="sr" role="status">{run.finished ? `The run is ${run.state}` : current ? `${current.name}: ${current.state}` : run.state}</span>
      <ol className="step-list">{run.steps.map((step) => <Step key={step.id} step={step} now={now} told={run.firstError} />)}</ol>
    </>
  );
}

function timeOf(step: StepView, now: number): string {
  if (step.startedAt && step.startedAt !== step.endedAt) return duration((step.endedAt ? Date.parse(step.endedAt) : now) - Date.parse(step.startedAt));
  if (step.endedAt) return clock(step.endedAt);
  return step.usualMs !== null ? `usually ${duration(step.usualMs)}` : "";
}

/** What a step says of itself, without repeating the first error that stands below the steps. */
function detailOf(step: StepView, told: string | null): string | null {
  const cut = step.tone === "bad" ? step.detail?.indexOf(": ") ?? -1 : -1;
  if (!step.detail || !told || cut < 0 || !told.includes(step.detail.slice(cut + 2))) return step.detail;
  const head = step.detail.slice(0, cut);
  return /^[A-Z_]+$/.test(head) ? head : `${head} failed`;
}

function Step({ step, now, told }: { step: StepView; now: number; told: string | null }) {
  const detail = detailOf(step, told);
  const begun = step.startedAt !== null;
  const bad = step.tone === "bad" || step.tone === "unknown" || step.tone === "waiting";
  const share = step.tone === "running" && step.startedAt && step.usualMs
    ? Math.min(1, (now - Date.parse(step.startedAt)) / step.usualMs) : null;
  return (
    <li className={`step ${begun ? "" : "ahead"}`} style={{ marginLeft: step.depth * 18 }}>
      <ToneIcon tone={step.tone} as={begun || step.tone !== "neutral" ? undefined : CircleDashed} label={step.state} />
      <span>{step.name}</span>
      <span className="faint" title={step.usualMs !== null ? `usually ${duration(step.usualMs)}` : undefined}>{timeOf(step, now)}</span>
      {share !== null && <span className="step-bar" aria-hidden><i style={{ width: `${share * 100}%` }} /></span>}
      {detail && <small className={bad ? `tone-${step.tone}` : "dim"}>{detail}</small>}
    </li>
  );
}
