// When nothing is changed in the target, and whether a promotion that is started now would run into it.
import type { FreezesView } from "../../contract";
import { ErrorPanel, Loading } from "../../components/state";
import { Ago, Told } from "../../components/time";
import { Chip, ToneIcon } from "../../components/tone";
import { useAsk } from "../../host/queries";
import { Calendar } from "./Calendar";

export function WindowTab({ service, environment }: { service: string; environment: string }) {
  const asked = useAsk("freezes_view", { service, environment }, { every: 60_000 });
  if (asked.error) return <ErrorPanel error={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Loading what="the freezes" lines={4} />;
  return <Freezes view={asked.data} />;
}

function Freezes({ view }: { view: FreezesView }) {
  const { forecast, freezes } = view;
  const tone = forecast?.runsInto ? "waiting" : forecast?.seconds === null ? "unknown" : "ok";
  return (
    <>
      {forecast && (
        <div className={`notice ${forecast.runsInto ? "wait" : "calm"}`}>
          <div className="why"><ToneIcon tone={tone} /><span><Told text={forecast.text} /></span></div>
        </div>
      )}
      {freezes.length > 0 && <Calendar view={view} />}
      {freezes.length === 0 ? <span className="dim">No freeze of {view.environment} is ahead.</span> : (
        <table className="grid-table" aria-label={`Freezes of ${view.environment}`}>
          <thead><tr><th scope="col">Freeze</th><th scope="col">State</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Declared in</th></tr></thead>
          <tbody>
            {freezes.map((freeze) => (
              <tr key={`${freeze.name} ${freeze.starts}`}>
                <th scope="row" className="whole-word">{freeze.name}</th>
                <td>{freeze.holds ? <Chip tone="frozen">holds, ends <Ago at={freeze.ends} /></Chip> : <>begins <Ago at={freeze.starts} /></>}</td>
                <td className="whole-word">{freeze.startsThere}<div className="faint">{freeze.zone}</div></td>
                <td className="whole-word">{freeze.endsThere}<div className="faint">{freeze.zone}</div></td>
                <td className="faint">{freeze.source.replace(/, clock of .*/, "")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
