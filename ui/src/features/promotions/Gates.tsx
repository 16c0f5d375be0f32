// Verdicts with their evidence and age. What cannot be evaluated counts as not passed.
import type { VerdictView } from "../../contract";
import { Ago, Told } from "../../components/time";
import { ToneIcon } from "../../components/tone";

export function Gates({ gates }: { gates: VerdictView[] }) {
  if (gates.length === 0) return <span className="dim">No gate was judged yet.</span>;
  return (
    <ul className="gates" aria-label="Gates">
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
