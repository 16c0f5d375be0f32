// A run: steps on the left, resources over time and the log on the right.
import type { PromotionView } from "../../contract";
import { OutLink } from "../../components/outlink";
import { ErrorPanel } from "../../components/state";
import { useAsk } from "../../host/queries";
import { Emergency } from "./Emergency";
import { Gantt } from "./Gantt";
import { Inputs } from "./Inputs";
import { LogPane } from "./LogPane";
import { RunNotice } from "./RunNotice";
import { Steps } from "./Steps";

export function Running({ view }: { view: PromotionView }) {
  const id = view.summary.id;
  const live = useAsk("run_view", { id }, { keep: true, every: view.run?.finished ? false : 1_000 });
  const run = live.data ?? view.run;
  if (!run) return null;
  return (
    <div className="body running">
      <section className="steps" aria-label="Steps" tabIndex={0}>
        {view.summary.emergency && <Emergency emergency={view.summary.emergency} />}
        <Inputs id={id} inputs={run.inputs} />
        <Steps run={run} />
        <RunNotice run={run} view={view} />
        {live.error && <ErrorPanel error={live.error} retry={() => void live.refetch()} />}
      </section>
      <div className="run-right">
        <div className="run-top" role="group" aria-label="Resources over time" tabIndex={0}>
          {run.builds.map((build) => (
            <div key={build.service} className="row build">
              <b>Jenkins</b>
              <span className="mono">{build.job}{build.number !== null && ` #${build.number}`}</span>
              {build.number === null && <span className="dim">in the queue: {build.queueReason ?? "no reason given"}</span>}
              {build.url && <OutLink url={build.url} className="btn right">Open in Jenkins</OutLink>}
            </div>
          ))}
          <Gantt run={run} sets={view.changeSets} />
        </div>
        <LogPane id={id} live={!run.finished} firstError={run.firstErrorLine} />
      </div>
    </div>
  );
}
