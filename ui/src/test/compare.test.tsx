import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openConsole } from "./console";

const address = "/compare?service=payments-api&left=prod&right=qa";

test("expected differences are folded away, and unknown ones are said to be unknown", async () => {
  const { user } = await openConsole(address);
  expect(await screen.findByText("nodejs22.x")).toBeTruthy();
  const fold = screen.getByText(/2 expected differences, explained/).closest("details");
  expect(fold?.open).toBe(false);
  expect(screen.getByText("cannot be compared")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Everything" }));
  await waitFor(() => expect(screen.getByText(/2 expected differences, explained/).closest("details")?.open).toBe(true));
});

test("n and p walk over the changes", async () => {
  const { user } = await openConsole(address);
  await screen.findByText("nodejs22.x");
  await user.keyboard("n");
  await waitFor(() => expect(document.activeElement?.textContent).toContain("PaymentsRole"));
  await user.keyboard("nnp");
  await waitFor(() => expect(document.activeElement?.textContent).toContain("PaymentsApiDeployment4f1"));
});

test("what to decide first stands first, and leads to its resource", async () => {
  const { user } = await openConsole(address);
  const dangers = await screen.findByRole("group", { name: "Two things to decide before anything else" });
  expect(within(dangers).getByText("Access broadened")).toBeTruthy();
  await user.click(within(dangers).getByRole("button", { name: "PaymentsRole" }));
  await waitFor(() => expect(document.activeElement?.textContent).toContain("PaymentsRoleAWS::IAM::Role"));
  const names = [...document.querySelectorAll("details.res[open] > summary b")].map((name) => name.textContent);
  expect(names.slice(0, 3)).toEqual(["PaymentsRole", "PaymentsApiDeployment4f1", "PaymentsFn"]);
});

test("services are counted, chosen by keyboard, and stand in the address", async () => {
  const { user, router } = await openConsole(address);
  const tree = await screen.findByRole("navigation", { name: "Services" });
  const [own] = await within(tree).findAllByRole("button", { name: /^payments-api 2 to decide first 1 removed 2 changed 2 added/ });
  own?.focus();
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{Enter}");
  await waitFor(() => expect(router.state.location.search).toMatchObject({ service: "transfers" }));
});

test("a side that cannot be read is not compared, and says why", async () => {
  await openConsole("/compare?service=edge-waf&left=prod&right=qa");
  expect((await screen.findAllByText(/AccessDenied/)).length).toBeGreaterThan(0);
  expect(screen.queryByText("Both sides mean the same.")).toBeNull();
  // What is not known is not counted as different either.
  expect(screen.getByText(/^\d+ of \d+ differ, 1 not known$/)).toBeTruthy();
});

test("equal sides are said to be equal", async () => {
  await openConsole("/compare?service=users-pool&left=prod&right=qa");
  expect(await screen.findByText("Both sides mean the same.")).toBeTruthy();
});

test("variables: unexpected ones first, masked ones stay masked", async () => {
  const { user } = await openConsole(`${address}&tab=variables`);
  const table = await screen.findByRole("table");
  const keys = () => within(table).getAllByRole("rowheader").map((cell) => cell.textContent);
  expect(keys()).toEqual(["ReservedConcurrency", "DailyQueueAlarm", "ApiKey"]);
  expect(within(table).getAllByText("hidden").length).toBe(2);
  await user.click(screen.getByRole("button", { name: "Everything" }));
  await waitFor(() => expect(keys().length).toBe(7));
});

test("a side may be a Git revision with an environment's variables", async () => {
  const { user, router } = await openConsole(address);
  await user.click(await screen.findByRole("button", { name: /now Right side: point/ }));
  await user.click(await screen.findByRole("option", { name: /at revision/ }));
  await user.type(await screen.findByRole("textbox", { name: "Right side: commit, tag or branch" }), "v9.3.1{Enter}");
  await waitFor(() => expect(router.state.location.search).toMatchObject({ right: "v9.3.1@qa" }));
  expect((await screen.findAllByText("v9.3.1 for qa")).length).toBeGreaterThan(0);
});

test("a side may be a past time", async () => {
  const { user, router } = await openConsole(address);
  await user.click(await screen.findByRole("button", { name: /now Right side: point/ }));
  await user.click(await screen.findByRole("option", { name: /at a time/ }));
  const time = await screen.findByLabelText("Right side: time");
  await user.type(time, "2026-11-20T18:00");
  await user.type(time, "{Enter}");
  await waitFor(() => expect(String(router.state.location.search.right)).toMatch(/^qa@2026-11-2\dT\d\d:00:00\.000Z$/));
  expect((await screen.findAllByText(/^qa at 2026-11-2/)).length).toBeGreaterThan(0);
});

test("a side may be a change set that waits", async () => {
  const { user, router } = await openConsole("/compare?service=payments-api&left=prod&right=prod");
  await user.click(await screen.findByRole("button", { name: /now Right side: point/ }));
  await user.click(await screen.findByRole("option", { name: /with change set/ }));
  await user.click(await screen.findByRole("button", { name: /Right side: change set/ }));
  await user.click(await screen.findByRole("option", { name: /payments-alarms-prod/ }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ right: "arn:aws:cloudformation:us-east-1:333333333333:changeSet/ilk-pr-1-r1/1@prod" }));
});

