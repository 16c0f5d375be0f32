// Stacks with status, parameters, outputs and tags.
import { ChevronRight } from "lucide-react";
import type { KeyValueView, StackView } from "../../contract";
import { Ago } from "../../components/time";
import { Chip } from "../../components/tone";

export function StackList({ stacks }: { stacks: StackView[] }) {
  if (stacks.length === 0) return <span className="dim">No stack of this service is there.</span>;
  return stacks.map((stack) => <Stack key={`${stack.environment}${stack.name}${stack.region}`} stack={stack} />);
}

function Stack({ stack }: { stack: StackView }) {
  return (
    <details className="res">
      <summary>
        <ChevronRight className="icon turn" aria-hidden />
        <span className="mono grow ellipsis" title={stack.name}>{stack.name}</span>
        {stack.drift === "DRIFTED" && <Chip tone="drift">drifted</Chip>}
        <Chip tone={stack.tone} title={stack.status}>{statusWords(stack.status)}</Chip>
      </summary>
      <div className="col res-body">
        <span className="dim">
          <span className="mono">{stack.status}</span> in {stack.region}, changed <Ago at={stack.updatedAt} suffix=" ago" />
          {stack.parent && ", nested"}
          {stack.drift !== "NOT_CHECKED" && <>; drift checked <Ago at={stack.driftAt} suffix=" ago" />: {stack.drift}</>}
        </span>
        {stack.statusReason && <span className={`tone-${stack.tone}`}>{stack.statusReason}</span>}
        <Values title="Parameters" values={stack.parameters} />
        <Values title="Outputs" values={stack.outputs} />
        <Values title="Tags" values={stack.tags} />
      </div>
    </details>
  );
}

/** AWS's word in lower case, without what every stack says. */
function statusWords(status: string): string {
  return status.toLowerCase().replaceAll("_", " ");
}

function Values({ title, values }: { title: string; values: KeyValueView[] }) {
  if (values.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <dl className="facts values">
        {values.map((item) => (
          <div key={item.key} className="pair">
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
