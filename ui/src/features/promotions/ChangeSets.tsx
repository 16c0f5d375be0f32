// What AWS says that it would do, stack by stack.
import { ChevronRight, FileDiff } from "lucide-react";
import type { ChangeSetView, ResourceChangeDetailView, ResourceChangeView } from "../../contract";
import { entryId } from "../compare/Dangers";
import { Agreement, ByHand, Problems } from "./Agreement";
import { ImpactChip } from "../../components/impact";
import { Path } from "../../components/path";
import { Chip } from "../../components/tone";

export function ChangeSets({ sets }: { sets: ChangeSetView[] }) {
  return sets.map((set) => (
    <section key={`${set.region}${set.stack}`} className="card" aria-label={`${set.stack} in ${set.region}`}>
      <div className="res-head">
        <FileDiff className="icon" aria-hidden /><b className="mono">{set.stack}</b>
        <span className="dim ellipsis" title={`${set.account} ${set.region}, change set ${set.name}`}>{set.account} {set.region}, change set <span className="mono">{set.name}</span></span>
        <span className="right"><Chip tone={set.tone} title={set.status}>{words(set)}</Chip></span>
      </div>
      {set.empty ? <div className="dim res-note">AWS finds nothing to change here; it is not executed.</div>
        : set.reason && <div className="dim res-note">{set.reason}</div>}
      <Problems problems={set.problems} />
      <ByHand set={set} />
      <Agreement set={set} />
      {set.changes.map((change) => <Change key={[...change.nestedIn, change.logicalId].join("/")} change={change} stack={set.stack} />)}
      {set.folded.length > 0 && <div className="dim res-note">AWS also lists {set.folded.join(", ")}, in which nothing changes.</div>}
    </section>
  ));
}

/** AWS's two words as one for reading; the exact ones are on hover. */
function words(set: ChangeSetView): string {
  if (set.status.endsWith("/ AVAILABLE")) return "ready to execute";
  return set.status.toLowerCase().replaceAll("_", " ");
}

function Change({ change, stack }: { change: ResourceChangeView; stack: string }) {
  return (
    <details className="res inner" open={change.tone === "bad"} id={entryId(stack, [...change.nestedIn, change.logicalId].join(" / "))}>
      <summary>
        <ChevronRight className="icon turn" aria-hidden /><b className="mono">{[...change.nestedIn, change.logicalId].join(" / ")}</b>
        <span className="dim">{change.resourceType}</span><ImpactChip change={change} />
        <span className="faint right ellipsis mono" title={change.physicalId ?? undefined}>{change.physicalId}</span>
      </summary>
      {change.details.length === 0 ? <div className="dim res-note">AWS names no property.</div> : (
        <div className="props" role="table" aria-label={change.logicalId}>
          <div className="prop head" role="row">
            <div role="columnheader">property</div><div role="columnheader">now</div><div role="columnheader">then</div><div role="columnheader">cause</div>
          </div>
          {change.details.map((detail) => <Detail key={detail.path} detail={detail} />)}
        </div>
      )}
    </details>
  );
}

function Detail({ detail }: { detail: ResourceChangeDetailView }) {
  return (
    <div className="prop" role="row">
      <div className="mono" role="rowheader"><Path path={detail.path.replace("/Properties/", "/")} /></div>
      <div role="cell" className={detail.before === null ? "faint" : "before"}>{detail.before === null ? "not said" : <pre>{detail.before}</pre>}</div>
      <div role="cell" className={detail.after === null ? "faint" : "after"}>
        {detail.after === null ? "not said" : detail.after === "{{changeSet:KNOWN_AFTER_APPLY}}" ? <span className="dim">known only when it runs</span> : <pre>{detail.after}</pre>}
      </div>
      <div role="cell" className="dim">
        {detail.cause}
        {detail.recreation === "Always" && <div className="tone-bad">forces a replacement</div>}
        {detail.cut && <div className="tone-waiting">AWS shows only the beginning of the value</div>}
        {detail.recreation === "Conditionally" && <div className="tone-waiting">may force a replacement</div>}
      </div>
    </div>
  );
}
