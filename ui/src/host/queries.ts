// Questions to the host, kept by React Query; events say which to ask again.
import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { host } from "#host";
import type { Commands, ErrorEnvelope, FirstLook, HostEvent } from "../contract";
import { toEnvelope, type CommandName } from "./host";

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: 2_000 } },
});

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: ErrorEnvelope;
  }
}

export async function ask<K extends CommandName>(name: K, request: Commands[K]["request"]): Promise<Commands[K]["response"]> {
  try {
    return await host.call(name, request);
  } catch (thrown) {
    throw toEnvelope(thrown);
  }
}

/** Puts what the window was opened with where the first screen looks for it. It counts as old: it is asked for again. */
export function startFrom(first: FirstLook | undefined, client: QueryClient): void {
  if (!first) return;
  client.setQueryData(["estate_view", {}], first.estate, { updatedAt: 1 });
  client.setQueryData(["overview_view", {}], first.overview, { updatedAt: 1 });
}

/** Asks before anybody shows the answer. */
export function askAhead<K extends CommandName>(name: K, request: Commands[K]["request"]): void {
  void queryClient.prefetchQuery({ queryKey: [name, request], queryFn: () => ask(name, request) });
}

type Options = { every?: number | false; enabled?: boolean; keep?: boolean };

/** Asks a reading command; the same request is asked once for all who want it. */
export function useAsk<K extends CommandName>(name: K, request: Commands[K]["request"], options: Options = {}) {
  return useQuery<Commands[K]["response"], ErrorEnvelope>({
    queryKey: [name, request],
    queryFn: () => ask(name, request),
    refetchInterval: options.every ?? false,
    enabled: options.enabled ?? true,
    ...(options.keep ? { placeholderData: keepPreviousData as never } : {}),
  });
}

export type DriftProgress = Extract<HostEvent, { kind: "drift-progress" }>;

/** Where the progress of a drift detection is kept. */
export const driftKey = (service: string, environment: string) => ["drift-progress", service, environment];

/** Views that a command may have made old. The host's events say the same a little later. */
function touched(name: CommandName): CommandName[] {
  if (name.startsWith("promotion_") || name === "input_answer") return ["promotions_view", "promotion_view", "run_view", "overview_view", "audit_view"];
  if (name === "drift_view") return ["cell_view", "overview_view"];
  if (name === "overview_refresh" || name === "overview_cancel") return ["overview_view", "cell_view"];
  return name === "practice_switch_person" ? stale["identity-changed"] : [];
}

/** A command that changes something. What it answers is put in place of the view it returns. */
export function useAct<K extends CommandName>(name: K, then?: (answer: Commands[K]["response"]) => void) {
  const client = useQueryClient();
  return useMutation<Commands[K]["response"], ErrorEnvelope, Commands[K]["request"]>({
    mutationFn: (request: Commands[K]["request"]) => ask(name, request),
    onSuccess: (answer) => {
      if (name.startsWith("promotion_") && typeof answer === "object" && "summary" in answer) {
        client.setQueryData(["promotion_view", { id: answer.summary.id }], answer);
      }
      if (name === "overview_refresh") client.setQueryData(["overview_view", {}], answer);
      then?.(answer);
    },
    onSettled: () => {
      for (const each of touched(name)) void client.invalidateQueries({ queryKey: [each] });
    },
  });
}

const stale: Record<HostEvent["kind"], CommandName[]> = {
  "overview-progress": [],
  "drift-progress": [],
  "overview-changed": ["overview_view", "cell_view"],
  "promotion-changed": ["promotion_view", "promotions_view", "run_view", "audit_view", "overview_view", "cell_view"],
  "run-changed": ["run_view", "promotions_view"],
  "identity-changed": ["identity_view", "promotions_view", "promotion_view", "overview_view", "cell_view"],
};

/** Asks again for what an event made old. Bursts are gathered. */
export function followHost(client: QueryClient, onProgress: (event: HostEvent) => void): () => void {
  const waiting = new Set<CommandName>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = host.listen((event) => {
    // A refresh that was cancelled ends with a changed overview, and with no last step.
    if (event.kind === "overview-progress" || event.kind === "overview-changed") onProgress(event);
    if (event.kind === "drift-progress") client.setQueryData(driftKey(event.service, event.environment), event);
    for (const name of stale[event.kind]) waiting.add(name);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const name of waiting) void client.invalidateQueries({ queryKey: [name] });
      waiting.clear();
    }, 120);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
