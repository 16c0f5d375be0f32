// The frame, the palette, the ledger and the settings.
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { openConsole } from "./console";

describe("the palette", () => {
  test("finds a promotion by keyboard", async () => {
    const { user, router } = await openConsole("/environments");
    await screen.findByRole("grid");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Search" }), "7k2m");
    await screen.findByRole("option", { name: /^PR-7K2M9Q transactions-table/ });
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/promotions/PR-7K2M9Q"));
  });

  test("opens with a slash, finds services by name first, and closes with Escape", async () => {
    const { user } = await openConsole("/promotions");
    await screen.findByRole("heading", { name: "Promotions" });
    await user.keyboard("/");
    await user.type(await screen.findByRole("combobox", { name: "Search" }), "payments-api");
    await waitFor(() => expect(screen.getAllByRole("option")[0]?.textContent).toContain("payments-api"));
    await user.keyboard("{Escape}{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  test("acts: another person, another look", async () => {
    const { user } = await openConsole("/environments");
    await screen.findByRole("grid");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Search" }), "act luis");
    await screen.findByRole("option", { name: /^Act as Luis Prado/ });
    await user.keyboard("{ArrowDown}{Enter}");
    expect(await screen.findByRole("button", { name: /Acting as Luis Prado/ })).toBeTruthy();
  });
});

describe("the frame", () => {
  test("tells the age of every source, and why one is not fresh", async () => {
    const { user } = await openConsole("/environments");
    await user.click(await screen.findByRole("button", { name: /Freshness: AWS stale or partial/ }));
    const told = await screen.findByRole("dialog", { name: "Freshness of the sources" });
    expect(within(told).getByText(/2 of 6 scopes failed/)).toBeTruthy();
    expect(within(told).getByText(/ExpiredToken: the security token/)).toBeTruthy();
  });

  test("counts what waits for me, and leads to every screen that exists", async () => {
    await openConsole("/environments");
    const rail = await screen.findByRole("navigation", { name: "Screens" });
    expect(await within(rail).findByRole("link", { name: "Promotions needs me: 4" })).toBeTruthy();
    expect(within(rail).getAllByRole("link").map((link) => link.title)).toEqual(["Environments", "Compare", "Promotions", "Audit", "Settings"]);
  });

  test("light and dark are one press apart, and remembered", async () => {
    const { user } = await openConsole("/environments");
    const before = document.documentElement.dataset["theme"];
    await user.click(await screen.findByRole("button", { name: /Use (light|dark) colours/ }));
    expect(document.documentElement.dataset["theme"]).not.toBe(before);
    expect(localStorage.getItem("interlock.preferences")).toContain(document.documentElement.dataset["theme"] ?? "?");
  });

  test("an address that leads nowhere says so", async () => {
    await openConsole("/nowhere");
    expect(await screen.findByRole("heading", { name: "No such place" })).toBeTruthy();
  });
});

describe("the ledger", () => {
  test("says whether it holds together, is filtered, and shows exact statements", async () => {
    const { user } = await openConsole("/audit");
    expect(await screen.findByText(/entries hold together/)).toBeTruthy();
    await user.type(screen.getByRole("searchbox", { name: "Filter entries" }), "mensajes");
    const entry = await screen.findByRole("button", { name: /approved manifest .*Mensajes revisados/ });
    await waitFor(() => expect(screen.getAllByRole("button", { expanded: false, name: /\d+/ }).length).toBeGreaterThan(0));
    await user.click(entry);
    expect(await screen.findByText(/"predicateType": "interlock\/approval\/v1"/)).toBeTruthy();
  });

  test("an entry that does not count says why", async () => {
    await openConsole("/audit?kind=rejection");
    expect(await screen.findByText(/ignored: a second decision of the same person/)).toBeTruthy();
  });
});

describe("keys", () => {
  test("are listed when a question mark is pressed, and Escape gives the focus back", async () => {
    const { user } = await openConsole("/environments");
    const opener = await screen.findByRole("button", { name: "Differences" });
    opener.focus();
    await user.keyboard("?");
    const dialog = await screen.findByRole("dialog", { name: "Keys" });
    expect(within(dialog).getByText("promote into the cell, or say why not")).toBeTruthy();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement).toBe(opener));
  });

  test("are letters while somebody types", async () => {
    const { user } = await openConsole("/environments");
    const field = await screen.findByRole<HTMLInputElement>("searchbox", { name: "Filter services" });
    await user.type(field, "/?");
    await waitFor(() => expect(field.value).toBe("/?"));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("do not leave a list that is open above the changes", async () => {
    const { user } = await openConsole("/compare?service=payments-api&left=prod&right=qa");
    await screen.findByRole("tab", { name: /Infrastructure/, selected: true });
    await user.click(await screen.findByRole("button", { name: /Left side: environment/ }));
    await screen.findByRole("option", { name: "prod" });
    await user.keyboard("n");
    expect(document.activeElement?.closest("[data-change]")).toBeNull();
    expect(screen.getByRole("option", { name: "prod" })).toBeTruthy();
  });

  test("the content is one press away from the top", async () => {
    const { user } = await openConsole("/settings");
    await user.click(await screen.findByRole("button", { name: "Go to the content" }));
    expect(document.activeElement?.tagName).toBe("MAIN");
  });
});

describe("settings", () => {
  test("show what each system says, and test every connection with hints", async () => {
    const { user } = await openConsole("/settings");
    expect((await screen.findAllByText("known as Ana Ruiz")).length).toBe(6);
    await user.click(screen.getByRole("button", { name: "Test every connection" }));
    expect(await screen.findByText(/GitLab at .*nothing listens there/)).toBeTruthy();
    expect(screen.getByText("2 connections do not work")).toBeTruthy();
    expect(screen.getByText(/aws sso login/)).toBeTruthy();
  });

  test("say when the systems disagree about who I am", async () => {
    await openConsole("/settings", { scene: "mismatch" });
    expect((await screen.findByRole("alert")).textContent).toContain("The systems disagree about who you are");
  });
});
