// What the policy of the window forbids, and what everybody must be able to use.
import { screen } from "@testing-library/react";
import axe from "axe-core";
import { expect, test } from "vitest";
import { openConsole } from "./console";

const addresses = [
  "/environments", "/environments?service=payments-api&environment=prod", "/compare?service=payments-api&left=prod&right=qa",
  "/promotions", "/promotions/PR-TABLE1", "/promotions/PR-RUN777", "/audit", "/settings",
];

test.each(addresses)("%s has no accessibility violation and adds no style element", async (address) => {
  const before = document.querySelectorAll("style").length;
  const { container } = await openConsole(address);
  await screen.findByRole("heading", { level: 1 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  // Colours need a layout: the journeys in the real window check them.
  const result = await axe.run(container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
  expect(document.querySelectorAll("style").length).toBe(before);
});
