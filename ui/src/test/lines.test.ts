import { expect, test } from "vitest";
import { duration, relative } from "../components/time";
import { manyRows, overviewOf } from "../host/fake/overview";
import { specs } from "../host/fake/services";
import { instantOf, localTime, toSide } from "../features/compare/sides";
import { GROUP, toChunks, toLines, visible } from "../features/environments/lines";

test("every line of 2,000 services has its place, and only batches near the view are taken", () => {
  const lines = toLines(manyRows(overviewOf(specs(), [], false).rows, 2_000));
  const { chunks, height } = toChunks(lines, 46);
  expect(height).toBe(2_000 * 46 + 50 * GROUP);
  const [first, last] = visible(chunks, 40_000, 41_000);
  expect(chunks.slice(first, last + 1).flatMap((chunk) => chunk.lines).length).toBeLessThan(40);
  expect(chunks[first]?.top).toBeLessThanOrEqual(40_000);
  expect((chunks[last]?.top ?? 0) + (chunks[last]?.height ?? 0)).toBeGreaterThanOrEqual(41_000);
});

test("ages are told in one unit", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  const cases: [string, string][] = [
    ["2026-11-23T11:59:58Z", "now"], ["2026-11-23T11:59:20Z", "40 s"], ["2026-11-23T11:34:00Z", "26 min"],
    ["2026-11-21T12:00:00Z", "2 d"], ["2026-11-23T18:00:00Z", "in 6 h"], ["never", "unknown time"],
  ];
  for (const [at, words] of cases) expect(relative(at, now)).toBe(words);
});

test("a duration is never told as nothing", () => {
  const cases: [number, string][] = [[0, "< 1 s"], [999, "< 1 s"], [1_000, "1 s"], [59_400, "59 s"], [60_000, "1 min"], [61_000, "1 min 1 s"], [3_720_000, "1 h 2 min"]];
  for (const [milliseconds, words] of cases) expect(duration(milliseconds)).toBe(words);
});

test("a side in the address is an environment or a revision", () => {
  expect(toSide("prod")).toEqual({ kind: "environment", name: "prod" });
  expect(toSide("prod@2026-11-20T18:00:00Z")).toEqual({ kind: "past", environment: "prod", at: "2026-11-20T18:00:00Z" });
  expect(toSide("arn:aws:cloudformation:us-east-1:333333333333:changeSet/a/1@prod")).toEqual({ kind: "change-set", arn: "arn:aws:cloudformation:us-east-1:333333333333:changeSet/a/1" });
  expect(instantOf(localTime("2026-11-20T18:00:00.000Z"))).toBe("2026-11-20T18:00:00.000Z");
  expect(instantOf("")).toBeUndefined();
  expect(toSide("v9.3.1@prod")).toEqual({ kind: "revision", revision: "v9.3.1", environment: "prod" });
});
