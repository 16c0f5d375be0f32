// What the user interface wants from outside. Nothing else in ui/ knows how it is got.
import type { Commands, ErrorEnvelope, FirstLook, HostEvent } from "../contract";

export type CommandName = keyof Commands;

export interface Host {
  call<K extends CommandName>(name: K, request: Commands[K]["request"]): Promise<Commands[K]["response"]>;
  listen(handler: (event: HostEvent) => void): () => void;
  /** What the window was opened with: painted before anything is asked. Given once. */
  firstLook(): FirstLook | undefined;
}

/** Takes whatever was thrown for an envelope; a stranger becomes an internal error, never silence. */
export function toEnvelope(thrown: unknown): ErrorEnvelope {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    return thrown as ErrorEnvelope;
  }
  return {
    code: "internal",
    message: thrown instanceof Error ? thrown.message : String(thrown),
    hints: [],
    retryable: false,
    location: null,
    correlation: "ui",
  };
}
