// Lines of a log, of which only those in view are mounted. What they say is foreign text and stays text.
import { useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from "react";
import { clock } from "../../components/time";
import type { Log } from "./useLog";

const LINE = 20;
const AROUND = 30;
/** Wrapped lines have no height that can be computed: all are mounted, so there may not be too many. */
export const WRAPPED_AT_MOST = 2_000;

export type LogHandle = { show: (line: number) => void };
type Props = {
  ref: Ref<LogHandle>;
  log: Log;
  live: boolean;
  follow: boolean;
  wrap: boolean;
  onUnfollow: () => void;
  hits: number[];
  current: number | null;
};

export function LogLines({ ref, log, live, follow, wrap, onUnfollow, hits, current }: Props) {
  const pane = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const marked = useMemo(() => new Set(hits), [hits]);

  useImperativeHandle(ref, () => ({
    show: (line) => {
      const element = pane.current;
      if (!element) return;
      const wrapped = element.querySelectorAll<HTMLElement>(".log-space.wrapped .log-line")[line];
      element.scrollTop = Math.max(0, (wrapped ? wrapped.offsetTop : line * LINE) - element.clientHeight / 3);
    },
  }), []);

  useEffect(() => {
    const element = pane.current;
    if (follow && element) element.scrollTop = element.scrollHeight;
  }, [log.lines, follow, wrap]);

  useEffect(() => {
    const element = pane.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight || 600));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const first = wrap ? 0 : Math.max(0, Math.floor(top / LINE) - AROUND);
  const last = wrap ? log.lines.length : Math.min(log.lines.length, Math.ceil((top + height) / LINE) + AROUND);
  const earlier = log.from + log.dropped;
  return (
    <div
      ref={pane}
      className="log"
      role="log"
      aria-live="off"
      tabIndex={0}
      aria-label="Log lines"
      onScroll={(event) => {
        const element = event.currentTarget;
        setTop(element.scrollTop);
        if (element.scrollTop + element.clientHeight < element.scrollHeight - 2 * LINE) onUnfollow();
      }}
    >
      {earlier > 0 && <div className="faint">{earlier} earlier lines are not kept.</div>}
      <div className={`log-space ${wrap ? "wrapped" : ""}`} style={wrap ? undefined : { height: log.lines.length * LINE }}>
        <div className="log-window" style={wrap ? undefined : { top: first * LINE }}>
          {log.lines.slice(first, last).map((line, offset) => {
            const index = first + offset;
            return (
              <div key={log.from + index} className={`log-line ${marked.has(index) ? "hit" : ""} ${index === current ? "current" : ""}`} title={line.text}>
                <span className="log-number" aria-hidden>{log.from + index + 1}</span>
                {line.at && <span className="faint">{clock(line.at)}</span>}
                <span className={`log-text ${line.tone === "neutral" ? "" : `tone-${line.tone}`}`}>{line.text}</span>
              </div>
            );
          })}
        </div>
      </div>
      {log.lines.length === 0 && <div className="dim">{live ? "Nothing was written yet." : "No log was kept by the systems."}</div>}
    </div>
  );
}
