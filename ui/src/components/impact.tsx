// Kinds of change as chips: what AWS would do to a resource, and how two sides differ.
import { Ban, CircleHelp, Diff, Equal, KeyRound, Minus, PencilLine, Plus, RefreshCcw, TriangleAlert, type LucideIcon } from "lucide-react";
import type { DifferenceState, ImpactName, ResourceChangeView, ResourceRow, Tone } from "../contract";
import { Chip } from "./tone";
import { differenceWords } from "./words";

function impactIcon({ action, tone, replacement }: ResourceChangeView): LucideIcon {
  if (action === "Add" || action === "Import") return Plus;
  if (action === "Remove") return Minus;
  if (replacement === "True") return RefreshCcw;
  if (tone === "waiting" || tone === "bad") return TriangleAlert;
  return tone === "unknown" ? CircleHelp : PencilLine;
}

export function ImpactChip({ change }: { change: ResourceChangeView }) {
  return <Chip tone={change.tone} icon={impactIcon(change)}>{change.impact}</Chip>;
}

const impacts: Record<ImpactName, [Tone, LucideIcon]> = {
  none: ["neutral", Equal], metadata: ["neutral", PencilLine], creates: ["ok", Plus], imports: ["ok", Plus], "in-place": ["running", PencilLine],
  "may-interrupt": ["waiting", TriangleAlert], retains: ["waiting", Minus], "may-replace": ["waiting", TriangleAlert], "replaces-create-first": ["waiting", RefreshCcw],
  "replaces-delete-first": ["bad", RefreshCcw], snapshots: ["bad", Minus], removes: ["bad", Minus], rejected: ["bad", Ban],
};

/** What happens to a resource, and whether it gives more access than before. */
export function JudgementChips({ row }: { row: ResourceRow }) {
  const [tone, icon] = row.dataLoss ? (["bad", impacts[row.impact][1]] as const) : impacts[row.impact];
  return (
    <>
      <Chip tone={tone} icon={icon}>{row.impactText}</Chip>
      {row.dataLoss && <Chip tone="bad">data can be lost</Chip>}
      {(row.security === "broadened" || row.security === "incomparable") && <Chip tone="bad" icon={KeyRound}>{row.security === "broadened" ? "broadened" : "access changed"}</Chip>}
      {row.security === "narrowed" && <Chip tone="ok" icon={KeyRound}>narrowed</Chip>}
    </>
  );
}

const differences: Record<DifferenceState, [Tone, LucideIcon]> = {
  same: ["neutral", Equal], changed: ["running", Diff], "only-left": ["bad", Minus], "only-right": ["ok", Plus], unknown: ["unknown", CircleHelp],
};

export function DifferenceChip({ state, words }: { state: DifferenceState; words?: string }) {
  const [tone, icon] = differences[state];
  return <Chip tone={tone} icon={icon}>{words ?? differenceWords[state]}</Chip>;
}
