// Parameters and variables: one row a key, one column a side.
import { useState } from "react";
import type { ComparisonView, Tone, VariableState } from "../../contract";
import { Chip } from "../../components/tone";

const tones: Record<VariableState, Tone> = { same: "neutral", expected: "neutral", unexpected: "bad", missing: "waiting", unknown: "unknown" };
const order: VariableState[] = ["unexpected", "missing", "unknown", "expected", "same"];

export function Variables({ view }: { view: ComparisonView }) {
  const [all, setAll] = useState(true);
  const rows = view.variables
    .filter((row) => all || (row.state !== "same" && row.state !== "expected"))
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <>
      <div className="row">
        <div className="seg" role="group" aria-label="Which variables">
          <button type="button" aria-pressed={!all} onClick={() => setAll(false)}>Unexpected</button>
          <button type="button" aria-pressed={all} onClick={() => setAll(true)}>Everything</button>
        </div>
        {view.variablesNote && <span className="dim">{view.variablesNote}</span>}
      </div>
      {rows.length === 0 ? <span className="dim">No variable to show.</span> : (
        <table className="grid-table">
          <thead><tr><th>Stack</th><th>Key</th><th>{view.left.label}</th><th>{view.right.label}</th><th>State</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.stack + row.key}>
                <td className="dim">{row.stack}</td><td className="mono">{row.key}</td>
                <td className="mono">{row.left ?? <span className="faint">{row.state === "unknown" ? "hidden" : "absent"}</span>}</td>
                <td className="mono">{row.right ?? <span className="faint">{row.state === "unknown" ? "hidden" : "absent"}</span>}</td>
                <td><Chip tone={tones[row.state]}>{row.state}</Chip> <span className="faint">{row.note}</span></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
