// What a run waits for, how it ended, and what comes next.
import { CircleCheck, CircleHelp, CircleX, Hourglass, MonitorSmartphone } from "lucide-react";
import { Link } from "@tanstack/react-router";
import type { PromotionView, RunView, ServiceRunView } from "../../contract";
import { Ago, Told } from "../../components/time";
import { ToneIcon } from "../../components/tone";

/** How far each service came, where there are several. */
function Reached({ services }: { services: ServiceRunView[] }) {
  if (services.length < 2) return null;
  return (
    <ul className="col" aria-label="How far each service came">
      {services.map((item) => (
        <li key={item.service} className="row"><ToneIcon tone={item.tone} label={item.state} /><b>{item.service}</b><span className={`tone-${item.tone}`}>{item.state}</span></li>
      ))}
    </ul>
  );
}

export function RunNotice({ run, view }: { run: RunView; view: PromotionView }) {
  const { services, to, from } = view.summary;
  if (run.tone === "unknown") {
    return (
      <div className="notice" role="alert">
        <div className="why"><CircleHelp className="icon tone-unknown" aria-hidden /><b>Nobody knows yet whether it happened</b></div>
        <p className="dim">A call was sent and its answer was lost. It is not repeated blindly: go on, and the systems are observed first.</p>
      </div>
    );
  }
  if (run.finished && run.tone === "bad") {
    return (
      <div className="notice bad" role="alert">
        <div className="why"><CircleX className="icon tone-bad" aria-hidden /><b>It ended as {run.state}</b></div>
        <Reached services={run.services} />
        {run.firstError && <p className="broken">{run.firstError}</p>}
        <p className="dim">See what is there now: {services.map((service, index) => (
          <span key={service}>{index > 0 && ", "}<Link className="link" to="/environments" search={{ service, environment: to }}>{service} in {to}</Link></span>
        ))}. Prepare a new promotion once the cause is fixed.</p>
      </div>
    );
  }
  if (run.finished) {
    return (
      <div className="notice good" role="status">
        <div className="why"><CircleCheck className="icon tone-ok" aria-hidden /><b>Applied, stable, verified</b></div>
        <p className="dim">Every stack holds the approved template, parameters and version. {services.map((service, index) => (
          <span key={service}>{index > 0 && ", "}<Link className="link" to="/compare" search={{ service, left: to, right: from }}>{services.length > 1 ? `${service}: compare` : "Compare"} {to} with {from}</Link></span>
        ))}</p>
      </div>
    );
  }
  const { driver } = run;
  return (
    <>
      {driver && !driver.here && (
        <div className={`notice ${driver.silent ? "wait" : "calm"}`}>
          <div className="why">
            <MonitorSmartphone className={`icon ${driver.silent ? "tone-waiting" : ""}`} aria-hidden />
            <b>{driver.silent ? "Nobody drives it any more" : `${driver.by} drives it`}</b>
          </div>
          <p className="dim">
            {driver.runner}, heard of <Ago at={driver.heardAt} suffix=" ago" />. {driver.silent ? "Go on from here: what happened is found out first." : "This window looks on."}
          </p>
        </div>
      )}
      {run.firstError && <div className="notice bad" role="alert"><div className="why"><CircleX className="icon tone-bad" aria-hidden /><b>First error</b></div><p className="broken">{run.firstError}</p></div>}
      {run.waitingOn && (
        <div className="why waiting" role="status"><Hourglass className="icon tone-waiting" aria-hidden /><span>Waiting for <Told text={run.waitingOn} /></span></div>
      )}
      <h2>Then</h2>
      <p className="dim">Applied, then stable, then verified: every stack holds the approved template, parameters and version. Closing this window does not stop the run.</p>
    </>
  );
}
