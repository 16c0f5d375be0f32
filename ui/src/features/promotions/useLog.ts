// A run's log: asked in pieces from where the last ended, the newest lines kept.
import { useEffect, useState } from "react";
import { host } from "#host";
import type { ErrorEnvelope, LogLineView } from "../../contract";
import { toEnvelope } from "../../host/host";

const KEPT = 20_000;
const IDLE = 1_000;
const AFTER_TROUBLE = 3_000;

export type Log = { from: number; lines: LogLineView[]; dropped: number; trouble: ErrorEnvelope | null };
const nothing: Log = { from: 0, lines: [], dropped: 0, trouble: null };

export function useLog(id: string, live: boolean): Log {
  const [log, setLog] = useState<Log>(nothing);
  useEffect(() => {
    let stopped = false;
    let next = 0;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      let pause = IDLE;
      try {
        const view = await host.call("run_log", { id, from: next });
        if (stopped) return;
        const restarted = next === 0;
        if (view.lines.length > 0 || restarted) {
          setLog((before) => {
            const lines = restarted ? view.lines : [...before.lines, ...view.lines];
            const cut = Math.max(0, lines.length - KEPT);
            const from = restarted ? view.from : before.from;
            return { from: from + cut, lines: cut > 0 ? lines.slice(cut) : lines, dropped: view.dropped, trouble: null };
          });
        }
        if (view.lines.length > 0) pause = 50;
        next = view.next;
        if (view.complete && view.lines.length === 0) return;
      } catch (thrown) {
        if (stopped) return;
        pause = AFTER_TROUBLE;
        setLog((before) => ({ ...before, trouble: toEnvelope(thrown) }));
      }
      if (!stopped) timer = setTimeout(() => void ask(), pause);
    };
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
    // A run that starts again or ends is asked once more from the beginning.
  }, [id, live]);
  return log;
}
