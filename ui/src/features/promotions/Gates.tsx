// Verdicts with their evidence and age. What cannot be evaluated counts as not passed.
import type { VerdictView } from "../../contract";
import { Ago, Told } from "../../components/time";
import { ToneIcon } from "../../components/tone";

export function Gates({ gates }: { gates: VerdictView[] }) {
  if (gates.length === 0) return <span className="dim">No gate was judged yet.</span>;
  const services = [...new Set(gates.map((gate) => gate.service))];
  if (services.length === 1) return <List gates={gates} label="Gates" />;
  return services.map((service) => (
    <section key={service} className="col part">
      <h2>Gates of {service}</h2>
      <List gates={gates.filter((gate) => gate.service === service)} label={`Gates of ${service}`} />
    </section>
  ));
}

function List({ gates, label }: { gates: VerdictView[]; label: string }) {
  return (
    <ul className="gates" aria-label={label}>
      {gates.map((gate) => (
        <li key={gate.gate} className="why">
          <ToneIcon tone={gate.tone} label={gate.outcome} />
          <div>
            <b>{gate.gate}</b>{gate.blocking && <span className={`tone-${gate.tone}`}> stops the promotion</span>}
            <div className={gate.tone === "ok" ? "dim" : `tone-${gate.tone}`}><Told text={gate.summary} /></div>
            {gate.lifted && <div className="tone-waiting"><Told text={gate.lifted} /></div>}
            <div className="faint">{gate.evidence}{gate.at && <>, <Ago at={gate.at} suffix=" old" /></>}</div>
          </div>
        </li>
      ))}
    </ul>
  );
}
