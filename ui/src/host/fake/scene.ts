// What the bank looks like today, chosen when the page is opened: `/?scene=stale#/environments`.
// Every state that a screen can be in is reached through one of these, in the dev server as in tests.
import type { CommandName } from "../host";

const scenes = [
  "usual", // a believable day
  "first", // nothing was ever observed
  "frozen", // the weekend's freeze holds
  "stale", // every source is old or silent
  "large", // 2,000 services
  "loading", // nothing answers
  "failing", // every question but the estate fails
  "broken", // the estate file cannot be read
  "mismatch", // systems disagree about who I am
] as const;
export type Scene = (typeof scenes)[number];

function fromAddress(): Scene {
  const wanted = new URLSearchParams(location.search).get("scene");
  // Taken out of the address: the router would take it for a part of the view.
  if (wanted) history.replaceState(null, "", location.pathname + location.hash);
  return scenes.find((name) => name === wanted) ?? "usual";
}

let chosen = fromAddress();

export const scene = () => chosen;
export const setScene = (name: Scene) => {
  chosen = name;
};

/** Commands that fail in the scene "failing": everything that asks a system. */
export const failing: CommandName[] = [
  "overview_view", "cell_view", "comparison_summary", "comparison_view", "promotions_view", "promotion_view", "audit_view", "identity_view",
];
