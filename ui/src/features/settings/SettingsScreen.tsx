// Identities in each system, connection tests, looks, the estate.
import { Segments } from "../../components/segments";
import { setPreferences, usePreferences } from "../../components/preferences";
import { ErrorPanel } from "../../components/state";
import { plural } from "../../components/words";
import { useAsk } from "../../host/queries";
import { KeyList } from "../frame/Keys";
import { Connections } from "./Connections";
import { Identities } from "./Identities";

export function SettingsScreen() {
  const estate = useAsk("estate_view", {});
  const { theme, density } = usePreferences();
  return (
    <>
      <div className="bar"><h1>Settings</h1></div>
      <div className="body">
        <div className="page settings">
          <Identities />
          <Connections />
          <section className="section" aria-labelledby="looks">
            <h2 id="looks">Looks</h2>
            <div className="row wrap">
              <Segments label="Theme" value={theme} options={[["dark", "Dark"], ["light", "Light"]]} onChange={(wanted) => setPreferences({ theme: wanted })} />
              <Segments label="Density" value={density} options={[["compact", "Compact"], ["comfortable", "Comfortable"]]} onChange={(wanted) => setPreferences({ density: wanted })} />
              <span className="faint">kept on this machine</span>
            </div>
          </section>
          <section className="section" aria-labelledby="keys">
            <h2 id="keys">Keys</h2>
            <KeyList />
          </section>
          <section className="section" aria-labelledby="estate">
            <h2 id="estate">Estate</h2>
            {estate.error && <ErrorPanel error={estate.error} retry={() => void estate.refetch()} />}
            {estate.data && (
              <p>
                <b>{estate.data.name}</b> <span className="mono dim">{estate.data.file}</span>{" "}
                <span className="dim">
                  {plural(estate.data.services.length, "service")} in {plural(estate.data.environments.length, "environment")}
                  {estate.data.practice && ". This is the practice estate: nothing real is touched"}.
                </span>
              </p>
            )}
          </section>
        </div>
      </div>
    </>
  );
}
