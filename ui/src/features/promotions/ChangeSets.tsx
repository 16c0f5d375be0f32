// What AWS says that it would do, stack by stack.
import { ChevronRight, FileDiff } from "lucide-react";
import type { ChangeSetView } from "../../contract";
import { Chip } from "../../components/tone";

export function ChangeSets({ sets }: { sets: ChangeSetView[] }) {
  return sets.map((set) => (
    <section key={`${set.region}${set.stack}`} className="card">
      <div className="res-head">
        <FileDiff className="icon" aria-hidden /><b className="mono">{set.stack}</b>
        <span className="dim">{set.account} {set.region}, change set <span className="mono">{set.name}</span></span>
        <span className="right"><Chip tone={set.tone}>{set.status}</Chip></span>
      </div>
      {set.reason && !set.empty && <div className="dim" style={{ padding: "0 12px 10px" }}>{set.reason}</div>}
      {set.empty && <div className="dim" style={{ padding: "0 12px 10px" }}>AWS finds nothing to change here; it is not executed.</div>}
      {set.changes.map((change) => (
        <details key={change.logicalId} className="res" style={{ borderWidth: "1px 0 0", borderRadius: 0 }}>
          <summary>
            <ChevronRight className="icon turn" aria-hidden /><b className="mono">{change.logicalId}</b>
            <span className="dim">{change.resourceType}</span><Chip tone={change.tone}>{change.impact}</Chip>
            <span className="faint right ellipsis mono" style={{ maxWidth: 260 }}>{change.physicalId}</span>
          </summary>
          <div className="prop head"><div>property</div><div>now</div><div>then</div><div>cause</div></div>
          {change.details.length === 0 && <div className="dim" style={{ padding: 10 }}>AWS names no property.</div>}
          {change.details.map((detail) => (
            <div key={detail.path} className="prop">
              <div className="mono">{detail.path.replace(/^\//, "").replaceAll("/", ".")}</div>
              <pre className="before">{detail.before ?? "not said"}</pre>
              <pre className="after">{known(detail.after)}</pre>
              <div className="dim">{detail.cause}{detail.recreation === "Always" && <div className="tone-bad">forces a replacement</div>}
                {detail.recreation === "Conditionally" && <div className="tone-waiting">may force a replacement</div>}</div>
            </div>
          ))}
        </details>
      ))}
    </section>
  ));
}

function known(value: string | null): string {
  if (value === null) return "not said";
  return value === "{{changeSet:KNOWN_AFTER_APPLY}}" ? "known only at run time" : value;
}
