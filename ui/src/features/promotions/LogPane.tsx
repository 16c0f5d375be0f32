// The log: follows, searches, jumps to the first error.
import { ArrowDown, ArrowDownToLine, ArrowUp, CircleX, Search, WrapText } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { LogLines, WRAPPED_AT_MOST, type LogHandle } from "./LogLines";
import { useLog } from "./useLog";

type Props = { id: string; live: boolean; firstError: number | null };

export function LogPane({ id, live, firstError }: Props) {
  const log = useLog(id, live);
  const [follow, setFollow] = useState(true);
  const [wrap, setWrap] = useState(true);
  const long = log.lines.length > WRAPPED_AT_MOST;
  const [term, setTerm] = useState("");
  const [current, setCurrent] = useState(0);
  const handle = useRef<LogHandle>(null);
  const hits = useMemo(() => {
    const wanted = term.trim().toLowerCase();
    if (wanted === "") return [];
    return log.lines.flatMap((line, index) => (line.text.toLowerCase().includes(wanted) ? [index] : []));
  }, [log.lines, term]);

  const jump = (line: number) => {
    setFollow(false);
    handle.current?.show(line);
  };
  const walk = (step: 1 | -1) => {
    if (hits.length === 0) return;
    const next = (current + step + hits.length) % hits.length;
    setCurrent(next);
    jump(hits[next] ?? 0);
  };
  const search = (wanted: string) => {
    setTerm(wanted);
    setCurrent(0);
    const text = wanted.trim().toLowerCase();
    const first = text === "" ? -1 : log.lines.findIndex((line) => line.text.toLowerCase().includes(text));
    if (first >= 0) jump(first);
  };
  return (
    <section className="log-pane" aria-label="Log">
      <div className="bar thin">
        <h2>Log</h2>
        <button type="button" className="btn" aria-pressed={follow} onClick={() => setFollow(!follow)}>
          <ArrowDownToLine className="icon" aria-hidden />{follow ? "Following" : "Follow"}
        </button>
        <button
          type="button"
          className="btn"
          aria-pressed={wrap && !long}
          aria-disabled={long}
          title={long ? `A log of more than ${WRAPPED_AT_MOST} lines is not wrapped` : "Break lines that are wider than the window"}
          onClick={() => !long && setWrap(!wrap)}
        >
          <WrapText className="icon" aria-hidden />Wrap
        </button>
        <label className="box filter">
          <Search className="icon" aria-hidden />
          <input
            aria-label="Search the log"
            placeholder="Search log"
            value={term}
            onChange={(event) => search(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && walk(event.shiftKey ? -1 : 1)}
          />
        </label>
        {term.trim() && <span className="dim" role="status">{hits.length === 0 ? "no line" : `${Math.min(current + 1, hits.length)} of ${hits.length} lines`}</span>}
        {hits.length > 0 && (
          <>
            <Button className="btn icon-only" aria-label="Previous hit" onPress={() => walk(-1)}><ArrowUp className="icon" aria-hidden /></Button>
            <Button className="btn icon-only" aria-label="Next hit" onPress={() => walk(1)}><ArrowDown className="icon" aria-hidden /></Button>
          </>
        )}
        <span className="grow" />
        {log.trouble && <span className="tone-waiting" role="status">The log did not answer: {log.trouble.message}</span>}
        {firstError === null ? <span className="faint">first error: none</span> : (
          <Button className="btn danger" onPress={() => jump(Math.max(0, firstError - log.from))}><CircleX className="icon" aria-hidden />First error</Button>
        )}
      </div>
      <LogLines ref={handle} log={log} live={live} follow={follow} wrap={wrap && !long} onUnfollow={() => setFollow(false)} hits={hits} current={hits[current] ?? null} />
    </section>
  );
}
