import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { host } from "#host";
import { isDisabled, openConsole } from "./console";

/** An element whose whole text is like that, however it is broken up. */
const telling = (wanted: RegExp) => screen.findAllByText((_, element) => wanted.test(element?.textContent ?? ""));
const button = (name: string | RegExp) => screen.findByRole("button", { name });

describe("a promotion", () => {
  test("is prepared and asked for by one person, approved and started by another", async () => {
    const first = await openConsole("/environments?service=payments-api&environment=prod");
    await first.user.click(await button("Promote 9.3.1 to prod"));
    await first.user.click(await button("Prepare promotion to prod"));
    await first.user.click(await button("Request approval for prod"));
    const own = await button("Approve as Ana Ruiz");
    expect(isDisabled(own)).toBe(true);
    expect(screen.getByText(/you requested this/)).toBeTruthy();
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
    expect(banner.textContent).toMatch(/The approval by Luis Prado was voided/);
    const row = within(banner).getByRole("row", { name: /ReadCapacity of transactions-prod/ });
    expect(within(row).getAllByRole("cell").map((cell) => cell.textContent)).toEqual(["50", "80"]);
    await user.click(within(banner).getByRole("button", { name: "Review what moved" }));
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
    expect(screen.getAllByText(/its approvals are asked of release manager/).length).toBeGreaterThan(0);
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

describe("beside the usual way", () => {
  const decision = () => screen.findByRole("complementary", { name: "Decision" });

  test("what moved is prepared anew and asked for again with one press", async () => {
    const { user } = await openConsole("/promotions/PR-6PZ4QS");
    await user.click(await button("Review again"));
    expect(await screen.findByText("waiting for approval")).toBeTruthy();
    const banner = await screen.findByRole("alert");
    expect(within(banner).queryByRole("button", { name: "Review again" })).toBeNull();
    expect(within(banner).getByRole("button", { name: "Review what moved" })).toBeTruthy();
  });

  test("who asked takes the request back, and it is a draft again", async () => {
    const { user } = await openConsole("/promotions/PR-2MB6RC");
    await user.click(await button("Take the request back"));
    const dialog = await screen.findByRole("alertdialog");
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "The wrong version.");
    await user.click(within(dialog).getByRole("button", { name: "Take the request back" }));
    expect(await telling(/^The request was taken back .*: The wrong version/)).toBeTruthy();
    expect(await button("Request approval for qa")).toBeTruthy();
  });

  test("nobody takes back what they have not said", async () => {
    await openConsole("/promotions/PR-7K2M9Q");
    await decision();
    expect(screen.queryByRole("button", { name: /back$/ })).toBeNull();
  });

  test("a gate that is waived says until when, by whom and why, and never looks passed", async () => {
    const { user } = await openConsole("/promotions/PR-7K2M9Q?tab=gates");
    const before = (await screen.findByRole("tab", { name: /Gates/ })).textContent;
    await user.click(await button("Waive a gate"));
    const dialog = await screen.findByRole("alertdialog");
    const waive = within(dialog).getByRole("button", { name: "Waive the gate" });
    expect(isDisabled(waive)).toBe(true);
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "the table is empty");
    await user.click(waive);
    expect(await telling(/^waived until .* by Ana Ruiz because the table is empty$/)).toBeTruthy();
    expect(screen.getByRole("img", { name: "waived" })).toBeTruthy();
    expect(screen.getByRole("tab", { name: /Gates/ }).textContent).toBe(before);
    expect(screen.getByText("0 of 2 approvals")).toBeTruthy();
    expect(within(screen.getByRole("table", { name: "Waivers" })).getByText("the table is empty")).toBeTruthy();
    // Who waived a gate approves no more.
    expect(isDisabled(await button("Approve as Ana Ruiz"))).toBe(true);
  });

  test("the glass is broken with an incident, a reason and the environment's name, and leaves its mark", async () => {
    const { user, router } = await openConsole("/promotions/PR-7K2M9Q");
    await user.click(await button("Break the glass"));
    const dialog = await screen.findByRole("alertdialog");
    const glass = within(dialog).getByRole("button", { name: "Break the glass" });
    await user.type(within(dialog).getByRole("textbox", { name: "Incident" }), "INC-9");
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "Payments are down.");
    expect(isDisabled(glass)).toBe(true);
    await user.type(within(dialog).getByRole("textbox", { name: /Type prod/ }), "prod");
    await user.click(glass);
    const mark = await screen.findByRole("region", { name: "Emergency" });
    expect(mark.textContent).toMatch(/Ana Ruiz broke the glass for INC-9.*Payments are down/);
    expect(screen.getAllByText("glass broken").length).toBeGreaterThan(0);
    await router.navigate({ to: "/promotions" });
    const line = await screen.findByRole("link", { name: /transactions-table/ });
    expect(line.textContent).toMatch(/glass broken for INC-9/);
  });

  test("a review that is owed waits for those who took no part, and is kept beside the mark", async () => {
    const first = await openConsole("/promotions", { person: "l.prado" });
    const waiting = await screen.findByRole("region", { name: /Waiting on others/ });
    expect(within(waiting).getByRole("link", { name: /PR-8GL4SS/ })).toBeTruthy();
    first.unmount();
    const { user } = await openConsole("/promotions", { person: "d.mora" });
    const mine = await screen.findByRole("region", { name: /Needs me/ });
    await user.click(within(mine).getByRole("link", { name: /PR-8GL4SS/ }));
    await user.click(await button("Write the review"));
    const dialog = await screen.findByRole("alertdialog");
    await user.type(within(dialog).getByRole("textbox", { name: /found/ }), "It was needed.");
    await user.click(within(dialog).getByRole("button", { name: "Write the review" }));
    expect((await screen.findByRole("region", { name: "Emergency" })).textContent).toMatch(/Reviewed by Diego Mora.*It was needed/);
  });

  test("a control that is refused says why, with the policy that says so", async () => {
    await openConsole("/promotions/PR-7K2M9Q", { person: "s.lara" });
    const approve = await button("Approve as Sofía Lara");
    expect(approve.getAttribute("aria-description")).toBe("you requested this (policy guard-requester)");
  });

  test("an approval says until when it counts", async () => {
    await openConsole("/promotions/PR-9QF3HZ");
    const people = await screen.findByRole("region", { name: "People" });
    expect(people.textContent).toMatch(/an approval counts for 72 h/);
    expect(people.textContent).toMatch(/counts no more in 2 d/);
  });

  test("the window shows the freezes on their own clock, and what the past says", async () => {
    await openConsole("/promotions/PR-7K2M9Q?tab=window");
    const table = await screen.findByRole("table", { name: "Freezes of prod" });
    expect(within(table).getAllByRole("row")).toHaveLength(4);
    expect(within(table).getAllByText("America/Bogota")).toHaveLength(6);
    expect(screen.getByText(/95 % of past runs took at most 19m/)).toBeTruthy();
    expect(screen.getByRole("img", { name: /Freezes ahead: weekend from/ })).toBeTruthy();
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
