// Verdicts with their evidence and age.
import type { VerdictView } from "../../contract";
import { Ago } from "../../components/time";
import { ToneIcon } from "../../components/tone";

export function Gates({ gates }: { gates: VerdictView[] }) {
  return (
    <ul className="gates" aria-label="Gates">
      {gates.map((gate) => (
        <li key={gate.gate} className="why">
          <ToneIcon tone={gate.tone} label={gate.outcome} />
          <div>
            <b>{gate.gate}</b>
            <div className={gate.blocking ? `tone-${gate.tone}` : "dim"}>{gate.summary}</div>
            <div className="faint">{gate.evidence}{gate.at && <>, <Ago at={gate.at} suffix=" old" /></>}</div>
          </div>
        </li>
      ))}
    </ul>
  );
}
