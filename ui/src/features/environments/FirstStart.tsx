// Nothing was ever observed: says what a first reading does, and starts it.
import { RefreshCw } from "lucide-react";
import type { OverviewView } from "../../contract";
import { ActionButton } from "../../components/action";
import { Empty, ErrorPanel } from "../../components/state";
import { plural } from "../../components/words";
import { useAct } from "../../host/queries";

export function FirstStart({ overview }: { overview: OverviewView }) {
  const refresh = useAct("overview_refresh");
  const busy = overview.refreshing || refresh.isPending;
  return (
    <Empty title={busy ? "Reading the estate for the first time" : "Nothing has been read yet"}>
      <p>
        {plural(overview.rows.length, "service")} in {plural(overview.scopes.length, "account and region", "accounts and regions")}. Reading changes nothing there;
        what arrives is kept, and shown at once at the next start.
      </p>
      <table className="plain first-scopes"><tbody>
        {overview.scopes.map((scope) => (
          <tr key={scope.environment + scope.region}><th scope="row">{scope.environment}</th><td className="mono">{scope.account} {scope.region}</td><td className="faint">{scope.reason}</td></tr>
        ))}
      </tbody></table>
      <ActionButton kind="primary" busy={busy} onPress={() => refresh.mutate({})}>
        <RefreshCw className={`icon ${busy ? "spin" : ""}`} aria-hidden />{busy ? "Reading" : "Read the estate"}
      </ActionButton>
      {refresh.error && <ErrorPanel error={refresh.error} retry={() => refresh.mutate({})} />}
    </Empty>
  );
}
