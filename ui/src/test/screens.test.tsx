// What people do on each screen, by role and name.
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { openConsole } from "./console";

describe("environments", () => {
  test("shows every service with its versions, and differences only when asked", async () => {
    const { user } = await openConsole("/environments");
    const grid = await screen.findByRole("grid", { name: "Services by environment" });
    expect(within(grid).getAllByText("9.3.1").length).toBeGreaterThan(0);
    expect(within(grid).getByText("fraud-scoring")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Differences" }));
    await waitFor(() => expect(within(grid).queryByText("fraud-scoring")).toBeNull());
  });

  test("arrow keys move, Enter opens the drawer, Escape closes it and gives the focus back", async () => {
    const { user } = await openConsole("/environments");
    const grid = await screen.findByRole("grid");
    const cells = within(grid).getAllByRole("gridcell").filter((cell) => cell.dataset["place"]);
    cells[0]?.focus();
    await user.keyboard("{ArrowRight}{ArrowRight}{ArrowDown}");
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset["place"]).toBe("1:2"));
    await user.keyboard("{Enter}");
    const drawer = await screen.findByRole("complementary", { name: /users-pool in prod/ });
    await within(drawer).findByText("Version");
    drawer.focus();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset["place"]).toBe("1:2"));
  });

  test("an unknown cell says why and is not green", async () => {
    await openConsole("/environments");
    const grid = await screen.findByRole("grid");
    expect(within(grid).getByText(/AccessDenied: InterlockReader/)).toBeTruthy();
    expect(within(grid).getByRole("img", { name: "unknown" })).toBeTruthy();
  });

  test("a refused promotion says why", async () => {
    const { user } = await openConsole("/environments");
    await user.click(await screen.findByRole("button", { name: "Why transfers cannot be promoted to prod" }));
    expect(await screen.findByText(/the quality gate failed: new_coverage/)).toBeTruthy();
  });
});

describe("promotions", () => {
  test("one person prepares and asks, another approves and starts", async () => {
    const first = await openConsole("/environments?service=payments-api&environment=prod");
    await first.user.click(await screen.findByRole("button", { name: /Promote 9.3.1 to prod/ }));
    await first.user.click(await screen.findByRole("button", { name: "Prepare promotion to prod" }));
    await first.user.click(await screen.findByRole("button", { name: "Request approval for prod" }));
    const own = await screen.findByRole("button", { name: "Approve as Ana Ruiz" });
    expect(own.getAttribute("aria-disabled")).toBe("true");
    const address = first.router.state.location.pathname;
    first.unmount();

    const second = await openConsole(address, "l.prado");
    await second.user.click(await screen.findByRole("button", { name: "Approve as Luis Prado" }));
    await second.user.click(await screen.findByRole("button", { name: "Promote payments-api to prod" }));
    const dialog = await screen.findByRole("alertdialog");
    const start = within(dialog).getByRole("button", { name: "Promote payments-api to prod" });
    expect((start as HTMLButtonElement).disabled).toBe(true);
    await second.user.type(within(dialog).getByRole("textbox"), "prod");
    await second.user.click(start);
    expect(await screen.findByText("Steps")).toBeTruthy();
    await screen.findByText(/Deploy payments-api-prod/);
  });

  test("a rejection needs a reason", async () => {
    const { user } = await openConsole("/promotions/PR-TABLE1");
    const reject = await screen.findByRole("button", { name: "Reject" });
    expect(reject.getAttribute("aria-disabled")).toBe("true");
    await user.type(screen.getByRole("textbox", { name: "Comment" }), "replaces the table");
    await waitFor(() => expect(screen.getByRole("button", { name: "Reject" }).getAttribute("aria-disabled")).not.toBe("true"));
  });

  test("foreign text in the log stays text", async () => {
    const { container } = await openConsole("/promotions/PR-RUN777");
    await screen.findAllByText(/<b>Function<\/b>/, {}, { timeout: 4000 });
    expect(container.querySelector(".log b")).toBeNull();
  });

  test("an unknown promotion is told with the envelope's words", async () => {
    await openConsole("/promotions/PR-NONE");
    expect((await screen.findByRole("alert")).textContent).toContain("is not in the ledger");
  });
});

describe("compare", () => {
  test("folds expected differences away and shows unknown ones as unknown", async () => {
    const { user } = await openConsole("/compare?service=payments-api&left=prod&right=qa");
    expect(await screen.findByText("nodejs22.x")).toBeTruthy();
    expect(screen.getByText(/1 expected difference, explained/)).toBeTruthy();
    expect(screen.getByText("cannot be compared")).toBeTruthy();
    await user.keyboard("n");
    await waitFor(() => expect(document.activeElement?.textContent).toContain("PaymentsFn"));
    await user.click(screen.getByRole("tab", { name: /Variables/ }));
    expect(await screen.findByText("ReservedConcurrency")).toBeTruthy();
  });
});

describe("the rest", () => {
  test("the palette finds a promotion by keyboard", async () => {
    const { user, router } = await openConsole("/environments");
    await screen.findByRole("grid");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("searchbox", { name: "Search" }), "PR-TABLE");
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/promotions/PR-TABLE1"));
  });

  test("settings show what each system says and test every connection", async () => {
    const { user } = await openConsole("/settings");
    expect((await screen.findAllByText("known as Ana Ruiz")).length).toBeGreaterThan(2);
    await user.click(screen.getByRole("button", { name: "Test every connection" }));
    expect(await screen.findByText("Connection refused.")).toBeTruthy();
  });
});
