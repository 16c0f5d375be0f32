// The matrix as a grid: arrow keys move, Enter opens the drawer, Escape closes it, Shift+Enter presses the cell's promotion control.
import { useNavigate } from "@tanstack/react-router";
import type React from "react";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from "react";
import { Dialog, Popover } from "react-aria-components";
import type { CellView, EnvironmentView, RowView, ScopeView } from "../../contract";
import { PrepareDialog } from "../promotions/PrepareDialog";
import { MatrixChunk } from "./MatrixChunk";
import { MatrixHead } from "./MatrixHead";
import { toChunks, toLines } from "./lines";
import { Reasons } from "./Reasons";
import { useWindow } from "./useWindow";

type Place = { service: string; environment: string };
type Active = { service: string | null; row: number; column: number };
type Props = {
  environments: EnvironmentView[];
  scopes: ScopeView[];
  rows: RowView[];
  rowHeight: number;
  selected: Place | null;
  onSelect: (service?: string, environment?: string) => void;
};

const placeOf = (target: EventTarget) => (target as Element).closest<HTMLElement>("[data-place]");

export function Matrix({ environments, scopes, rows, rowHeight, selected, onSelect }: Props) {
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => toLines(rows), [rows]);
  const { chunks, height } = useMemo(() => toChunks(lines, rowHeight), [lines, rowHeight]);
  const order = useMemo(() => lines.flatMap((line) => (line.kind === "row" ? [line.row] : [])), [lines]);
  const { range, follow, reveal, page } = useWindow(scroller, chunks, lines, rowHeight);
  const [active, setActive] = useState<Active>({ service: null, row: 0, column: 0 });
  // Rows come, go and move with what is observed: the active one is known by its service, and by its place once that is gone.
  const here = useMemo<[number, number]>(() => {
    const known = active.service === null ? -1 : order.findIndex((row) => row.service === active.service);
    return [known >= 0 ? known : Math.min(active.row, order.length - 1), Math.min(active.column, environments.length - 1)];
  }, [active, order, environments]);
  const moveTo = useCallback((row: number, column: number) => setActive({ service: order[row]?.service ?? null, row, column }), [order]);
  const [asked, setAsked] = useState<Place | null>(null);
  const control = useRef<HTMLElement>(null);
  const wantsFocus = useRef(false);
  const held = useRef(false);

  // A drawer that an address opens brings its cell into view; when it closes, focus goes back to that cell.
  const before = useRef<Place | null>(null);
  useEffect(() => {
    const was = before.current;
    before.current = selected;
    if (was?.service === selected?.service && was?.environment === selected?.environment) return;
    if (!selected) wantsFocus.current = true;
    const of = selected ?? was;
    const row = order.findIndex((item) => item.service === of?.service);
    const column = environments.findIndex((item) => item.name === of?.environment);
    if (row < 0 || column < 0) return;
    moveTo(row, column);
    reveal(row);
  }, [selected, order, environments, moveTo, reveal]);

  // When the first rows stood on the screen: what `make bench` reads.
  useEffect(() => {
    const frame = requestAnimationFrame(() => setTimeout(() => performance.mark("matrix-painted")));
    return () => cancelAnimationFrame(frame);
  }, []);

  useEffect(() => {
    // The focused cell went away with its row: its neighbour takes the focus.
    const lost = held.current && document.activeElement === document.body;
    if (!wantsFocus.current && !lost) return;
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-place="${here[0]}:${here[1]}"]`);
    if (cell) {
      wantsFocus.current = false;
      cell.focus({ preventScroll: true });
    }
  });

  const pressControl = (service: string, cell: CellView, element: HTMLElement) => {
    control.current = element;
    if (cell.promote.state === "open") void navigate({ to: "/promotions/$id", params: { id: cell.promote.promotion } });
    else if (cell.promote.state !== "none") setAsked({ service, environment: cell.environment });
  };

  const onClick = (event: MouseEvent) => {
    const element = placeOf(event.target);
    const [row, column] = (element?.dataset["place"] ?? "").split(":").map(Number);
    const line = order[row ?? -1];
    const cell = line?.cells[column ?? -1];
    if (!element || !line || !cell || row === undefined || column === undefined) return;
    moveTo(row, column);
    const go = (event.target as Element).closest<HTMLElement>(".go");
    if (go) pressControl(line.service, cell, go);
    else onSelect(line.service, cell.environment);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const element = placeOf(event.target);
    if (!element || event.altKey || event.metaKey) return;
    const [row, column] = here;
    const last = order.length - 1;
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowRight: [row, column + 1], ArrowLeft: [row, column - 1],
      PageDown: [row + page(), column], PageUp: [row - page(), column],
      Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? last : row, environments.length - 1],
    };
    const next = moves[event.key];
    const line = order[row];
    const cell = line?.cells[column];
    if (next) {
      const to: [number, number] = [Math.min(Math.max(next[0], 0), last), Math.min(Math.max(next[1], 0), environments.length - 1)];
      wantsFocus.current = true;
      moveTo(to[0], to[1]);
      reveal(to[0]);
    } else if (event.key === "Enter" && event.target === element && line && cell) {
      if (event.shiftKey) pressControl(line.service, cell, element.querySelector<HTMLElement>(".go") ?? element);
      else onSelect(line.service, cell.environment);
    } else if (event.key === "Escape" && selected) onSelect();
    else return;
    event.preventDefault();
  };

  const close = useCallback((open: boolean) => !open && setAsked(null), []);
  // The active cell is always there: without it the grid could not be reached by Tab.
  const own = useMemo(() => chunks.findIndex((chunk) => chunk.lines.some((line) => line.kind === "row" && line.index === here[0])), [chunks, here]);
  const near = chunks.slice(range[0], range[1] + 1);
  const kept = own < range[0] || own > range[1] ? chunks[own] : undefined;
  const shown = !kept ? near : own < range[0] ? [kept, ...near] : [...near, kept];
  // Looked up anew: what was refused while the state was old may be allowed by now.
  const promote = asked ? order.find((row) => row.service === asked.service)?.cells.find((cell) => cell.environment === asked.environment)?.promote : undefined;
  return (
    <div
      ref={scroller}
      className="matrix"
      role="grid"
      aria-label="Services by environment"
      aria-rowcount={order.length + 1}
      aria-colcount={environments.length + 1}
      onScroll={follow}
      onKeyDown={onKeyDown}
      onFocus={(event) => { held.current = event.currentTarget.contains(event.target); }}
      onBlur={() => { held.current = false; }}
      onClick={onClick}
      style={{ "--envs": environments.length } as React.CSSProperties}
    >
      <MatrixHead environments={environments} scopes={scopes} rows={rows} />
      <div role="rowgroup" className="mx-body" style={{ height }}>
        {shown.map((chunk) => {
          const holds = (service?: string) => chunk.lines.some((line) => line.kind === "row" && line.row.service === service);
          const activeHere = chunk.lines.some((line) => line.kind === "row" && line.index === here[0]);
          return (
            <MatrixChunk
              key={chunk.key}
              chunk={chunk}
              environments={environments}
              active={activeHere ? `${here[0]}:${here[1]}` : null}
              selected={selected && holds(selected.service) ? `${selected.service}/${selected.environment}` : null}
            />
          );
        })}
      </div>
      {asked && promote?.state === "allowed" && (
        <PrepareDialog isOpen onOpenChange={close} service={asked.service} from={promote.from} to={asked.environment} />
      )}
      {asked && promote?.state === "refused" && (
        <Popover className="popover" triggerRef={control} isOpen onOpenChange={close} placement="bottom end">
          <Dialog className="panel narrow" aria-label={`Why ${asked.service} cannot be promoted to ${asked.environment}`}>
            <b>Not from {promote.from} now</b>
            <Reasons reasons={promote.reasons} />
          </Dialog>
        </Popover>
      )}
    </div>
  );
}
