// Resources of a stack operation on one time axis.
import type { ResourceRunView, RunView, Tone } from "../../contract";
import { clock, duration, useSeconds } from "../../components/time";
import { ToneIcon } from "../../components/tone";
import { plural } from "../../components/words";

const fills: Record<Tone, string> = {
  ok: "var(--ok)", running: "var(--run)", waiting: "var(--wait)", bad: "var(--bad)", drift: "var(--drift)",
  frozen: "var(--cold)", unknown: "var(--unk)", neutral: "var(--unk)",
};
const TICKS = [0, 1, 2, 3, 4, 5, 6, 7, 8];

export function Gantt({ run }: { run: RunView }) {
  const present = useSeconds(!run.finished);
  if (run.resources.length === 0) return null;
  const from = Math.min(...run.resources.map((row) => Date.parse(row.startedAt)));
  const last = Math.max(...run.resources.map((row) => Date.parse(row.endedAt ?? row.startedAt)));
  const moving = run.resources.some((row) => row.endedAt === null);
  const to = Math.max(from + 1_000, run.finished || !moving ? last : Math.max(last, present));
  const stacks = [...new Set(run.resources.map((row) => row.stack))];
  return (
    <div className="gantt">
      {stacks.map((stack) => {
        const rows = run.resources.filter((row) => row.stack === stack);
        return (
          <section key={stack} aria-label={`Resources of ${stack} over time`}>
            <div className="row gantt-head"><b className="mono">{stack}</b><span className="faint">{plural(rows.length, "resource")}, from {clock(rows[0]?.startedAt ?? run.startedAt)}</span></div>
            <ul>{rows.map((row) => <Bar key={row.logicalId} row={row} from={from} to={to} />)}</ul>
          </section>
        );
      })}
    </div>
  );
}

function Bar({ row, from, to }: { row: ResourceRunView; from: number; to: number }) {
  const begin = Date.parse(row.startedAt);
  const end = row.endedAt ? Date.parse(row.endedAt) : to;
  const x = (at: number) => ((at - from) / (to - from)) * 1000;
  return (
    <li className="g" title={`${row.resourceType}: ${row.status}${row.reason ? `: ${row.reason}` : ""}`}>
      <span className="mono ellipsis">{row.logicalId}</span>
      <svg className="track" viewBox="0 0 1000 13" preserveAspectRatio="none" aria-hidden>
        {TICKS.map((tick) => <rect key={tick} x={tick * 124.8} y="0" width="1" height="13" fill="var(--line)" />)}
        <rect x={Math.min(994, x(begin))} y="1" width={Math.max(6, x(end) - x(begin))} height="11" rx="3" fill={fills[row.tone]} />
      </svg>
      <span className="row faint"><ToneIcon tone={row.tone} small label={row.status} />{row.endedAt ? duration(end - begin) : "running"}</span>
    </li>
  );
}
