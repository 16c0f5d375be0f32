// Routes: the address is the view, so back, forward and copied links work.
import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { AuditScreen } from "./features/audit/AuditScreen";
import { CompareScreen } from "./features/compare/CompareScreen";
import { EnvironmentsScreen } from "./features/environments/EnvironmentsScreen";
import { Frame } from "./features/frame/Frame";
import { PromotionScreen } from "./features/promotions/PromotionScreen";
import { PromotionsScreen } from "./features/promotions/PromotionsScreen";
import { SettingsScreen } from "./features/settings/SettingsScreen";

export const views = ["all", "differences", "needs-me", "failed", "drifted"] as const;
export type View = (typeof views)[number];
export const compareTabs = ["infrastructure", "variables", "commits", "raw"] as const;
export type CompareTab = (typeof compareTabs)[number];

export type EnvironmentsSearch = { filter?: string; team?: string; view?: View; service?: string; environment?: string };
export type CompareSearch = { service?: string; left?: string; right?: string; tab?: CompareTab };

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const one = <T extends string>(list: readonly T[], value: unknown) => list.find((item) => item === value);

const root = createRootRoute({ component: Frame });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/environments" });
  },
});

export const environmentsRoute = createRoute({
  getParentRoute: () => root,
  path: "/environments",
  component: EnvironmentsScreen,
  validateSearch: (search: Record<string, unknown>): EnvironmentsSearch => ({
    filter: text(search["filter"]),
    team: text(search["team"]),
    view: one(views, search["view"]),
    service: text(search["service"]),
    environment: text(search["environment"]),
  }),
});

export const compareRoute = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  component: CompareScreen,
  validateSearch: (search: Record<string, unknown>): CompareSearch => ({
    service: text(search["service"]),
    left: text(search["left"]),
    right: text(search["right"]),
    tab: one(compareTabs, search["tab"]),
  }),
});

const promotionsRoute = createRoute({ getParentRoute: () => root, path: "/promotions", component: PromotionsScreen });
export const promotionRoute = createRoute({
  getParentRoute: () => root,
  path: "/promotions/$id",
  component: PromotionScreen,
});
const auditRoute = createRoute({ getParentRoute: () => root, path: "/audit", component: AuditScreen });
const settingsRoute = createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsScreen });

export const routeTree = root.addChildren([
  home, environmentsRoute, compareRoute, promotionsRoute, promotionRoute, auditRoute, settingsRoute,
]);

export const router = createRouter({ routeTree, history: createHashHistory() });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
