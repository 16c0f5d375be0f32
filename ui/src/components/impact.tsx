// Kinds of change as chips: what AWS would do to a resource, and how two sides differ.
import { CircleHelp, Diff, Equal, Minus, PencilLine, Plus, RefreshCcw, TriangleAlert, type LucideIcon } from "lucide-react";
import type { DifferenceState, ResourceChangeView, Tone } from "../contract";
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

const differences: Record<DifferenceState, [Tone, LucideIcon]> = {
  same: ["neutral", Equal], changed: ["running", Diff], "only-left": ["bad", Minus], "only-right": ["ok", Plus], unknown: ["unknown", CircleHelp],
};

export function DifferenceChip({ state, words }: { state: DifferenceState; words?: string }) {
  const [tone, icon] = differences[state];
  return <Chip tone={tone} icon={icon}>{words ?? differenceWords[state]}</Chip>;
}
