// What to decide before anything else: each line names the resource, and leads to it.
import { Ban, DatabaseZap, KeyRound, Minus, RefreshCcw, ShieldOff, Split, TriangleAlert, Waypoints, type LucideIcon } from "lucide-react";
import type { DangerKind, DangerRow } from "../../contract";
import { focusByKey } from "../../components/focus";

const icons: Record<DangerKind, LucideIcon> = {
  "data-loss": DatabaseZap, rejected: Ban, "fixed-name": Split, removed: Minus, replaced: RefreshCcw, unprotected: ShieldOff, access: KeyRound, importers: Waypoints,
  interruption: TriangleAlert,
};
const numbers = ["No thing", "One thing", "Two things", "Three things", "Four things", "Five things", "Six things"];

type Props = { dangers: DangerRow[]; stack: string };

/** Brings a resource into view, opened, with the keyboard on it. */
function goTo(id: string) {
  const entry = document.getElementById(id);
  if (!(entry instanceof HTMLDetailsElement)) return;
  const fold = entry.parentElement?.closest("details");
  if (fold) fold.open = true;
  entry.open = true;
  const summary = entry.querySelector<HTMLElement>("summary");
  if (summary) focusByKey(summary);
  entry.scrollIntoView({ block: "nearest" });
}

export const entryId = (stack: string, name: string) => `entry-${stack}-${name}`;

export function Dangers({ dangers, stack }: Props) {
  if (dangers.length === 0) return null;
  const words = numbers[dangers.length] ?? `${dangers.length} things`;
  return (
    <div className="notice bad dangers" role="group" aria-label={`${words} to decide before anything else`}>
      <b>{words} to decide before anything else</b>
      <ul>
        {dangers.map((danger) => {
          const Icon = icons[danger.kind];
          return (
            <li key={danger.kind + danger.logicalId + danger.text} className="why">
              <Icon className={`icon ${danger.kind === "interruption" || danger.kind === "replaced" ? "tone-waiting" : "tone-bad"}`} aria-hidden />
              <span><b>{danger.title}</b> <button type="button" className="link mono" onClick={() => goTo(entryId(stack, danger.logicalId))}>{danger.logicalId}</button>{danger.text && ` ${danger.text}`}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
