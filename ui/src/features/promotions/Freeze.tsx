// The next freeze on a small time line: now, and when it holds.
import type { FreezeView } from "../../contract";
import { Ago, day, useNow } from "../../components/time";
import { ToneIcon } from "../../components/tone";

const WIDTH = 300;
const EDGE = 3_600_000;

export function Freeze({ freeze }: { freeze: FreezeView }) {
  const now = useNow();
  const [starts, ends] = [Date.parse(freeze.starts), Date.parse(freeze.ends)];
  const from = Math.min(now, starts) - EDGE;
  const span = Math.max(ends, now) + EDGE - from;
  const x = (at: number) => ((at - from) / span) * WIDTH;
  return (
    <section className="section" aria-label="Window">
      <h3>Window</h3>
      <svg className="window" viewBox={`0 0 ${WIDTH} 22`} role="img" aria-label={`Freeze ${freeze.name} from ${day(freeze.starts)} to ${day(freeze.ends)}`}>
        <rect x="0" y="7" width={WIDTH} height="8" rx="3" fill="var(--ok-bg)" />
        <rect x={x(starts)} y="7" width={Math.max(2, x(ends) - x(starts))} height="8" rx="2" fill="var(--cold)" />
        <rect x={x(now) - 1} y="1" width="2" height="20" fill="var(--text)" />
      </svg>
      <div className="why">
        <ToneIcon tone="frozen" />
        <div>
          <span className={freeze.active ? "tone-frozen" : ""}>
            {freeze.name}: {freeze.active ? <>frozen, ends <Ago at={freeze.ends} /></> : <>begins <Ago at={freeze.starts} /></>}
          </span>
          <div className="faint">{day(freeze.starts)} to {day(freeze.ends)}</div>
        </div>
      </div>
    </section>
  );
}
