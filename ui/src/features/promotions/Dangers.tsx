// What could be lost, before anything else: our own judgement where there is one, what AWS's words say where there is none.
import { CircleAlert } from "lucide-react";
import type { PromotionView } from "../../contract";
import { ImpactChip } from "../../components/impact";
import { Dangers as Judged } from "../compare/Dangers";

export function Dangers({ view }: { view: PromotionView }) {
  const unjudged = view.changeSets.filter((set) => !set.judgement);
  const danger = unjudged.flatMap((set) => set.changes.filter((change) => change.tone === "bad").map((change) => ({ stack: set.stack, change })));
  return (
    <>
      {view.changeSets.map((set) => set.judgement && <Judged key={set.region + set.stack} dangers={set.judgement.dangers} stack={set.stack} />)}
      {danger.length > 0 && (
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
      )}
    </>
  );
}
