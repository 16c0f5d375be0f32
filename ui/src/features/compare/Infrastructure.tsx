// Stacks with the entries that differ; what the environments' variables explain is folded away.
import { ChevronRight, Equal } from "lucide-react";
import type { ComparisonView, EntryView, ImpactName, StackComparisonView } from "../../contract";
import { DifferenceChip } from "../../components/impact";
import { ToneIcon } from "../../components/tone";
import { plural } from "../../components/words";
import type { Show } from "../../search";
import { Dangers, entryId } from "./Dangers";
import { Entry, isExpected } from "./Entry";
import type { Spot } from "./spot";

type Props = { view: ComparisonView; show: Show; onSpot: (spot: Spot) => void };

export function Infrastructure({ view, show, onSpot }: Props) {
  // What is to be decided first stands first; otherwise the order stays.
  const differing = view.stacks.filter((stack) => stack.state !== "same" || stack.entries.length > 0)
    .toSorted((a, b) => Number(b.dangers.length > 0) - Number(a.dangers.length > 0));
  const same = view.stacks.filter((stack) => !differing.includes(stack));
  return (
    <>
      {differing.length === 0 && (
        <div className="notice calm"><div className="why"><Equal className="icon tone-ok" aria-hidden /><span>
          <b>Both sides mean the same.</b> {view.counts.expected > 0 && `${plural(view.counts.expected, "difference")} in values, explained by the environments' variables.`}
        </span></div></div>
      )}
      {differing.map((stack) => <Stack key={stack.name} stack={stack} view={view} show={show} onSpot={onSpot} />)}
      {differing.length > 0 && same.length > 0 && <span className="faint">The same on both sides: {same.map((stack) => stack.name).join(", ")}.</span>}
    </>
  );
}

type StackProps = Props & { stack: StackComparisonView };

function Stack({ stack, view, show, onSpot }: StackProps) {
  const surprising = stack.entries.filter((entry) => !isExpected(entry)).toSorted((a, b) => danger(a) - danger(b));
  const expected = stack.entries.filter(isExpected);
  const labels: [string, string] = [view.left.label, view.right.label];
  const onLine = (side: Spot["side"], line: number) => onSpot({ stack: stack.name, side, line });
  // A side that cannot be told is not said to be absent.
  const absent = stack.state === "unknown" ? "not known" : "no stack";
  return (
    <section id={`stack-${stack.name}`} className="col" aria-label={stack.name}>
      <div className="row wrap">
        <h3 className="mono stack-name">{stack.name}</h3>
        {stack.state !== "changed" && <DifferenceChip state={stack.state} words={stateOf(stack, labels)} />}
        <span className="faint ellipsis">{stack.left ?? absent} against {stack.right ?? absent}</span>
      </div>
      {stack.reason && <div className="notice"><div className="why"><ToneIcon tone="unknown" /><span>{stack.reason}</span></div></div>}
      <Dangers dangers={stack.dangers} stack={stack.name} />
      {surprising.map((entry) => <Entry key={entry.section + entry.name} entry={entry} labels={labels} show={show} open id={idOf(stack.name, entry)} onLine={onLine} />)}
      {expected.length > 0 && (
        <details className="fold" open={show === "everything"}>
          <summary>
            <ChevronRight className="icon turn" aria-hidden />
            {plural(expected.length, "expected difference")}, explained by the environments' variables{" "}
            <span className="faint ellipsis" title={expected.map((entry) => entry.name).join(", ")}>{expected.slice(0, 5).map((entry) => entry.name).join(", ")}</span>
          </summary>
          <div className="col">{expected.map((entry) => <Entry key={entry.section + entry.name} entry={entry} labels={labels} show="everything" id={idOf(stack.name, entry)} onLine={onLine} />)}</div>
        </details>
      )}
    </section>
  );
}

const idOf = (stack: string, entry: EntryView) => (entry.section === "Resources" ? entryId(stack, entry.name) : undefined);

/** The most dangerous first; what only differs outside of the resources last. */
const rank: Record<ImpactName, number> = {
  rejected: 0, removes: 1, snapshots: 2, "replaces-delete-first": 3, "replaces-create-first": 4, "may-replace": 5, retains: 6, "may-interrupt": 7, "in-place": 8,
  imports: 9, creates: 10, metadata: 11, none: 12,
};
const danger = ({ judgement }: EntryView) => (judgement ? (judgement.dataLoss ? -20 : 0) + (judgement.security === "broadened" ? -10 : 0) + rank[judgement.impact] : 20);

function stateOf(stack: StackComparisonView, labels: [string, string]): string | undefined {
  if (stack.state === "only-left") return `only in ${labels[0]}`;
  return stack.state === "only-right" ? `only in ${labels[1]}` : undefined;
}
