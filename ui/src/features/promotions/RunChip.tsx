// How a run stands, and for how long, against how long it usually takes.
import type { RunView } from "../../contract";
import { duration, useSeconds } from "../../components/time";
import { Chip } from "../../components/tone";

export function RunChip({ run }: { run: RunView }) {
  const now = useSeconds(!run.finished);
  const passed = (run.endedAt ? Date.parse(run.endedAt) : now) - Date.parse(run.startedAt);
  const usual = run.usualMs === null ? "" : run.finished ? `, usually ${duration(run.usualMs)}` : ` of about ${duration(run.usualMs)}`;
  return <Chip tone={run.tone}><span>{run.state}{run.finished ? " after" : ","} {duration(passed)}{usual}</span></Chip>;
}
