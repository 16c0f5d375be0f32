// Foreign text never becomes markup, on any screen.
import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Scene } from "../host/fake/scene";
import { openConsole } from "./console";
import { corpus, made, poisonHost, shown } from "./foreign";

declare global {
  interface Window { reached?: number }
}

/** A screen, and how many hostile texts it shows at least. */
const screens: [string, Scene, number][] = [
  ["/environments", "usual", 50], ["/environments", "failing", 1], ["/environments", "broken", 2], ["/environments", "stale", 20],
  ["/environments?service=payments-api&environment=prod", "usual", 60],
  ["/compare?service=payments-api&left=prod&right=qa", "usual", 20], ["/compare?service=payments-api&left=prod&right=qa&tab=variables", "usual", 20],
  ["/compare?service=payments-api&left=prod&right=qa&tab=raw", "usual", 2],
  ["/promotions", "usual", 20], ["/promotions/PR-7K2M9Q", "usual", 20], ["/promotions/PR-7K2M9Q?tab=manifest", "usual", 20],
  ["/promotions/PR-7K2M9Q?tab=window", "frozen", 5], ["/promotions/PR-8GL4SS?tab=gates", "usual", 10], ["/promotions/PR-9QF3HZ", "usual", 20],
  ["/promotions/PR-4XW8TD", "usual", 10], ["/promotions/PR-5TN1VA", "usual", 10], ["/promotions/PR-NONE", "usual", 1],
  ["/audit", "usual", 20], ["/settings", "usual", 5], ["/settings", "mismatch", 5],
];

beforeEach(() => {
  delete window.reached;
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Opens a screen on a bank whose every text ends in the payload. */
async function opened(address: string, scene: Scene, payload: string) {
  vi.restoreAllMocks();
  // The console switches the person first, on a bank of its own.
  await openConsole("/settings", { scene });
  document.body.replaceChildren();
  poisonHost(payload);
  const { unmount } = await openConsole(address, { scene, sameBank: true });
  return unmount;
}

describe("threat_01 foreign text never becomes markup", () => {
  test.each(screens)("%s on a day that is %s shows it as text", async (address, scene, atLeast) => {
    const before = made(document).length;
    // All of the corpus in one text, so that each screen is opened once.
    const payload = ` ${corpus.join(" ")}`;
    const unmount = await opened(address, scene, payload);
    await waitFor(() => expect(shown(document.body, payload)).toBeGreaterThanOrEqual(atLeast));
    expect(made(document).slice(before)).toEqual([]);
    expect(window.reached).toBeUndefined();
    unmount();
  });

  test.each(corpus)("%s would be found if it were taken for markup", (payload) => {
    const place = document.createElement("div");
    place.textContent = payload;
    expect(made(place)).toEqual([]);
    // Two of them are no markup of their own: they wait for a quote, or for a template engine.
    if (/^'|^\{\{/.test(payload)) place.innerHTML = `<input title='${payload}'>`;
    else place.innerHTML = payload.replace(/^javascript:/, "<a href=javascript:1>");
    if (!payload.startsWith("{{")) expect(made(place)).not.toEqual([]);
  });

  test("a link of a stranger is opened by the core or not at all", async () => {
    const payload = " javascript:window.reached=1";
    const unmount = await opened("/environments?service=payments-api&environment=prod", "usual", payload);
    await screen.findAllByRole("button");
    expect([...document.querySelectorAll("a[href]")].filter((link) => !/^(\/|#)/.test(link.getAttribute("href") ?? ""))).toEqual([]);
    unmount();
  });
});
