// The matrix as lines of fixed height, so that any place can be computed without asking the layout.
import type { RowView } from "../../contract";

export type Line = { kind: "group"; name: string } | { kind: "row"; row: RowView; index: number };
export type Chunk = { key: string; top: number; height: number; lines: Line[] };

export const GROUP = 27;
// Few, so that what a fast scroll mounts is spread over its frames.
const PER_CHUNK = 4;

/** Rows with a heading before each group; groups in the order in which they first come. */
export function toLines(rows: RowView[]): Line[] {
  const groups = new Map<string, RowView[]>();
  for (const row of rows) {
    const name = row.group || "Services";
    const list = groups.get(name);
    if (list) list.push(row);
    else groups.set(name, [row]);
  }
  const lines: Line[] = [];
  let index = 0;
  for (const [name, list] of groups) {
    lines.push({ kind: "group", name });
    for (const row of list) lines.push({ kind: "row", row, index: index++ });
  }
  return lines;
}

export function heightOf(line: Line, rowHeight: number): number {
  return line.kind === "group" ? GROUP : rowHeight;
}

/** Lines in batches: scrolling mounts and unmounts whole batches only. */
export function toChunks(lines: Line[], rowHeight: number): { chunks: Chunk[]; height: number } {
  const chunks: Chunk[] = [];
  let top = 0;
  for (let at = 0; at < lines.length; at += PER_CHUNK) {
    const part = lines.slice(at, at + PER_CHUNK);
    const height = part.reduce((sum, line) => sum + heightOf(line, rowHeight), 0);
    const first = part[0];
    const key = first?.kind === "row" ? first.row.service : `group ${first?.name}`;
    chunks.push({ key, top, height, lines: part });
    top += height;
  }
  return { chunks, height: top };
}

/** First and last batch that touch a window of the scrolled content, with room around it. */
export function visible(chunks: Chunk[], from: number, to: number): [number, number] {
  const first = chunks.findIndex((chunk) => chunk.top + chunk.height > from);
  if (first === -1) return [Math.max(0, chunks.length - 1), chunks.length - 1];
  let last = first;
  while (last + 1 < chunks.length && (chunks[last + 1]?.top ?? Infinity) < to) last += 1;
  return [first, last];
}
