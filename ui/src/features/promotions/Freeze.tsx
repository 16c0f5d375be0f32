// The next freeze on a small time line: now, and when it holds.
import type { FreezeView } from "../../contract";
import { absolute, Ago, useNow } from "../../components/time";
import { ToneIcon } from "../../components/tone";

export function Freeze({ freeze }: { freeze: FreezeView }) {
  const now = useNow();
  const [starts, ends] = [Date.parse(freeze.starts), Date.parse(freeze.ends)];
  const from = Math.min(now, starts) - 3_600_000;
  const span = Math.max(ends, now) + 3_600_000 - from;
  const x = (at: number) => ((at - from) / span) * 300;
  return (
    <section className="section">
      <h2 className="label">Window</h2>
      <svg viewBox="0 0 300 22" role="img" aria-label={`Freeze ${freeze.name} from ${absolute(freeze.starts)} to ${absolute(freeze.ends)}`}>
        <rect x="0" y="7" width="300" height="8" rx="3" fill="var(--ok-bg)" />
        <rect x={x(starts)} y="7" width={Math.max(2, x(ends) - x(starts))} height="8" rx="2" fill="var(--cold)" />
        <rect x={x(now) - 1} y="1" width="2" height="20" fill="var(--text)" />
      </svg>
      <span className={freeze.active ? "tone-frozen" : "dim"}>
        <ToneIcon tone="frozen" small /> {freeze.name}: {freeze.active ? <>frozen, ends <Ago at={freeze.ends} /></> : <>begins <Ago at={freeze.starts} /></>}
        <span className="faint"> ({absolute(freeze.starts)} to {absolute(freeze.ends)})</span>
      </span>
    </section>
  );
}
