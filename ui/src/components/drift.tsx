// What is known of drift, how old that is, and the button that lets AWS look now.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Radar, X } from "lucide-react";
import { Button } from "react-aria-components";
import type { DriftKnownView } from "../contract";
import { driftKey, useAct, type DriftProgress } from "../host/queries";
import { ErrorPanel } from "./state";
import { Ago } from "./time";
import { ToneIcon } from "./tone";

/** Stacks of which the same is known, as one line. */
function together(known: DriftKnownView[]): [DriftKnownView, string[]][] {
  const groups = new Map<string, [DriftKnownView, string[]]>();
  for (const one of known) {
    const key = `${one.words}${one.at ?? ""}`;
    const group = groups.get(key);
    if (group) group[1].push(one.stack);
    else groups.set(key, [one, [one.stack]]);
  }
  return [...groups.values()];
}

export function DriftKnown({ known, named = true }: { known: DriftKnownView[]; named?: boolean }) {
  return together(known).map(([one, stacks]) => (
    <div key={stacks.join()} className="why">
      <ToneIcon tone={one.tone} />
      <div>
        {`${one.words[0]?.toUpperCase()}${one.words.slice(1)}`}
        {one.at && <span className="dim">, AWS looked <Ago at={one.at} suffix=" ago" /></span>}
        {named && <div className="faint mono ellipsis" title={stacks.join(", ")}>{stacks.slice(0, 4).join(", ")}{stacks.length > 4 && ` and ${stacks.length - 4} more`}</div>}
      </div>
    </div>
  ));
}

/** AWS looks at every stack of the service there; that takes seconds to minutes and can be left. */
export function DetectDrift({ service, environment }: { service: string; environment: string }) {
  const client = useQueryClient();
  const detect = useAct("drift_view", () => void client.invalidateQueries({ queryKey: ["promotion_view"] }));
  const cancel = useAct("drift_cancel");
  // Events fill it: what began before this was opened is shown too.
  const progress = useQuery<DriftProgress | null>({ queryKey: driftKey(service, environment), queryFn: () => null, enabled: false, initialData: null }).data;
  const running = detect.isPending || (progress?.running ?? false);
  return (
    <>
      <div className="row wrap" aria-live="polite">
        {running ? (
          <>
            <span className="dim">
              {progress?.running && progress.total > 0 ? `AWS has looked at ${progress.done} of ${progress.total} stacks` : "AWS looks at the stacks"}
            </span>
            <Button className="btn" onPress={() => cancel.mutate({ service, environment })}><X className="icon" aria-hidden />Stop waiting</Button>
          </>
        ) : (
          <Button className="btn" onPress={() => detect.mutate({ service, environment, detect: true })}><Radar className="icon" aria-hidden />Look for drift now</Button>
        )}
      </div>
      {!running && detect.data && <DriftKnown known={detect.data.stacks.map((stack) => stack.known).filter((one) => one.tone === "unknown")} />}
      {detect.error && detect.error.code !== "cancelled" && <ErrorPanel error={detect.error} />}
    </>
  );
}
