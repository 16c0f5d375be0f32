// The first look is painted before anything is asked, and counts as old.
import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { firstLookName } from "../contract";
import { createBank } from "../host/fake";
import { startFrom } from "../host/queries";
import { host } from "../host/tauri";

const place = window as unknown as Record<string, unknown>;
const opened = (type: string) => vi.spyOn(performance, "getEntriesByType").mockReturnValue([{ type } as unknown as PerformanceEntry]);
const views = async () => {
  const bank = createBank(0);
  return { estate: await bank.call("estate_view", {}), overview: await bank.call("overview_view", {}) };
};

afterEach(() => vi.restoreAllMocks());

test("what the window was opened with is given once", async () => {
  opened("navigate");
  place[firstLookName] = await views();
  expect(host.firstLook()?.overview.rows.length).toBeGreaterThan(5);
  expect(host.firstLook()).toBeUndefined();
});

test("a page that is loaded again asks instead", async () => {
  opened("reload");
  place[firstLookName] = await views();
  expect(host.firstLook()).toBeUndefined();
});

test("it stands where the first screen looks, and is asked for again", async () => {
  const client = new QueryClient();
  const first = await views();
  startFrom(first, client);
  expect(client.getQueryData(["overview_view", {}])).toEqual(first.overview);
  expect(client.getQueryData(["estate_view", {}])).toEqual(first.estate);
  const asked = vi.fn(async () => first.overview);
  await client.prefetchQuery({ queryKey: ["overview_view", {}], queryFn: asked, staleTime: 2_000 });
  expect(asked).toHaveBeenCalledTimes(1);
});
