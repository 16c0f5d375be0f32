// Times: relative for reading, absolute on hover, in the reader's own zone.
import { useSyncExternalStore } from "react";

const units: [number, string][] = [[60, "s"], [60, "min"], [24, "h"], [7, "d"], [4.35, "wk"], [12, "mo"], [Infinity, "y"]];

export function relative(at: string, now: number): string {
  let value = (now - Date.parse(at)) / 1000;
  if (Number.isNaN(value)) return "unknown time";
  const future = value < 0;
  value = Math.abs(value);
  if (value < 5) return "now";
  for (const [size, unit] of units) {
    if (value < size || size === Infinity) {
      const text = `${Math.floor(value)} ${unit}`;
      return future ? `in ${text}` : text;
    }
    value /= size;
  }
  return at;
}

export function absolute(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

export function clock(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : date.toLocaleTimeString(undefined, { hour12: false });
}

export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

let now = Date.now();
const watchers = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  for (const watcher of watchers) watcher();
}, 10_000);

function subscribe(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** The present, renewed every ten seconds for everybody at once. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

export function Ago({ at, suffix = "" }: { at: string | null | undefined; suffix?: string }) {
  const present = useNow();
  if (!at) return <span className="faint">never</span>;
  const text = relative(at, present);
  const tail = text === "now" || text.startsWith("in ") ? "" : suffix;
  return <time dateTime={at} title={absolute(at)}>{text}{tail}</time>;
}
