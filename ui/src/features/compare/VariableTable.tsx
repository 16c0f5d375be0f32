// The variables of a service: one row a key, one column an environment.
import type { VariableCellView, VariableRowView } from "../../contract";
import { Caution, ErrorPanel, Loading } from "../../components/state";
import { Chip } from "../../components/tone";
import { variableOrder, variableTones } from "../../components/words";
import { useAsk } from "../../host/queries";
import type { Show } from "../../search";

const isCalm = (row: VariableRowView) => row.trouble === null && (row.state === "same" || row.state === "expected");

function troubleWords(row: VariableRowView): string {
  switch (row.trouble) {
    case "not-declared": return "no template declares it";
    case "unused": return "no template uses it";
    case "undefined": return `undefined in the document of ${row.troubleIn.join(", ")}`;
    case null: return "";
  }
}

export function VariableTable({ service, show }: { service: string; show: Show }) {
  const table = useAsk("variables_view", { service });
  if (table.error) return <ErrorPanel error={table.error} retry={() => void table.refetch()} />;
  if (!table.data) return <Loading what={`the variables of ${service}`} lines={6} />;
  const { environments, rows: all, doubts } = table.data;
  const weight = (row: VariableRowView) => (row.trouble && isCalm({ ...row, trouble: null }) ? 1.5 : variableOrder.indexOf(row.state));
  const rows = all.filter((row) => show === "everything" || !isCalm(row)).toSorted((a, b) => weight(a) - weight(b));
  const folded = all.length - rows.length;
  return (
    <>
      {doubts.length > 0 && <Caution><span>{doubts.join("; ")}</span></Caution>}
      {rows.length > 0 && (
        <table className="grid-table">
          <thead><tr><th scope="col">Key</th>{environments.map((name) => <th scope="col" key={name}>{name}</th>)}<th scope="col">State</th><th scope="col">Stack</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.stack + row.key}>
                <th scope="row" className="mono whole-word">{row.key}</th>
                {row.cells.map((cell, at) => <Cell key={environments[at]} cell={cell} />)}
                <td>
                  <Chip tone={row.trouble && isCalm({ ...row, trouble: null }) ? "waiting" : variableTones[row.state]}>{row.trouble && row.state === "same" ? row.trouble.replace("-", " ") : row.state}</Chip>
                  {row.note && <div className="faint">{row.note}</div>}
                  {row.trouble && <div className="faint">{troubleWords(row)}</div>}
                </td>
                <td className="dim whole-word">{row.stack}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {all.length === 0 && <span className="dim">This service has no variables.</span>}
      {rows.length === 0 && folded > 0 && <span className="dim">No variable differs unexpectedly, and none is unused or undefined.</span>}
      {folded > 0 && <div className="fold flat">{folded} the same or as expected: choose Everything to see them.</div>}
    </>
  );
}

function Cell({ cell }: { cell: VariableCellView }) {
  switch (cell.kind) {
    case "given": return <td className="mono">{cell.value}</td>;
    case "default": return <td className="mono">{cell.value} <span className="faint">default</span></td>;
    case "hidden": return <td className="faint">hidden</td>;
    case "no-value": return <td className="faint">no value</td>;
    case "absent": return <td className="faint">absent</td>;
    case "no-stack": return <td className="faint" aria-label="no stack">–</td>;
  }
}
