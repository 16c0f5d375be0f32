// What the policy of the window forbids, and what everybody must be able to use.
import { readdirSync, readFileSync } from "node:fs";
import { screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { describe, expect, test } from "vitest";
import type { Scene } from "../host/fake/scene";
import { openConsole } from "./console";

const addresses: [string, Scene][] = [
  ["/environments", "usual"], ["/environments", "first"], ["/environments", "stale"], ["/environments", "failing"], ["/environments", "broken"], ["/environments", "loading"],
  ["/environments?service=payments-api&environment=prod", "usual"], ["/environments?service=transfers&environment=prod", "usual"],
  ["/compare?service=payments-api&left=prod&right=qa", "usual"], ["/compare?service=payments-api&left=prod&right=qa&tab=variables", "usual"], ["/compare", "failing"],
  ["/promotions", "usual"], ["/promotions", "first"], ["/promotions/PR-7K2M9Q", "usual"], ["/promotions/PR-7K2M9Q?tab=manifest", "usual"],
  ["/promotions/PR-7K2M9Q?tab=window", "usual"], ["/promotions/PR-7K2M9Q?tab=window", "frozen"], ["/promotions/PR-8GL4SS", "usual"], ["/promotions/PR-8GL4SS?tab=gates", "usual"], ["/promotions/PR-6PZ4QS", "usual"], ["/audit?kind=ignored", "usual"],
  ["/promotions/PR-4XW8TD", "usual"], ["/promotions/PR-5TN1VA", "usual"], ["/promotions/PR-NONE", "usual"],
  ["/audit", "usual"], ["/audit", "first"], ["/settings", "usual"], ["/settings", "mismatch"],
];

test.each(addresses)("%s on a day that is %s has no accessibility violation and adds no style element", async (address, scene) => {
  const before = document.querySelectorAll("style").length;
  await openConsole(address, { scene });
  await screen.findByRole("heading", { level: 1 });
  await waitFor(() => expect(document.querySelector("[aria-busy]") === null || scene === "loading").toBe(true));
  // Colours need a layout: the pictures' script checks them in the window's engine.
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
  expect(document.querySelectorAll("style").length).toBe(before);
});

describe("the content policy", () => {
  test("a press adds no style element, because the page ships the one that React Aria looks for", async () => {
    const page = readFileSync("index.html", "utf8");
    expect(page).toContain('id="react-aria-pressable-style"');
    expect(page).not.toMatch(/<style|style="|<script(?![^>]*src=)/);
    const mark = document.createElement("meta");
    mark.id = "react-aria-pressable-style";
    document.head.append(mark);
    const { user } = await openConsole("/environments?service=payments-api&environment=prod");
    await user.click(await screen.findByRole("button", { name: "Promote 9.3.1 to prod" }));
    await screen.findByRole("alertdialog");
    expect(document.querySelectorAll("style").length).toBe(0);
    expect(readFileSync("src/styles/base.css", "utf8")).toContain("[data-react-aria-pressable] { touch-action: pan-x pan-y pinch-zoom; }");
    mark.remove();
  });

  test("threat_01 no component writes markup from text", () => {
    const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name) && !name.startsWith("test"));
    const writing = sources.filter((name) => /dangerouslySetInnerHTML|(inner|outer)HTML|insertAdjacentHTML|createContextualFragment|DOMParser|document\.write|srcDoc|setAttribute\("(style|on)/.test(readFileSync(`src/${name}`, "utf8")));
    expect(writing).toEqual([]);
  });
});

test("only src/host knows the outside, and nothing but tests names the fake bank", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name) && !name.startsWith("test/"));
  const naming = (words: RegExp) => sources.filter((name) => words.test(readFileSync(`src/${name}`, "utf8")));
  expect(sources.length).toBeGreaterThan(50);
  expect(naming(/@tauri-apps\//).filter((name) => !name.startsWith("host/"))).toEqual([]);
  expect(naming(/from "[^"]*(host\/fake|\.\/fake)/)).toEqual([]);
});
