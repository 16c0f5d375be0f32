// Stacks with status, parameters, outputs and tags.
import { ChevronRight } from "lucide-react";
import type { KeyValueView, StackView } from "../../contract";
import { Ago } from "../../components/time";
import { Chip } from "../../components/tone";

function Values({ title, values }: { title: string; values: KeyValueView[] }) {
  if (values.length === 0) return null;
  return (
    <>
      <h2 className="label">{title}</h2>
      <dl className="facts" style={{ gridTemplateColumns: "minmax(90px, 40%) 1fr" }}>
        {values.map((item) => (
          <div key={item.key} style={{ display: "contents" }}>
            <dt className="mono">{item.key}</dt>
            <dd>
              {item.value !== null && <span className="mono">{item.value}</span>}
              {item.note && <span className="faint"> {item.note}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

export function StackList({ stacks }: { stacks: StackView[] }) {
  if (stacks.length === 0) return <span className="faint">No stack of this service is there.</span>;
  return stacks.map((stack) => (
    <details key={`${stack.name}${stack.region}`} className="res">
      <summary>
        <ChevronRight className="icon turn" aria-hidden />
        <span className="mono">{stack.name}</span>
        <Chip tone={stack.tone}>{stack.status}</Chip>
      </summary>
      <div className="col" style={{ padding: 12 }}>
        <span className="dim">{stack.region}, changed <Ago at={stack.updatedAt} suffix=" ago" />
          {stack.parent && ", nested"}
          {stack.drift !== "NOT_CHECKED" && <>, drift {stack.drift} <Ago at={stack.driftAt} suffix=" ago" /></>}
        </span>
        {stack.statusReason && <span className="tone-bad">{stack.statusReason}</span>}
        <Values title="Parameters" values={stack.parameters} />
        <Values title="Outputs" values={stack.outputs} />
        <Values title="Tags" values={stack.tags} />
      </div>
    </details>
  ));
}
