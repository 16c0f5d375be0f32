// Asks every system again; while that goes on, shows how far it is and can be cancelled.
import { RefreshCw, X } from "lucide-react";
import { Button } from "react-aria-components";
import { useAct } from "../../host/queries";
import type { Progress } from "./Frame";

export function Refresh({ refreshing, progress }: { refreshing: boolean; progress: Progress | null }) {
  const refresh = useAct("overview_refresh");
  const cancel = useAct("overview_cancel");
  const busy = refresh.isPending || refreshing || progress !== null;
  const share = progress ? Math.round((progress.done / Math.max(1, progress.total)) * 100) : 0;
  return (
    <>
      {busy ? (
        <Button className="btn refreshing" onPress={() => cancel.mutate({})} isPending={cancel.isPending}>
          <X className="icon" aria-hidden />
          <span className="sr">Cancel the refresh, </span>
          {progress ? `${progress.done} of ${progress.total}` : "asking"}
        </Button>
      ) : (
        <Button className="btn icon-only" aria-label="Refresh" onPress={() => refresh.mutate({})}>
          <RefreshCw className="icon" aria-hidden />
        </Button>
      )}
      {busy && (
        <div className="progress" role="progressbar" aria-label="Refresh" aria-valuenow={share} aria-valuemin={0} aria-valuemax={100}>
          <i style={{ width: `${Math.max(4, share)}%` }} />
        </div>
      )}
      <span className="sr" role="status">
        {progress ? `Refreshing, ${progress.done} of ${progress.total}, ${progress.last}` : refresh.error ? refresh.error.message : ""}
      </span>
      {refresh.error && refresh.error.code !== "cancelled" && (
        <span className="tone-bad" title={refresh.error.hints.join(" ")}>Refresh failed: {refresh.error.message}</span>
      )}
    </>
  );
}
