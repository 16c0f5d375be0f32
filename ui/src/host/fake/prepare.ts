// Drafts of the fake bank: what can go, and the promotion that brings it.
import type { RowView } from "../../contract";
import { untouched, type Kept } from "./promotions";
import { refuse } from "./refusals";
import type { ServiceSpec } from "./services";

type Part = { service: string; version: string; via: Kept["via"]; from: string };

/** What a service brings to an environment; refused when it cannot go there now. */
export function partOf(rows: RowView[], spec: ServiceSpec, to: string): Part {
  const cell = rows.find((row) => row.service === spec.name)?.cells.find((item) => item.environment === to);
  if (cell?.promote.state !== "allowed") return refuse("precondition-failed", `${spec.name} cannot be promoted to ${to} now.`);
  return { service: spec.name, version: cell.promote.version ?? "unknown", via: spec.via, from: cell.promote.from };
}

/** A draft of these services; `before` is how many promotions there are. */
export function drafted([first, ...also]: Part[], to: string, requester: string, before: number): Kept {
  if (!first) return refuse("precondition-failed", "A promotion brings at least one service.");
  return {
    ...untouched, id: `PR-N${String(before).padStart(2, "0")}W${first.service.length}Z`, ...first, also, to, requester,
    state: "draft", approvals: [], createdMinutes: 0, updatedMinutes: 0,
  };
}
