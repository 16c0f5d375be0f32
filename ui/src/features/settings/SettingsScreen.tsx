// Identities in each system, connection tests, looks.
import { PlugZap } from "lucide-react";
import { ErrorPanel } from "../../components/state";
import { setPreferences, usePreferences } from "../../components/preferences";
import { ToneIcon } from "../../components/tone";
import { useAct, useAsk } from "../../host/queries";

export function SettingsScreen() {
  const identity = useAsk("identity_view", {});
  const estate = useAsk("estate_view", {});
  const test = useAct("connections_test");
  const { theme, density } = usePreferences();
  return (
    <>
      <div className="bar"><h1>Settings</h1></div>
      <div className="body">
        <div className="page">
          <section className="section" aria-label="Who you are">
            <h2 className="label">Who you are</h2>
            {identity.error && <ErrorPanel error={identity.error} retry={() => void identity.refetch()} />}
            {identity.data && (
              <>
                <p><b>{identity.data.name}</b> <span className="dim">{identity.data.role}. Each system is asked with your own credentials; what you may do there is what you may do here.</span></p>
                {identity.data.mismatch && <div className="notice bad" role="alert"><span><ToneIcon tone="bad" /> {identity.data.mismatch}</span></div>}
                <table className="grid-table">
                  <thead><tr><th>System</th><th>Knows you as</th><th>Meaning</th></tr></thead>
                  <tbody>
                    {identity.data.identities.map((item) => (
                      <tr key={item.system + item.name}><td>{item.system}</td><td className="mono">{item.name}</td><td><ToneIcon tone={item.tone} /> {item.detail}</td></tr>
                    ))}
                  </tbody>
                </table>
              </>
            )}
          </section>
          <section className="section" aria-label="Connections">
            <div className="row">
              <h2 className="label">Connections</h2>
              <button type="button" className="btn right" disabled={test.isPending} onClick={() => test.mutate({})}>
                <PlugZap className="icon" aria-hidden />{test.isPending ? "Testing …" : "Test every connection"}
              </button>
            </div>
            <span className="sr" role="status">{test.isPending ? "Testing connections" : test.data ? "Tests are done" : ""}</span>
            {test.error && <ErrorPanel error={test.error} />}
            {test.data && (
              <table className="grid-table">
                <thead><tr><th>Connection</th><th>Address</th><th>Result</th><th>As</th><th>Version</th><th>Took</th></tr></thead>
                <tbody>
                  {test.data.connections.map((row) => (
                    <tr key={row.name}>
                      <td>{row.name}</td><td className="mono">{row.address}</td>
                      <td><ToneIcon tone={row.tone} /> {row.message}{row.hints.map((hint) => <div key={hint} className="dim">{hint}</div>)}</td>
                      <td className="mono">{row.identity}</td><td>{row.version}</td><td>{row.elapsedMs} ms</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </section>
          <section className="section" aria-label="Looks">
            <h2 className="label">Looks</h2>
            <div className="row wrap">
              <div className="seg" role="group" aria-label="Theme">
                {(["dark", "light"] as const).map((item) => (
                  <button key={item} type="button" aria-pressed={theme === item} onClick={() => setPreferences({ theme: item })}>{item === "dark" ? "Dark" : "Light"}</button>
                ))}
              </div>
              <div className="seg" role="group" aria-label="Density">
                {(["compact", "comfortable"] as const).map((item) => (
                  <button key={item} type="button" aria-pressed={density === item} onClick={() => setPreferences({ density: item })}>{item === "compact" ? "Compact" : "Comfortable"}</button>
                ))}
              </div>
            </div>
          </section>
          {estate.data && (
            <section className="section" aria-label="Estate">
              <h2 className="label">Estate</h2>
              <p><b>{estate.data.name}</b> <span className="mono dim">{estate.data.file}</span></p>
              <p className="dim">{estate.data.services.length} services, {estate.data.environments.length} environments{estate.data.practice && ". This is a practice estate: nothing real is touched"}.</p>
            </section>
          )}
        </div>
      </div>
    </>
  );
}
