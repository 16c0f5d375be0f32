import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openConsole } from "./console";

const button = (name: string | RegExp) => screen.findByRole("button", { name });

test("a promotion brings several services that go together, from one cell or from a whole environment", async () => {
  const { user, unmount } = await openConsole("/environments?service=customer-portal&environment=qa");
  await user.click(await button("Promote 4.18.2 to qa"));
  const dialog = await screen.findByRole("alertdialog");
  const together = within(dialog).getByRole("group", { name: "Services that go together" });
  const boxes = within(together).getAllByRole<HTMLInputElement>("checkbox").slice(1);
  expect(boxes.filter((box) => box.checked)).toHaveLength(1);
  const other = boxes.find((box) => !box.checked && !box.disabled);
  if (!other) throw new Error("no other service differs");
  const name = other.closest("label")?.querySelector("span")?.textContent ?? "";
  await user.click(other);
  await user.click(await button("Prepare promotion to qa"));
  const order = await screen.findByRole("list", { name: "Order of delivery" });
  expect(within(order).getAllByRole("listitem").map((item) => item.textContent?.replace(/^\d+\. (\S+) .*/, "$1")).toSorted()).toEqual(["customer-portal", name].toSorted());
  for (const service of ["customer-portal", name]) expect(await screen.findByRole("list", { name: `Gates of ${service}` })).toBeTruthy();
  unmount();

  const whole = await openConsole("/environments");
  await whole.user.click(await button(/^Promote what dev runs to qa/));
  const all = await screen.findByRole("alertdialog");
  const chosen = within(all).getAllByRole<HTMLInputElement>("checkbox").slice(1).filter((box) => box.checked);
  expect(chosen.length).toBeGreaterThan(1);
  expect(chosen.every((box) => !box.disabled)).toBe(true);
  expect(within(all).getByRole("heading").textContent).toBe(`Promote ${chosen.length} services from dev to qa`);
});
