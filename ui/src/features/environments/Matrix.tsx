// The matrix as a grid: arrow keys move, Enter opens the drawer. Only the batches in view exist.
import type React from "react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { EnvironmentView, RowView, ScopeView } from "../../contract";
import { MatrixChunk } from "./MatrixChunk";
import { MatrixHead } from "./MatrixHead";
import { heightOf, toChunks, toLines, visible } from "./lines";

type Place = { service: string; environment: string };
type Props = {
  environments: EnvironmentView[];
  scopes: ScopeView[];
  rows: RowView[];
  rowHeight: number;
  selected: Place | null;
  onSelect: (service?: string, environment?: string) => void;
};

const MARGIN = 700;

export function Matrix({ environments, scopes, rows, rowHeight, selected, onSelect }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => toLines(rows), [rows]);
  const { chunks, height } = useMemo(() => toChunks(lines, rowHeight), [lines, rowHeight]);
  const order = useMemo(() => lines.flatMap((line) => (line.kind === "row" ? [line.row] : [])), [lines]);
  const [range, setRange] = useState<[number, number]>([0, 2]);
  const [active, setActive] = useState<[number, number]>([0, 0]);
  const wantsFocus = useRef(false);
  const size = useRef(900);

  const look = useCallback(() => {
    const top = scroller.current?.scrollTop ?? 0;
    const [first, last] = visible(chunks, top - MARGIN, top + size.current + MARGIN);
    setRange((before) => (before[0] === first && before[1] === last ? before : [first, last]));
  }, [chunks]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    size.current = element.clientHeight || 900;
    look();
    const observer = new ResizeObserver(() => {
      size.current = element.clientHeight || 900;
      look();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [look]);

  // The drawer closed: focus goes back to its cell.
  const before = useRef(selected);
  useEffect(() => {
    if (before.current && !selected) wantsFocus.current = true;
    before.current = selected;
  }, [selected]);

  useEffect(() => {
    if (!wantsFocus.current) return;
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-place="${active[0]}:${active[1]}"]`);
    if (cell) {
      wantsFocus.current = false;
      cell.focus({ preventScroll: true });
    }
  });

  const reveal = (rowIndex: number) => {
    const element = scroller.current;
    if (!element) return;
    let top = 0;
    for (const line of lines) {
      if (line.kind === "row" && line.index === rowIndex) break;
      top += heightOf(line, rowHeight);
    }
    const head = element.querySelector<HTMLElement>(".mx-head")?.offsetHeight ?? 60;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight + head > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight + head - element.clientHeight;
    }
    look();
  };

  const move = (row: number, column: number) => {
    const next: [number, number] = [
      Math.min(Math.max(row, 0), order.length - 1),
      Math.min(Math.max(column, 0), environments.length - 1),
    ];
    wantsFocus.current = true;
    setActive(next);
    reveal(next[0]);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const [row, column] = active;
    const page = Math.max(1, Math.floor(size.current / rowHeight) - 2);
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowRight: [row, column + 1], ArrowLeft: [row, column - 1],
      PageDown: [row + page, column], PageUp: [row - page, column],
      Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? order.length - 1 : row, environments.length - 1],
    };
    const next = moves[event.key];
    if (next) {
      event.preventDefault();
      move(next[0], next[1]);
    } else if (event.key === "Enter" && event.target instanceof HTMLElement && event.target.dataset["place"]) {
      event.preventDefault();
      onSelect(order[row]?.service, environments[column]?.name);
    }
  };

  const choose = useCallback((row: number, column: number, service: string, environment: string) => {
    setActive([row, column]);
    onSelect(service, environment);
  }, [onSelect]);

  const safe: [number, number] = [Math.min(active[0], order.length - 1), active[1]];
  return (
    <div
      ref={scroller}
      className="matrix"
      role="grid"
      aria-label="Services by environment"
      aria-rowcount={order.length + 1}
      aria-colcount={environments.length + 1}
      onScroll={look}
      onKeyDown={onKeyDown}
      style={{ "--envs": environments.length } as React.CSSProperties}
    >
      <MatrixHead environments={environments} scopes={scopes} rows={rows} />
      <div role="rowgroup" style={{ position: "relative", height, minWidth: 206 + environments.length * 176 }}>
        {chunks.slice(range[0], range[1] + 1).map((chunk) => {
          const holds = (service?: string) => chunk.lines.some((line) => line.kind === "row" && line.row.service === service);
          const activeHere = chunk.lines.some((line) => line.kind === "row" && line.index === safe[0]);
          return (
            <MatrixChunk
              key={chunk.key}
              chunk={chunk}
              environments={environments}
              active={activeHere ? `${safe[0]}:${safe[1]}` : null}
              selected={selected && holds(selected.service) ? `${selected.service}/${selected.environment}` : null}
              onChoose={choose}
            />
          );
        })}
      </div>
    </div>
  );
}
