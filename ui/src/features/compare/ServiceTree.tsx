// Services and stacks with counts of what differs.
import { Database } from "lucide-react";
import type { CountsView, DifferenceState, ServiceDifferenceView } from "../../contract";
import { ToneIcon } from "../../components/tone";

export const stateWords: Record<DifferenceState, string> = {
  same: "same", changed: "changed", "only-left": "only on the left", "only-right": "only on the right", unknown: "cannot be told",
};

export function Counts({ counts }: { counts: CountsView }) {
  const parts: [number, string, string, string][] = [
    [counts.removed, "-", "tone-bad", "removed"], [counts.changed, "~", "tone-running", "changed"],
    [counts.added, "+", "tone-ok", "added"], [counts.unknown, "?", "tone-unknown", "unknown"],
  ];
  return (
    <span className="counts">
      {parts.filter(([number]) => number > 0).map(([number, sign, tone, word]) => (
        <b key={word} className={`chip ${tone}`} style={{ minHeight: 17 }} title={`${number} ${word}`}>
          <span aria-hidden>{sign}{number}</span><span className="sr">{number} {word}</span>
        </b>
      ))}
    </span>
  );
}

type Props = { services: ServiceDifferenceView[]; selected: string | null; onSelect: (service: string) => void };

export function ServiceTree({ services, selected, onSelect }: Props) {
  const differ = services.filter((item) => item.state !== "same").length;
  return (
    <>
      <div className="tree-line dim">{differ} of {services.length} services differ</div>
      <ul>
        {services.map((item) => (
          <li key={item.service}>
            <button type="button" className="tree-line" aria-current={item.service === selected} onClick={() => onSelect(item.service)} title={item.reason ?? stateWords[item.state]}>
              {item.state === "unknown" ? <ToneIcon tone="unknown" small label="cannot be told" /> : null}
              <span className={item.state === "same" ? "dim" : ""} style={{ fontWeight: item.state === "same" ? 400 : 580 }}>{item.service}</span>
              {item.state === "same" ? <span className="faint right">same</span> : <Counts counts={item.counts} />}
            </button>
            {item.service === selected && item.stacks.map((stack) => (
              <div key={stack.name} className="tree-line child">
                <Database className="icon faint" aria-hidden /><span className="mono ellipsis">{stack.name}</span>
                {stack.state === "same" ? <span className="faint right">same</span>
                  : stack.state === "changed" ? <Counts counts={stack.counts} />
                  : <span className="faint right">{stateWords[stack.state]}</span>}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
