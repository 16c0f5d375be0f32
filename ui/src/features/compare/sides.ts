// Sides of a comparison as they stand in the address.
import type { SideRef } from "../../contract";

/** `prod` is an environment now; `v9.3.1@prod` a revision with that environment's variables. */
export function toSide(text: string): SideRef {
  const at = text.lastIndexOf("@");
  return at > 0 && at < text.length - 1
    ? { kind: "revision", revision: text.slice(0, at), environment: text.slice(at + 1) }
    : { kind: "environment", name: text };
}

export function fromSide(side: SideRef): string {
  return side.kind === "environment" ? side.name : `${side.revision}@${side.environment}`;
}
