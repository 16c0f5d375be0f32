// What the palette offers.
import { ArrowRight, GitCompare, Keyboard, LayoutGrid, Moon, RefreshCw, Rocket, Rows3, ScrollText, Settings, Sun, User, type LucideIcon } from "lucide-react";
import type { EstateView, PromotionsView } from "../../contract";

/** Where an entry leads or what it does; the palette itself knows how. */
export type Target =
  | { to: "cell"; service: string; environment: string }
  | { to: "compare"; service?: string; left?: string; right?: string }
  | { to: "promotion"; id: string }
  | { to: "screen"; path: "/environments" | "/promotions" | "/audit" | "/settings" }
  | { to: "refresh" }
  | { to: "keys" }
  | { to: "theme"; theme: "dark" | "light" }
  | { to: "density"; density: "compact" | "comfortable" }
  | { to: "person"; person: string };

export type Entry = { id: string; group: string; label: string; detail: string; icon: LucideIcon; target: Target };
export type Looks = { theme: "dark" | "light"; density: "compact" | "comfortable" };

export function entriesOf(estate: EstateView | undefined, promotions: PromotionsView | undefined, looks: Looks): Entry[] {
  const list: Entry[] = [];
  const add = (group: string, icon: LucideIcon, label: string, detail: string, target: Target) =>
    list.push({ id: `${group} ${label}`, group, icon, label, detail, target });
  const environments = estate?.environments ?? [];
  const last = environments.at(-1)?.name;
  for (const promotion of promotions?.promotions ?? []) {
    if (promotion.group === "done") continue;
    add("Promotions", Rocket, `${promotion.id} ${promotion.services.join(" ")}`, `${promotion.from} to ${promotion.to}, ${promotion.state}`, { to: "promotion", id: promotion.id });
  }
  for (const service of estate?.services ?? []) {
    if (last) add("Services", ArrowRight, service.name, `${service.group}, ${service.team}`, { to: "cell", service: service.name, environment: last });
  }
  for (const [index, environment] of environments.entries()) {
    const before = environments[index - 1]?.name;
    if (before) add("Environments", GitCompare, `${environment.name} with ${before}`, "compare every service", { to: "compare", left: environment.name, right: before });
  }
  add("Screens", LayoutGrid, "Environments", "home", { to: "screen", path: "/environments" });
  add("Screens", GitCompare, "Compare", "", { to: "compare" });
  add("Screens", Rocket, "Promotions", "inbox", { to: "screen", path: "/promotions" });
  add("Screens", ScrollText, "Audit", "ledger", { to: "screen", path: "/audit" });
  add("Screens", Settings, "Settings", "identities, connections, looks", { to: "screen", path: "/settings" });
  add("Actions", RefreshCw, "Refresh everything", "ask every system again", { to: "refresh" });
  add("Actions", Keyboard, "Show every key", "shortcuts", { to: "keys" });
  const theme = looks.theme === "dark" ? "light" : "dark";
  add("Actions", theme === "dark" ? Moon : Sun, `Use ${theme} colours`, "", { to: "theme", theme });
  const density = looks.density === "compact" ? "comfortable" : "compact";
  add("Actions", Rows3, density === "compact" ? "Compact rows" : "Comfortable rows", "", { to: "density", density });
  for (const person of estate?.people ?? []) add("Actions", User, `Act as ${person.name}`, person.role, { to: "person", person: person.id });
  for (const service of estate?.services ?? []) {
    const before = environments.at(-2)?.name;
    if (last && before) add("Compare", GitCompare, `Compare ${service.name}`, `${last} with ${before}`, { to: "compare", service: service.name, left: last, right: before });
  }
  for (const promotion of promotions?.promotions ?? []) {
    if (promotion.group === "done") add("Past promotions", Rocket, `${promotion.id} ${promotion.services.join(" ")}`, `${promotion.from} to ${promotion.to}, ${promotion.state}`, { to: "promotion", id: promotion.id });
  }
  return list;
}
