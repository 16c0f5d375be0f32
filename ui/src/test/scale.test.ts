import { describe, expect, test } from "vitest";
import { scaleOf } from "../features/promotions/scale";

describe("the time axis of a run", () => {
  test("has room ahead while something runs, and grows by whole steps", () => {
    expect(scaleOf(0, 3_000, true)).toEqual({ span: 10_000, ticks: [0, 2_000, 4_000, 6_000, 8_000, 10_000] });
    expect(scaleOf(0, 61_000, true).span).toBe(75_000);
  });

  test("ends where a finished run ended", () => {
    expect(scaleOf(0, 2_400, false)).toEqual({ span: 2_400, ticks: [0, 1_000, 2_000] });
  });

  test("has a few ticks only, however long the run", () => {
    for (const seconds of [1, 7, 59, 61, 600, 5_000, 86_400, 400_000]) {
      expect(scaleOf(0, seconds * 1_000, true).ticks.length).toBeLessThanOrEqual(8);
    }
  });
});
