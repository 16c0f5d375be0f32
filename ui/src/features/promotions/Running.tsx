// A run: steps on the left, resources over time and the log on the right.
import type { PromotionView, StepView } from "../../contract";
import { clock, duration, useNow } from "../../components/time";
import { ToneIcon } from "../../components/tone";
import { useAct, useAsk } from "../../host/queries";
import { ErrorPanel } from "../../components/state";
import { Gantt } from "./Gantt";
import { LogPane } from "./LogPane";

export function Running({ view }: { view: PromotionView }) {
  const id = view.summary.id;
  const live = useAsk("run_view", { id }, { keep: true, every: view.run?.finished ? false : 1_000 });
  const run = live.data ?? view.run;
  const answer = useAct("input_answer");
  if (!run) return null;
  return (
    <div className="body running">
      <div className="steps">
        <h2 className="label">Steps</h2>
        {run.steps.map((step) => <Step key={step.id} step={step} />)}
        {run.waitingOn && <div className="notice" role="status"><span><ToneIcon tone="waiting" /> Waiting for {run.waitingOn}</span></div>}
        {run.inputs.map((input) => (
          <div key={input.id} className="notice">
            <b>{input.message}</b>
            <div className="twin">
              <button type="button" className="btn danger" disabled={answer.isPending} onClick={() => answer.mutate({ id, input: input.id, proceed: false })}>Abort</button>
              <button type="button" className="btn primary" disabled={answer.isPending} onClick={() => answer.mutate({ id, input: input.id, proceed: true })}>{input.proceed}</button>
            </div>
          </div>
        ))}
        {answer.error && <ErrorPanel error={answer.error} />}
        <h2 className="label">Then</h2>
        <p className="dim">Applied, then verified: every stack is stable and holds the approved template, parameters and version.</p>
      </div>
      <div className="run-right">
        <div>
          {run.firstError && <div className="notice bad" style={{ margin: "10px 18px" }} role="alert"><b>First error</b><span className="mono">{run.firstError}</span></div>}
          {run.build && (
            <div className="row" style={{ padding: "8px 18px" }}>
              <b>Jenkins</b>
              {run.build.number ? <span className="mono">{run.build.job} #{run.build.number}</span> : <span>in the queue: {run.build.queueReason}</span>}
            </div>
          )}
          <Gantt run={run} />
        </div>
        <LogPane id={id} live={!run.finished} firstError={run.firstErrorLine} />
      </div>
    </div>
  );
}

function Step({ step }: { step: StepView }) {
  const now = useNow();
  const length = step.startedAt && step.startedAt !== step.endedAt
    ? (step.endedAt ? Date.parse(step.endedAt) : now) - Date.parse(step.startedAt)
    : null;
  const right = length !== null ? duration(length)
    : step.endedAt ? clock(step.endedAt)
    : step.usualMs ? `usually ${duration(step.usualMs)}` : "";
  return (
    <div className="step" style={{ marginLeft: step.depth * 16 }}>
      <ToneIcon tone={step.tone} label={step.state} />
      <span>{step.name}</span>
      <span className="faint">{right}</span>
      {step.detail && <small className={step.tone === "bad" || step.tone === "unknown" ? `tone-${step.tone}` : ""}>{step.detail}</small>}
    </div>
  );
}
