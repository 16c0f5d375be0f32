// Who each system says that I am, side by side; a disagreement is said.
import { ErrorPanel } from "../../components/state";
import { ToneIcon } from "../../components/tone";
import { useAsk } from "../../host/queries";

export function Identities() {
  const identity = useAsk("identity_view", {});
  const me = identity.data;
  return (
    <section className="section" aria-labelledby="identities">
      <h2 id="identities">Who you are</h2>
      {identity.error && <ErrorPanel error={identity.error} retry={() => void identity.refetch()} />}
      {!me && !identity.error && <div className="skeleton" style={{ width: "60%" }} />}
      {me && (
        <>
          <p><b>{me.name}</b>{me.person && <span className="dim">, {me.role}</span>}. <span className="dim">Each system is asked with your own credentials: what you may do there is what you may do here.</span></p>
          {me.mismatch && (
            <div className="notice bad" role="alert"><div className="why"><ToneIcon tone="bad" /><div><b>The systems disagree about who you are</b><div>{me.mismatch}</div></div></div></div>
          )}
          <table className="grid-table">
            <thead><tr><th scope="col">System</th><th scope="col">Knows you as</th><th scope="col">Which is</th></tr></thead>
            <tbody>
              {me.identities.map((item) => (
                <tr key={item.system + item.name} className={item.tone === "ok" ? "" : "moved"}>
                  <th scope="row">{item.system}</th><td className="mono">{item.name}</td>
                  <td><ToneIcon tone={item.tone} label={item.tone === "ok" ? "agrees" : "does not agree"} /> {item.detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
