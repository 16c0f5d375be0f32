// Opens the console at an address, on a bank of its own.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { host } from "#host";
import { reopen } from "../host/fake";
import { setScene, type Scene } from "../host/fake/scene";
import { Failure } from "../features/frame/Failure";
import { routeTree } from "../router";

type Options = {
  /** Who sits at the window. */
  person?: string;
  scene?: Scene;
  /** Goes on with the bank of the console before, as a second desktop would. */
  sameBank?: boolean;
  /** How long preparing and refreshing take, in milliseconds. */
  patience?: number;
};

export async function openConsole(address: string, { person = "a.ruiz", scene = "usual", sameBank = false, patience = 20 }: Options = {}) {
  setScene("usual");
  if (!sameBank) reopen(patience);
  await host.call("practice_switch_person", { person });
  setScene(scene);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [address] }), defaultErrorComponent: Failure });
  const view = render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return { ...view, user: userEvent.setup(), router };
}

export const isDisabled = (element: HTMLElement) =>
  element.getAttribute("aria-disabled") === "true" || (element as HTMLButtonElement).disabled;
