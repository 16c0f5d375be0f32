// The time axis of a run: round steps, at most so many, and room ahead while something runs.
export type Scale = { span: number; ticks: number[] };

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600].map((seconds) => seconds * 1_000);
const MOST = 6;
/** A run that has just begun does not fill its axis. */
const LEAST = 10_000;

/** Span and ticks, in milliseconds from the beginning. */
export function scaleOf(from: number, to: number, running: boolean): Scale {
  const passed = Math.max(1_000, to - from);
  const wanted = running ? Math.max(LEAST, passed) : passed;
  const step = STEPS.find((each) => wanted / each <= MOST) ?? wanted / MOST;
  // While it runs the axis grows step by step, so that bars are seen to move.
  const span = running ? Math.ceil(wanted / step) * step : passed;
  return { span, ticks: Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step) };
}
