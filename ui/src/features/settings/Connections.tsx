// Asks every system whether it answers and knows us; what does not work comes with what to do.
import { PlugZap } from "lucide-react";
import type { ConnectionView } from "../../contract";
import { ActionButton } from "../../components/action";
import { ErrorPanel } from "../../components/state";
import { ToneIcon } from "../../components/tone";
import { plural } from "../../components/words";
import { useAct } from "../../host/queries";

const words: Partial<Record<ConnectionView["tone"], string>> = { ok: "works", waiting: "works, with a warning", bad: "does not work", unknown: "not asked" };

export function Connections() {
  const test = useAct("connections_test");
  const rows = test.data?.connections;
  const bad = rows?.filter((row) => row.tone === "bad").length ?? 0;
  const said = test.isPending ? "Testing every connection" : rows ? (bad === 0 ? "Every configured connection works" : `${plural(bad, "connection")} ${bad === 1 ? "does" : "do"} not work`) : "";
  return (
    <section className="section" aria-labelledby="connections">
      <div className="row">
        <h2 id="connections">Connections</h2>
        <span className="dim" role="status">{said}</span>
        <span className="grow" />
        <ActionButton busy={test.isPending} onPress={() => test.mutate({})}>
          <PlugZap className="icon" aria-hidden />{test.isPending ? "Testing" : rows ? "Test again" : "Test every connection"}
        </ActionButton>
      </div>
      {test.isPending && <div className="progress inline" role="progressbar" aria-label="Connection tests"><i className="moving" /></div>}
      {test.error && <ErrorPanel error={test.error} retry={() => test.mutate({})} />}
      {!rows && !test.isPending && <p className="dim">Asks each system in turn: does it answer, does it know you, is its version one that was tested. Nothing is changed.</p>}
      {rows && (
        <table className="grid-table">
          <thead><tr><th scope="col">Connection</th><th scope="col">Result</th><th scope="col">As</th><th scope="col">Version</th><th scope="col" className="number">Took</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}<div className="faint mono">{row.address}</div></th>
                <td>
                  <div className="why"><ToneIcon tone={row.tone} label={words[row.tone] ?? row.tone} /><div>{row.message}
                    {row.hints.length > 0 && <ul className="hints">{row.hints.map((hint) => <li key={hint}>{hint}</li>)}</ul>}</div></div>
                </td>
                <td className="mono">{row.identity}</td><td className="mono whole-word">{row.version}</td>
                <td className="number">{row.tone === "unknown" ? "" : row.elapsedMs < 1 ? "< 1 ms" : `${row.elapsedMs} ms`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
