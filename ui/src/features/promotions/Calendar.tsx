// The freezes ahead on one line, with the time that a promotion started now would take.
import type { FreezesView } from "../../contract";
import { day } from "../../components/time";

const WIDTH = 900;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** At least so much is shown ahead, at most as much as lets a promotion be seen. */
const [LEAST, MOST] = [3 * DAY, 21 * DAY];

export function Calendar({ view }: { view: FreezesView }) {
  const now = Date.parse(view.now);
  const last = Math.max(...view.freezes.map((freeze) => Date.parse(freeze.ends)));
  const until = now + Math.min(MOST, Math.max(LEAST, last - now + 6 * HOUR));
  const from = now - (until - now) * 0.02;
  const x = (at: number) => (Math.min(Math.max(at, from), until) - from) / (until - from) * WIDTH;
  const days = Array.from({ length: Math.ceil((until - now) / DAY) }, (_, index) => {
    const midnight = new Date(now);
    midnight.setHours(24 * (index + 1), 0, 0, 0);
    return midnight.getTime();
  });
  const step = Math.ceil(days.length / 10);
  const over = view.forecast?.over ? Date.parse(view.forecast.over) : null;
  const words = view.freezes.map((freeze) => `${freeze.name} from ${day(freeze.starts)} to ${day(freeze.ends)}`).join("; ");
  return (
    <svg className="window" viewBox={`0 0 ${WIDTH} 72`} role="img" aria-label={`Freezes ahead: ${words}`}>
      <rect x="0" y="20" width={WIDTH} height="12" rx="3" fill="var(--ok-bg)" />
      {days.map((at, index) => (
        <g key={at}>
          <rect x={x(at)} y="17" width="1" height="18" fill="var(--line2)" />
          {index % step === 0 && x(at) < WIDTH - 60 && <text x={x(at) + 3} y="50" fontSize="13" fill="var(--dim)">{new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric" }).format(at)}</text>}
        </g>
      ))}
      {view.freezes.filter((freeze) => Date.parse(freeze.starts) < until).map((freeze) => {
        const start = x(Date.parse(freeze.starts));
        return (
          <g key={`${freeze.name} ${freeze.starts}`}>
            <rect x={start} y="20" width={Math.max(3, x(Date.parse(freeze.ends)) - start)} height="12" rx="2" fill="var(--cold)" />
            {start < WIDTH - 90 && <text x={start} y="13" fontSize="13" fill="var(--cold)">{freeze.name}</text>}
          </g>
        );
      })}
      {over !== null && <rect x={x(now)} y="22" width={Math.max(4, x(over) - x(now))} height="8" rx="2" fill="var(--accent)" />}
      <rect x={x(now) - 1} y="14" width="2" height="24" fill="var(--text)" />
      <text x={x(now) + 3} y="68" fontSize="13" fill="var(--text)">now{over !== null && `, a promotion would end ${day(new Date(over).toISOString())}`}</text>
    </svg>
  );
}
