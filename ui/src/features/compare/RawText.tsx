// Template texts of a stack, side by side.
import { useState } from "react";
import type { SideRef } from "../../contract";
import { Choice } from "../../components/choice";
import { Segments } from "../../components/segments";
import { Caution, Empty, ErrorPanel, Loading } from "../../components/state";
import { useAsk } from "../../host/queries";
import { Merge } from "./Merge";
import type { Spot } from "./spot";

type Props = { service: string; left: SideRef; right: SideRef; stacks: string[]; labels: [string, string]; spot?: Spot };

const folding = [["fold", "Changes"], ["show", "Whole texts"]] as const;

/** Notes that say the same of either side, as one. */
function together(notes: string[]): string {
  const [left, right] = [notes.find((note) => note.includes("on the left")), notes.find((note) => note.includes("on the right"))];
  const same = left?.replace("on the left", "on the right") === right;
  return (same && left ? [left.replace("on the left", "on both sides"), ...notes.filter((note) => note !== left && note !== right)] : notes).join(" ");
}

export function RawText({ service, left, right, stacks, labels, spot }: Props) {
  const [stack, setStack] = useState(spot && stacks.includes(spot.stack) ? spot.stack : stacks[0] ?? "");
  const [fold, setFold] = useState(true);
  const raw = useAsk("comparison_raw", { service, stack, left, right }, { enabled: stack !== "" });
  const text = raw.data;
  return (
    <>
      <div className="row wrap">
        {stacks.length > 0 && <Choice label="Stack" value={stack} options={stacks.map((name) => ({ id: name, label: name }))} onChange={setStack} />}
        <Segments label="Equal passages" value={fold ? "fold" : "show"} options={folding} onChange={(wanted) => setFold(wanted === "fold")} />
        <span className="faint">{labels[0]} on the left, {labels[1]} on the right</span>
      </div>
      {text && text.notes.length > 0 && <Caution><span>{together(text.notes)}</span></Caution>}
      {raw.error ? <ErrorPanel error={raw.error} retry={() => void raw.refetch()} />
        : !text ? <Loading what="the texts" />
        : text.left === null && text.right === null ? <Empty title="Neither side has a readable text" />
        : <Merge left={text.left} right={text.right} labels={labels} fold={fold} spot={spot?.stack === stack ? spot : undefined} />}
    </>
  );
}
