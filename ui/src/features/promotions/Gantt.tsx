// Resources of stack operations on one time axis; what has not begun is listed as waiting.
import { Hourglass } from "lucide-react";
import type { ChangeSetView, ResourceRunView, RunView, Tone } from "../../contract";
import { clock, duration, useSeconds } from "../../components/time";
import { ToneIcon } from "../../components/tone";
import { plural } from "../../components/words";
import { scaleOf, type Scale } from "./scale";

const fills: Record<Tone, string> = {
  ok: "var(--ok)", running: "var(--run)", waiting: "var(--wait)", bad: "var(--bad)", drift: "var(--drift)",
  frozen: "var(--cold)", unknown: "var(--unk)", neutral: "var(--unk)",
};

export function Gantt({ run, sets }: { run: RunView; sets: ChangeSetView[] }) {
  const present = useSeconds(!run.finished);
  if (run.resources.length === 0) return null;
  const from = Math.min(...run.resources.map((row) => Date.parse(row.startedAt)));
  const last = Math.max(...run.resources.map((row) => Date.parse(row.endedAt ?? row.startedAt)));
  const moving = run.resources.some((row) => row.endedAt === null);
  const end = run.finished || !moving ? last : Math.max(last, present);
  const scale = scaleOf(from, end, !run.finished);
  const stacks = [...new Set(run.resources.map((row) => row.stack))];
  const ahead = run.finished ? [] : sets.filter((set) => !set.empty && !stacks.includes(set.stack));
  return (
    <div className="gantt">
      <div className="g axis" aria-hidden>
        <span className="faint">since {clock(new Date(from).toISOString())}</span>
        <span className="ticks">{scale.ticks.map((tick) => <span key={tick} style={{ left: `${tick / scale.span * 100}%` }}>{tick === 0 ? "0" : duration(tick)}</span>)}</span>
      </div>
      {stacks.map((stack) => {
        const rows = run.resources.filter((row) => row.stack === stack);
        const known = new Set(rows.map((row) => row.logicalId));
        const waiting = run.finished ? [] : sets.filter((set) => set.stack === stack).flatMap((set) => set.changes).filter((change) => !known.has(change.logicalId));
        return (
          <section key={stack} aria-label={`Resources of ${stack} over time`}>
            <div className="row gantt-head">
              <b className="mono">{stack}</b>
              <span className="faint">{plural(rows.length + waiting.length, "resource")}, from {clock(rows[0]?.startedAt ?? run.startedAt)}{waiting.length > 0 && `, ${waiting.length} not begun`}</span>
            </div>
            <ul>
              {rows.map((row) => <Bar key={row.logicalId} row={row} from={from} now={end} scale={scale} />)}
              {waiting.map((change) => <Waiting key={change.logicalId} name={change.logicalId} title={`${change.resourceType}: ${change.impact}`} scale={scale} />)}
            </ul>
          </section>
        );
      })}
      {ahead.map((set) => (
        <div key={set.stack} className="row gantt-head ahead">
          <Hourglass className="icon-s" aria-hidden /><span className="mono">{set.stack}</span>
          <span className="faint">{plural(set.changes.length, "resource")}, waits for the stack before it</span>
        </div>
      ))}
    </div>
  );
}

function Ticks({ scale }: { scale: Scale }) {
  return scale.ticks.map((tick) => <rect key={tick} x={Math.min(998, tick / scale.span * 1000)} y="0" width="2" height="13" fill="var(--line)" />);
}

function Bar({ row, from, now, scale }: { row: ResourceRunView; from: number; now: number; scale: Scale }) {
  const begin = Date.parse(row.startedAt);
  const end = row.endedAt ? Date.parse(row.endedAt) : Math.max(now, begin);
  const x = (at: number) => ((at - from) / scale.span) * 1000;
  return (
    <li className="g" title={`${row.resourceType}: ${row.status}${row.reason ? `: ${row.reason}` : ""}`}>
      <span className="mono ellipsis">{row.logicalId}</span>
      <svg className="track" viewBox="0 0 1000 13" preserveAspectRatio="none" aria-hidden>
        <Ticks scale={scale} />
        <rect x={Math.min(994, x(begin))} y="1" width={Math.max(6, x(end) - x(begin))} height="11" rx="3" fill={fills[row.tone]} />
      </svg>
      <span className="row faint"><ToneIcon tone={row.tone} small label={row.status} />{row.endedAt ? duration(end - begin) : `running ${duration(end - begin)}`}</span>
    </li>
  );
}

function Waiting({ name, title, scale }: { name: string; title: string; scale: Scale }) {
  return (
    <li className="g ahead" title={title}>
      <span className="mono ellipsis">{name}</span>
      <svg className="track" viewBox="0 0 1000 13" preserveAspectRatio="none" aria-hidden><Ticks scale={scale} /></svg>
      <span className="row faint"><Hourglass className="icon-s" aria-hidden />waits</span>
    </li>
  );
}
