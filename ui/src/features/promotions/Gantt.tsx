// Resources of a stack operation on one time axis.
import type { RunView, Tone } from "../../contract";
import { clock, duration, useNow } from "../../components/time";
import { ToneIcon } from "../../components/tone";

const fills: Record<Tone, string> = {
  ok: "var(--ok)", running: "var(--run)", waiting: "var(--wait)", bad: "var(--bad)", drift: "var(--drift)",
  frozen: "var(--cold)", unknown: "var(--unk)", neutral: "var(--unk)",
};

export function Gantt({ run }: { run: RunView }) {
  const present = useNow();
  if (run.resources.length === 0) return null;
  const from = Math.min(...run.resources.map((row) => Date.parse(row.startedAt)));
  const last = Math.max(...run.resources.map((row) => Date.parse(row.endedAt ?? row.startedAt)));
  const to = Math.max(from + 1000, run.finished ? last : Math.max(last, present));
  const x = (at: number) => ((at - from) / (to - from)) * 1000;
  const stacks = [...new Set(run.resources.map((row) => row.stack))];
  return (
    <div className="gantt" role="table" aria-label="Resources over time">
      {stacks.map((stack) => (
        <div key={stack} role="rowgroup">
          <div className="row" role="row"><b className="mono" role="cell">{stack}</b><span className="faint" role="cell">started {clock(run.startedAt)}</span></div>
          {run.resources.filter((row) => row.stack === stack).map((row) => {
            const begin = Date.parse(row.startedAt);
            const end = row.endedAt ? Date.parse(row.endedAt) : to;
            return (
              <div key={row.logicalId} className="g" role="row" title={`${row.resourceType}: ${row.status}${row.reason ? `: ${row.reason}` : ""}`}>
                <span className="mono ellipsis" role="rowheader">{row.logicalId}</span>
                <span role="cell">
                  <svg viewBox="0 0 1000 13" preserveAspectRatio="none" aria-hidden>
                    <rect x="0" y="6" width="1000" height="1" fill="var(--line)" />
                    <rect x={x(begin)} y="1" width={Math.max(4, x(end) - x(begin))} height="11" rx="3" fill={fills[row.tone]} />
                  </svg>
                </span>
                <span className="faint" role="cell"><ToneIcon tone={row.tone} small label={row.status} /> {row.endedAt ? duration(end - begin) : "running"}</span>
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
