// The log: follows, searches, jumps to the first error. Lines come in pieces and only what is in view is mounted.
import { useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowDownToLine, CircleX, Search } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { host } from "#host";
import type { LogLineView } from "../../contract";
import { clock } from "../../components/time";

const LINE = 20;
const KEPT = 20_000;

type Kept = { from: number; lines: LogLineView[]; dropped: number };

/** Asks for new lines while the run goes on; keeps the newest. */
function useLog(id: string, live: boolean): Kept {
  const [kept, setKept] = useState<Kept>({ from: 0, lines: [], dropped: 0 });
  const client = useQueryClient();
  useEffect(() => {
    let stopped = false;
    let next = 0;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      let pause = 1_000;
      try {
        const view = await host.call("run_log", { id, from: next });
        if (stopped) return;
        if (view.lines.length > 0) {
          setKept((before) => {
            const lines = [...before.lines, ...view.lines];
            const cut = Math.max(0, lines.length - KEPT);
            return { from: before.from + cut, lines: cut ? lines.slice(cut) : lines, dropped: view.dropped };
          });
          pause = 50;
        }
        next = view.next;
        if (view.complete && view.lines.length === 0) return;
      } catch {
        pause = 3_000;
      }
      if (!stopped) timer = setTimeout(() => void ask(), pause);
    };
    setKept({ from: 0, lines: [], dropped: 0 });
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
    // A run that starts or ends asks once more from the beginning.
  }, [id, live, client]);
  return kept;
}

export function LogPane({ id, live, firstError }: { id: string; live: boolean; firstError: number | null }) {
  const log = useLog(id, live);
  const [follow, setFollow] = useState(true);
  const [term, setTerm] = useState("");
  const [current, setCurrent] = useState(0);
  const [top, setTop] = useState(0);
  const pane = useRef<HTMLDivElement>(null);
  const hits = useMemo(() => {
    if (term.trim() === "") return [];
    const wanted = term.toLowerCase();
    return log.lines.flatMap((line, index) => (line.text.toLowerCase().includes(wanted) ? [index] : []));
  }, [log.lines, term]);

  useEffect(() => {
    const element = pane.current;
    if (follow && element) element.scrollTop = element.scrollHeight;
  }, [log.lines, follow]);

  const jump = (index: number) => {
    setFollow(false);
    const element = pane.current;
    if (element) element.scrollTop = Math.max(0, index * LINE - element.clientHeight / 3);
  };
  const height = pane.current?.clientHeight ?? 600;
  const first = Math.max(0, Math.floor(top / LINE) - 30);
  const last = Math.min(log.lines.length, Math.ceil((top + height) / LINE) + 30);
  return (
    <section className="log-pane" aria-label="Log">
      <div className="bar" style={{ padding: "8px 18px" }}>
        <h2>Log</h2>
        <button type="button" className="btn" aria-pressed={follow} onClick={() => setFollow(!follow)}>
          <ArrowDownToLine className="icon" aria-hidden />{follow ? "Following" : "Follow"}
        </button>
        <span className="row box"><Search className="icon" aria-hidden />
          <input
            aria-label="Search the log"
            placeholder="Search log"
            value={term}
            style={{ background: "none", border: 0, width: 150 }}
            onChange={(event) => { setTerm(event.target.value); setCurrent(0); }}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || hits.length === 0) return;
              const next = (current + (event.shiftKey ? hits.length - 1 : 1)) % hits.length;
              setCurrent(next);
              jump(hits[next] ?? 0);
            }}
          />
        </span>
        {term && <span className="dim" role="status">{hits.length === 0 ? "no line" : `${current + 1} of ${hits.length} lines`}</span>}
        {hits.length > 0 && <button type="button" className="btn icon-only" aria-label="Next hit" onClick={() => {
          const next = (current + 1) % hits.length;
          setCurrent(next);
          jump(hits[next] ?? 0);
        }}><ArrowDown className="icon" aria-hidden /></button>}
        <span className="right" />
        {firstError === null ? <span className="faint">first error: none</span> : (
          <button type="button" className="btn danger" onClick={() => jump(firstError - log.from)}><CircleX className="icon" aria-hidden />First error</button>
        )}
      </div>
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
          if (element.scrollTop + element.clientHeight < element.scrollHeight - 40) setFollow(false);
        }}
      >
        {log.from + log.dropped > 0 && <div className="faint">{log.from + log.dropped} earlier lines are not shown.</div>}
        <div style={{ height: log.lines.length * LINE, position: "relative" }}>
          <div style={{ position: "absolute", top: first * LINE, left: 0, right: 0 }}>
            {log.lines.slice(first, last).map((line, offset) => {
              const index = first + offset;
              const hit = hits.includes(index);
              return (
                <div key={log.from + index} className={`log-line ${hit ? "hit" : ""} ${hit && hits[current] === index ? "current" : ""}`} style={{ height: LINE, whiteSpace: "pre", overflow: "hidden" }} title={line.text}>
                  {line.at && <span className="faint">{clock(line.at)}</span>}
                  <span className={line.tone === "neutral" ? "" : `tone-${line.tone}`}>{line.text}</span>
                </div>
              );
            })}
          </div>
        </div>
        {log.lines.length === 0 && <div className="faint">{live ? "Nothing was written yet." : "No log was kept by the systems."}</div>}
      </div>
    </section>
  );
}
