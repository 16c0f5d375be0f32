// Sides of a comparison as they stand in the address.
import type { SideRef } from "../../contract";
import { filesOf } from "./chosen";

/** `prod` is an environment now, `prod@2026-11-20T18:00:00Z` that at a past time, `v9.3.1@prod` a revision with that environment's variables, `arn:…@prod` a change set that waits there, `files:1@prod` chosen files. */
export function toSide(text: string): SideRef {
  const at = text.lastIndexOf("@");
  if (at < 1 || at === text.length - 1) return { kind: "environment", name: text };
  const [first, second] = [text.slice(0, at), text.slice(at + 1)];
  if (/^\d{4}-\d{2}-\d{2}/.test(second)) return { kind: "past", environment: first, at: second };
  if (first.startsWith("files:")) return { kind: "files", environment: second, files: filesOf(first) };
  return first.startsWith("arn:") ? { kind: "change-set", arn: first } : { kind: "revision", revision: first, environment: second };
}

/** The environment that a side's text speaks of. */
export function environmentOf(text: string): string {
  const side = toSide(text);
  switch (side.kind) {
    case "environment": return side.name;
    case "change-set": return text.slice(text.lastIndexOf("@") + 1);
    default: return side.environment;
  }
}

/** What `datetime-local` shows for an instant, in this computer's time zone. */
export function localTime(instant: string): string {
  const time = new Date(instant);
  if (Number.isNaN(time.getTime())) return "";
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant that `datetime-local` means; none when it is empty or broken. */
export function instantOf(local: string): string | undefined {
  const time = new Date(local);
  return local === "" || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
