// Which rows a view of the matrix keeps.
import type { CellView, RowView } from "../../contract";
import type { View } from "../../search";

const isBad = (cell: CellView) => cell.tone === "bad" || cell.markers.some((mark) => mark.tone === "bad");
export const isDrifted = (cell: CellView) => cell.tone === "drift" || cell.markers.some((mark) => mark.kind === "drift");

/** Whether a row belongs to a view; `mine` are the promotions that wait for me. */
export function belongs(row: RowView, view: View, mine: ReadonlySet<string>): boolean {
  switch (view) {
    case "all": return true;
    case "differences": return row.differs;
    case "needs-me": return row.cells.some(({ promote }) => promote.state === "open" && mine.has(promote.promotion));
    case "failed": return row.cells.some(isBad);
    case "drifted": return row.cells.some(isDrifted);
  }
}

export function matches(row: RowView, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = [row.service, row.group, row.team, ...row.cells.map((cell) => `${cell.version ?? ""} ${cell.commit ?? ""}`)].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}
