// How the fake host says no: envelopes as the core writes them.
import type { ErrorCode, ErrorEnvelope } from "../../contract";
import type { CommandName } from "../host";

function envelope(code: ErrorCode, message: string, more: Partial<ErrorEnvelope> = {}): ErrorEnvelope {
  return { code, message, hints: [], retryable: false, location: null, correlation: "9f3c-04d1", ...more };
}
export function refuse(code: ErrorCode, message: string, more: Partial<ErrorEnvelope> = {}): never {
  throw envelope(code, message, more);
}

export const overEstate = () => refuse("estate-invalid", "The estate file has an unknown key.", {
  hints: ["Did you mean `promotes_from`?", "The schema in docs/ completes it in your editor."], location: { file: "interlock.toml", line: 41, column: 3, field: "environments[2].promotes_form" },
});
export const outage = (name: CommandName) => refuse("unreachable", "The systems of this estate do not answer from here.", {
  hints: ["Check the network or the VPN.", "What was last known is kept and will be shown again."], retryable: true, correlation: `f0-${name}`,
});
