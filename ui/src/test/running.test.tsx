import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openConsole } from "./console";

// The bank's runs go by the clock: tests move it.
const opened = Date.now();
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: opened }));
afterEach(() => void vi.useRealTimers());
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);
const steps = () => screen.findByRole("region", { name: "Steps" });

describe("a run", () => {
  test("shows its steps, its resources and its log as they go on", async () => {
    await openConsole("/promotions/PR-4XW8TD");
    expect(await within(await steps()).findByText("Deploy infrastructure")).toBeTruthy();
    expect(await screen.findByRole("region", { name: "Resources of notifications-prod over time" })).toBeTruthy();
    const log = screen.getByRole("log", { name: "Log lines" });
    expect(await within(log).findByText(/aws cloudformation deploy/)).toBeTruthy();
    expect(within(log).queryByText(/Successfully created/)).toBeNull();
    pass(45);
    expect(await within(log).findByText(/Successfully created/)).toBeTruthy();
  });

  test("asks at an input step, and goes on to the verified end", async () => {
    const { user } = await openConsole("/promotions/PR-4XW8TD");
    await steps();
    pass(60);
    const ask = await screen.findByRole("alert");
    expect(ask.textContent).toContain("Shift all traffic to 6.4.3?");
    await user.click(within(ask).getByRole("button", { name: "Proceed" }));
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    pass(60);
    expect(await screen.findByText("Applied, stable, verified")).toBeTruthy();
  });

  test("is aborted only after its environment's name was typed", async () => {
    const { user } = await openConsole("/promotions/PR-4XW8TD");
    await user.click(await screen.findByRole("button", { name: "Abort the run" }));
    const dialog = await screen.findByRole("alertdialog", { name: "Abort the run" });
    await user.type(within(dialog).getByRole("textbox"), "prod{Enter}");
    expect(await screen.findByText("It ended as aborted")).toBeTruthy();
  });

  test("whose outcome is unknown says so and is found out, not repeated", async () => {
    const { user } = await openConsole("/promotions/PR-1LK9UW");
    expect(await screen.findByText("Nobody knows yet whether it happened")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Find out and go on" }));
    expect(await screen.findByText("Applied, stable, verified")).toBeTruthy();
  });

  test("that failed tells its first error, and the log goes there", async () => {
    const { user } = await openConsole("/promotions/PR-5TN1VA");
    expect((await screen.findByRole("alert")).textContent).toContain("Value of property Policies must be a list");
    await user.click(await screen.findByRole("button", { name: "First error" }));
    expect(screen.getByRole("button", { name: "Follow" })).toBeTruthy();
  });

  test("shows again what was approved", async () => {
    const { user } = await openConsole("/promotions/PR-8CJ0LE");
    await user.click(await screen.findByRole("button", { name: "What was approved" }));
    expect(await screen.findByRole("complementary", { name: "Decision" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Show the run" }));
    expect(await steps()).toBeTruthy();
  });
});

describe("the log", () => {
  test("is searched line by line", async () => {
    const { user } = await openConsole("/promotions/PR-8CJ0LE");
    await within(await screen.findByRole("log", { name: "Log lines" })).findByText(/execute-change-set/);
    await user.type(screen.getByRole("textbox", { name: "Search the log" }), "PaymentsFn");
    expect(await screen.findByText("1 of 4 lines")).toBeTruthy();
    await user.keyboard("{Enter}");
    expect(await screen.findByText("2 of 4 lines")).toBeTruthy();
  });

  test("foreign text stays text", async () => {
    await openConsole("/promotions/PR-4XW8TD");
    await steps();
    pass(60);
    const log = screen.getByRole("log", { name: "Log lines" });
    expect(await within(log).findByText(/<b>Proceed<\/b>/)).toBeTruthy();
    expect(log.querySelector("b")).toBeNull();
  });
});
