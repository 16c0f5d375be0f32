// What could be lost, before anything else.
import { CircleAlert } from "lucide-react";
import type { PromotionView } from "../../contract";
import { ImpactChip } from "../../components/impact";

export function Dangers({ view }: { view: PromotionView }) {
  const danger = view.changeSets.flatMap((set) => set.changes.filter((change) => change.tone === "bad").map((change) => ({ stack: set.stack, change })));
  if (danger.length === 0) return null;
  return (
    <div className="notice bad">
      <div className="row"><CircleAlert className="icon tone-bad" aria-hidden /><b>{danger.length === 1 ? "One thing" : `${danger.length} things`} to decide before anything else</b></div>
      <ul className="col">
        {danger.map(({ stack, change }) => (
          <li key={stack + change.logicalId} className="row wrap">
            <ImpactChip change={change} /><code className="strong">{change.logicalId}</code>
            <span className="dim">{change.resourceType} in {stack}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
