import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { host } from "#host";
import { isDisabled, openConsole } from "./console";

const button = (name: string | RegExp) => screen.findByRole("button", { name });

describe("a promotion", () => {
  test("is prepared and asked for by one person, approved and started by another", async () => {
    const first = await openConsole("/environments?service=payments-api&environment=prod");
    await first.user.click(await button("Promote 9.3.1 to prod"));
    await first.user.click(await button("Prepare promotion to prod"));
    await first.user.click(await button("Request approval for prod"));
    const own = await button("Approve as Ana Ruiz");
    expect(isDisabled(own)).toBe(true);
    expect(screen.getByText(/Ana Ruiz asked for this promotion/)).toBeTruthy();
    const address = first.router.state.location.pathname;
    first.unmount();

    const second = await openConsole(address, { person: "l.prado", sameBank: true });
    await second.user.click(await button("Approve as Luis Prado"));
    await second.user.click(await button("Promote payments-api to prod"));
    const dialog = await screen.findByRole("alertdialog");
    const start = within(dialog).getByRole("button", { name: "Promote payments-api to prod" });
    await second.user.type(within(dialog).getByRole("textbox"), "qa");
    expect(isDisabled(start)).toBe(true);
    await second.user.clear(within(dialog).getByRole("textbox"));
    await second.user.type(within(dialog).getByRole("textbox"), "prod");
    await second.user.click(start);
    const steps = await screen.findByRole("region", { name: "Steps" });
    expect(await within(steps).findByText(/Deploy payments-api-prod/)).toBeTruthy();
  });

  test("shows that preparing goes on, and cannot be dismissed meanwhile", async () => {
    const { user } = await openConsole("/environments?service=payments-api&environment=prod", { patience: 1_500 });
    await user.click(await button("Promote 9.3.1 to prod"));
    await user.click(await button("Prepare promotion to prod"));
    expect(await screen.findByText(/preparing change sets in prod/)).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(screen.getByRole("alertdialog")).toBeTruthy();
    expect(await button("Request approval for prod")).toBeTruthy();
  });

  test("puts the digest beside the decision, and what could be lost first", async () => {
    await openConsole("/promotions/PR-7K2M9Q");
    const decision = await screen.findByRole("complementary", { name: "Decision" });
    const { digest, summary } = await host.call("promotion_view", { id: "PR-7K2M9Q" });
    expect(within(decision).getByTitle(digest).textContent).toBe(summary.digestShort);
    expect(screen.getByText("Two things to decide before anything else")).toBeTruthy();
  });

  test("says where the prediction and AWS's change set agree, and names the rows where they do not", async () => {
    await openConsole("/promotions/PR-9QF3HZ");
    const { changeSets } = await host.call("promotion_view", { id: "PR-9QF3HZ" });
    const judged = changeSets.find((set) => set.judgement);
    expect(judged).toBeTruthy();
    const group = (await screen.findAllByRole("group", { name: "prediction and change set" }))[0];
    expect(group?.textContent).toMatch(/^Predicted and AWS's change set agree on \d+ of \d+ rows/);
    for (const row of judged?.judgement?.rows ?? []) {
      expect(group?.textContent?.includes(row.logicalId)).toBe(row.agreement !== "agree");
    }
  });

  test("whose approval was voided says what moved, before and after", async () => {
    const { user } = await openConsole("/promotions/PR-7K2M9Q");
    const banner = await screen.findByRole("alert");
    expect(banner.textContent).toMatch(/ReadCapacity of transactions-prod went from 50 to 80/);
    await user.click(within(banner).getByRole("button", { name: "Review again" }));
    expect(await screen.findByRole("tabpanel", { name: /Manifest/ })).toBeTruthy();
  });

  test("is rejected only with a reason", async () => {
    const { user } = await openConsole("/promotions/PR-7K2M9Q");
    expect(isDisabled(await button("Reject"))).toBe(true);
    await user.type(screen.getByRole("textbox", { name: "Comment" }), "It replaces the table.");
    await waitFor(() => expect(isDisabled(screen.getByRole("button", { name: "Reject" }))).toBe(false));
    await user.click(screen.getByRole("button", { name: "Reject" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Reject" })).toBeNull());
    expect(screen.getAllByText("rejected").length).toBeGreaterThan(0);
  });

  test("that moved since it was read is not approved, and says so", async () => {
    const { user } = await openConsole("/promotions/PR-7K2M9Q");
    const approve = await button("Approve as Ana Ruiz");
    // Somebody else prepares it again and asks anew: the digest on this screen is no longer the one.
    await host.call("promotion_prepare_again", { id: "PR-7K2M9Q" });
    await user.click(approve);
    expect((await screen.findAllByRole("alert")).map((alert) => alert.textContent).join()).toMatch(/not possible now|prepared again/);
  });

  test("cannot be decided by somebody who is no release manager", async () => {
    await openConsole("/promotions/PR-7K2M9Q", { person: "d.mora" });
    expect(isDisabled(await button("Approve as Diego Mora"))).toBe(true);
    expect(screen.getAllByText(/is no release manager/).length).toBeGreaterThan(0);
  });

  test("that does not exist is told with the envelope's words", async () => {
    await openConsole("/promotions/PR-NONE");
    expect((await screen.findByRole("alert")).textContent).toContain("is not in the ledger");
  });

  test("is abandoned with a reason", async () => {
    const { user } = await openConsole("/promotions/PR-2MB6RC");
    await user.click(await button("Abandon"));
    const dialog = await screen.findByRole("alertdialog");
    expect(isDisabled(within(dialog).getByRole("button", { name: "Abandon" }))).toBe(true);
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "Not needed.");
    await user.click(within(dialog).getByRole("button", { name: "Abandon" }));
    expect(await screen.findAllByText("abandoned")).toBeTruthy();
  });
});

describe("the inbox", () => {
  test("is grouped by what needs me, and follows the person", async () => {
    const { user } = await openConsole("/promotions");
    const mine = await screen.findByRole("region", { name: /Needs me/ });
    expect(within(mine).getByRole("link", { name: /transactions-table/ })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: /Acting as Ana Ruiz/ }));
    await user.click(await screen.findByRole("menuitem", { name: /Sofía Lara/ }));
    await waitFor(() => expect(within(screen.getByRole("region", { name: /Needs me/ })).queryByRole("link", { name: /transactions-table/ })).toBeNull());
    expect(within(screen.getByRole("region", { name: /Waiting on others/ })).getByRole("link", { name: /transactions-table/ })).toBeTruthy();
  });

  test("empty, it says how to begin", async () => {
    await openConsole("/promotions", { scene: "first" });
    expect(await screen.findByRole("link", { name: "Show differences" })).toBeTruthy();
  });
});