test("a side may be files of this computer, which the address only counts", async () => {
  const { user, router } = await openConsole("/compare?service=payments-api&left=prod&right=prod");
  await user.click(await screen.findByRole("button", { name: /now Right side: point/ }));
  await user.click(await screen.findByRole("option", { name: /with files/ }));
  const input = await screen.findByLabelText<HTMLInputElement>("Right side: files");
  await user.upload(input, [new File(["Resources: {}"], "payments-api.yaml"), new File(["{}"], "payments-api.json")]);
  await waitFor(() => expect(String(router.state.location.search.right)).toMatch(/^files:\d+@prod$/));
  expect((await screen.findAllByText("prod with payments-api.yaml, payments-api.json")).length).toBeGreaterThan(0);
  expect((await screen.findByRole("button", { name: /Right side: choose other files/ })).textContent).toContain("payments-api.yaml");
  await user.upload(await screen.findByLabelText("Right side: files"), new File([new Uint8Array([0xff, 0xfe])], "broken.yaml"));
  expect((await screen.findByRole("alert")).textContent).toBe("A file cannot be read as UTF-8 text.");
});

test("variables over all environments: what is wrong with a key is said", async () => {
  const { user } = await openConsole(`${address}&tab=variables`);
  await user.click(await screen.findByRole("button", { name: "All environments" }));
  const keys = () => screen.getAllByRole("rowheader").map((cell) => cell.textContent);
  await waitFor(() => expect(keys()).toEqual(["Timeout", "Feature", "Spare", "Tablename", "Limit", "PartnerApiKey"]));
  expect(screen.getByText("undefined in the document of qa")).toBeTruthy();
  expect(screen.getByText("no template uses it")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Everything" }));
  await waitFor(() => expect(keys().length).toBe(8));
});

test("the way to a promotion is there, and a refused one says why", async () => {
  const { user } = await openConsole(address);
  await user.click(await screen.findByRole("button", { name: "Promote qa to prod" }));
  expect(await screen.findByRole("alertdialog", { name: "Promote payments-api from qa to prod" })).toBeTruthy();
});

test("an entry leads to its line in the template", async () => {
  const { user, router } = await openConsole(address);
  await user.click(await screen.findByRole("button", { name: "Open the template of PaymentsRole at line 41" }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ tab: "raw", at: "payments-api@right:41" }));
  expect(await screen.findByRole("region", { name: "Templates side by side" })).toBeTruthy();
});

test("raw texts are shown side by side", async () => {
  await openConsole(`${address}&tab=raw`);
  expect(await screen.findByRole("region", { name: "Templates side by side" })).toBeTruthy();
  expect(screen.getByText(/1 was replaced on the left/)).toBeTruthy();
});

test("a commit tells on demand which environments have it", async () => {
  const { user } = await openConsole(`${address}&tab=commits`);
  const [where] = await screen.findAllByRole("button", { name: /^Where / });
  if (!where) throw new Error("no commit can be asked for");
  await user.click(where);
  const places = await screen.findByRole("status", { name: /^Environments with / });
  await waitFor(() => expect(places.textContent).toContain("prod has it not"));
  expect(places.textContent).toContain("dev has it");
  await user.click(where);
  await waitFor(() => expect(screen.queryByRole("status", { name: /^Environments with / })).toBeNull());
});
