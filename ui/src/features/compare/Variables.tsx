// Parameters and variables: one row a key, one column a side.
import { useState } from "react";
import type { ComparisonView, VariableState, VariableView } from "../../contract";
import { Segments } from "../../components/segments";
import { Chip } from "../../components/tone";
import { variableOrder, variableTones } from "../../components/words";
import type { Show } from "../../search";
import { VariableTable } from "./VariableTable";

const calm: VariableState[] = ["same", "expected"];

type Scope = "sides" | "all";
const scopeWords: [Scope, string][] = [["sides", "These sides"], ["all", "All environments"]];

export function Variables({ view, show }: { view: ComparisonView; show: Show }) {
  const [scope, setScope] = useState<Scope>("sides");
  return (
    <>
      <div className="row"><Segments label="Whose variables" value={scope} options={scopeWords} onChange={setScope} /></div>
      {scope === "all" ? <VariableTable service={view.service} show={show} /> : <TwoSides view={view} show={show} />}
    </>
  );
}

function TwoSides({ view, show }: { view: ComparisonView; show: Show }) {
  const rows = view.variables
    .filter((row) => show === "everything" || !calm.includes(row.state))
    .toSorted((a, b) => variableOrder.indexOf(a.state) - variableOrder.indexOf(b.state));
  const folded = view.variables.length - rows.length;
  return (
    <>
      {view.variablesNote && <div className="notice">{view.variablesNote}</div>}
      {rows.length > 0 && (
        <table className="grid-table">
          <thead><tr><th scope="col">Key</th><th scope="col">{view.left.label}</th><th scope="col">{view.right.label}</th><th scope="col">State</th><th scope="col">Stack</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.stack + row.key}>
                <th scope="row" className="mono whole-word">{row.key}</th>
                <Value row={row} value={row.left} />
                <Value row={row} value={row.right} />
                <td><Chip tone={variableTones[row.state]}>{row.state}</Chip>{row.note && <div className="faint">{row.note}</div>}</td>
                <td className="dim whole-word">{row.stack}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {view.variables.length === 0 && !view.variablesNote && <span className="dim">This service has no variables.</span>}
      {rows.length === 0 && folded > 0 && <span className="dim">No variable differs unexpectedly.</span>}
      {folded > 0 && <div className="fold flat">{folded} the same or as expected: choose Everything to see them.</div>}
    </>
  );
}

function Value({ row, value }: { row: VariableView; value: string | null }) {
  if (value !== null) return <td className="mono">{value}</td>;
  return <td className="faint">{row.state === "unknown" ? "hidden" : "absent"}</td>;
}
