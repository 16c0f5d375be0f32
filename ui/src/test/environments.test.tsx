import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { isDisabled, openConsole } from "./console";

const place = () => (document.activeElement as HTMLElement).dataset["place"];
const grid = () => screen.findByRole("grid", { name: "Services by environment" });

describe("the matrix", () => {
  test("shows every service with its versions, and differences only when asked", async () => {
    const { user, router } = await openConsole("/environments");
    expect(within(await grid()).getAllByText("9.3.1").length).toBe(2);
    expect(within(await grid()).getByText("users-pool")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Differences" }));
    await waitFor(async () => expect(within(await grid()).queryByText("users-pool")).toBeNull());
    expect(router.state.location.search).toMatchObject({ view: "differences" });
  });

  test("is narrowed by words and by team, and says when nothing is left", async () => {
    const { user } = await openConsole("/environments");
    await grid();
    await user.type(screen.getByRole("searchbox", { name: "Filter services" }), "9.1.4");
    await waitFor(async () => expect(within(await grid()).getAllByRole("row").length).toBe(3));
    await user.type(screen.getByRole("searchbox", { name: "Filter services" }), " nowhere");
    await user.click(await screen.findByRole("button", { name: "Show all services" }));
    await user.click(screen.getByRole("button", { name: /Team/ }));
    await user.click(await screen.findByRole("option", { name: /Risk/ }));
    await waitFor(async () => expect(within(await grid()).queryByText("payments-api")).toBeNull());
    expect(within(await grid()).getByText("fraud-scoring")).toBeTruthy();
  });

  test("needs me holds only services whose promotion waits for me", async () => {
    await openConsole("/environments?view=needs-me");
    expect(within(await grid()).getByText("transactions-table")).toBeTruthy();
    expect(within(await grid()).queryByText("notifications")).toBeNull();
  });

  test("an unknown cell says why and is not green", async () => {
    await openConsole("/environments");
    expect(within(await grid()).getByText(/AccessDenied: InterlockRead/)).toBeTruthy();
    expect(within(await grid()).getByRole("img", { name: "unknown" })).toBeTruthy();
  });

  test("a refused promotion says why, with the place that explains it", async () => {
    const { user } = await openConsole("/environments");
    await user.click(await screen.findByRole("button", { name: "Why transfers cannot be promoted to prod" }));
    const reasons = await screen.findByRole("dialog", { name: /Why transfers/ });
    expect(within(reasons).getByText(/the quality gate of 5.2.0 failed/)).toBeTruthy();
    expect(within(reasons).getByRole("button", { name: "See it there" })).toBeTruthy();
  });

  test("a freeze is on the column, and in the reasons", async () => {
    const { user } = await openConsole("/environments", { scene: "frozen" });
    const head = within(await grid()).getByRole("columnheader", { name: /prod/ });
    expect(within(head).getByText(/frozen, ends/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Why payments-api cannot be promoted to prod" }));
    expect(await screen.findByText(/prod is frozen/)).toBeTruthy();
  });

  test("holds only the rows near the view of 2,000 services, and counts them all", async () => {
    await openConsole("/environments", { scene: "large" });
    expect((await grid()).getAttribute("aria-rowcount")).toBe("2001");
    expect(within(await grid()).getAllByRole("row").length).toBeLessThan(120);
  });
});

describe("by keyboard", () => {
  test("arrow keys move, Enter opens the drawer, Escape closes it and gives the focus back", async () => {
    const { user, router } = await openConsole("/environments");
    const cells = within(await grid()).getAllByRole("gridcell");
    cells[0]?.focus();
    await user.keyboard("{ArrowRight}{ArrowRight}{ArrowDown}");
    await waitFor(() => expect(place()).toBe("1:2"));
    await user.keyboard("{Enter}");
    const drawer = await screen.findByRole("complementary", { name: "users-pool in prod" });
    await waitFor(() => expect(document.activeElement).toBe(drawer));
    expect(router.state.location.search).toMatchObject({ service: "users-pool", environment: "prod" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
    await waitFor(() => expect(place()).toBe("1:2"));
  });

  test("Home, End and Page keys jump, and one cell only is in the tab order", async () => {
    const { user } = await openConsole("/environments");
    within(await grid()).getAllByRole("gridcell")[0]?.focus();
    await user.keyboard("{End}");
    await waitFor(() => expect(place()).toBe("0:2"));
    await user.keyboard("{Control>}{End}{/Control}");
    await waitFor(() => expect(place()).toBe("13:2"));
    await user.keyboard("{Home}{PageUp}");
    await waitFor(() => expect(place()).toBe("0:0"));
    expect(within(await grid()).getAllByRole("gridcell").filter((cell) => cell.tabIndex === 0).length).toBe(1);
  });

  test("a cell whose row goes away hands the focus to its neighbour", async () => {
    const { user, router } = await openConsole("/environments?view=differences");
    within(await grid()).getAllByRole("gridcell")[0]?.focus();
    await user.keyboard("{ArrowDown}{ArrowRight}");
    await waitFor(() => expect(place()).toBe("1:1"));
    await router.navigate({ to: "/environments", search: { filter: "customer-portal" } });
    await waitFor(() => expect(place()).toBe("0:1"));
  });

  test("an address that opens a drawer makes its cell the active one", async () => {
    const { user } = await openConsole("/environments?service=transfers&environment=qa");
    await screen.findByRole("complementary", { name: "transfers in qa" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement?.closest('[role="row"]')?.textContent).toContain("transfers"));
  });

  test("Shift+Enter presses the cell's promotion control", async () => {
    const { user } = await openConsole("/environments");
    within(await grid()).getAllByRole("gridcell")[0]?.focus();
    await user.keyboard("{ArrowRight}{Shift>}{Enter}{/Shift}");
    expect(await screen.findByRole("alertdialog", { name: "Promote customer-portal from dev to qa" })).toBeTruthy();
  });
});

describe("the drawer", () => {
  test("tells what runs, what drifted, what is missing, and hides what AWS hides", async () => {
    const { user } = await openConsole("/environments?service=payments-api&environment=prod");
    const drawer = await screen.findByRole("complementary", { name: "payments-api in prod" });
    expect(await within(drawer).findByText("PaymentsFn /", { exact: false })).toBeTruthy();
    expect(within(drawer).getByText("Allow the daily limit job to clean up items")).toBeTruthy();
    await user.click(within(drawer).getAllByText("payments-api-prod")[0] as HTMLElement);
    expect(within(drawer).getAllByText(/hidden by AWS/).length).toBeGreaterThan(0);
    expect(within(drawer).getByRole("link", { name: "Compare" }).getAttribute("href")).toContain("left=prod");
  });

  test("lets AWS look for drift with progress, and can stop waiting", async () => {
    const { user } = await openConsole("/environments?service=payments-api&environment=prod", { patience: 600 });
    const drift = within(await screen.findByRole("region", { name: "Drift" }));
    expect(drift.getByText(/^Drifted/)).toBeTruthy();
    await user.click(drift.getByRole("button", { name: "Look for drift now" }));
    expect(await drift.findByText(/AWS has looked at \d of \d stacks/)).toBeTruthy();
    await user.click(drift.getByRole("button", { name: "Stop waiting" }));
    expect(await drift.findByRole("button", { name: "Look for drift now" })).toBeTruthy();
    expect(drift.queryByRole("alert")).toBeNull();
  });

  test("keeps a refused promotion visible, disabled, with its reasons", async () => {
    await openConsole("/environments?service=transfers&environment=prod");
    const button = await screen.findByRole("button", { name: "Promote to prod" });
    expect(isDisabled(button)).toBe(true);
    expect(button.getAttribute("aria-description")).toContain("quality gate");
  });
});

describe("when things are not as they should be", () => {
  test("the first start says that nothing was read, and reads it with progress", async () => {
    const { user } = await openConsole("/environments", { scene: "first", patience: 300 });
    await user.click(await screen.findByRole("button", { name: "Read the estate" }));
    expect(await screen.findByRole("progressbar", { name: "Refresh" })).toBeTruthy();
    expect(await screen.findByRole("button", { name: /Cancel the refresh, \d of 9/ })).toBeTruthy();
  });

  test("a refresh can be cancelled", async () => {
    const { user } = await openConsole("/environments", { patience: 900 });
    await grid();
    await user.click(screen.getByRole("button", { name: "Refresh" }));
    await user.click(await screen.findByRole("button", { name: /Cancel the refresh/ }));
    expect(await screen.findByRole("button", { name: "Refresh" })).toBeTruthy();
  });

  test("old data is said to be old", async () => {
    await openConsole("/environments", { scene: "stale" });
    expect(await screen.findByText("No scope answers.")).toBeTruthy();
    expect(within(await grid()).queryByRole("img", { name: "stable" })).toBeNull();
  });

  test("an outage shows message, hints and code, and can be tried again", async () => {
    await openConsole("/environments", { scene: "failing" });
    const alert = (await screen.findAllByRole("alert"))[0] as HTMLElement;
    expect(alert.textContent).toContain("do not answer from here");
    expect(alert.textContent).toContain("Check the network or the VPN.");
    expect(alert.textContent).toContain("unreachable");
    expect(within(alert).getByRole("button", { name: "Try again" })).toBeTruthy();
  });

  test("a broken estate file is told with file, line and field, and without a vain retry", async () => {
    await openConsole("/environments", { scene: "broken" });
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("interlock.toml:41:3 (environments[2].promotes_form)");
    expect(within(alert).queryByRole("button")).toBeNull();
  });

  test("while loading, the place of the matrix is kept and said", async () => {
    await openConsole("/environments", { scene: "loading" });
    expect(await screen.findByText("Loading the environments")).toBeTruthy();
  });
});
