// Routes: the address is the view, so back, forward and copied links work.
import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { Failure, NowhereScreen } from "./features/frame/Failure";
import { AuditScreen } from "./features/audit/AuditScreen";
import { CompareScreen } from "./features/compare/CompareScreen";
import { EnvironmentsScreen } from "./features/environments/EnvironmentsScreen";
import { Frame } from "./features/frame/Frame";
import { PromotionScreen } from "./features/promotions/PromotionScreen";
import { PromotionsScreen } from "./features/promotions/PromotionsScreen";
import { SettingsScreen } from "./features/settings/SettingsScreen";
import { bringBack } from "./lastview";
import {
  compareTabs, densities, one, promotionTabs, shows, text, views,
  type AuditSearch, type CompareSearch, type EnvironmentsSearch, type PromotionSearch, type PromotionsSearch,
} from "./search";

const root = createRootRoute({ component: Frame, notFoundComponent: NowhereScreen });

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
    density: one(densities, search["density"]),
    service: text(search["service"]),
    environment: text(search["environment"]),
  }),
});

export const compareRoute = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  component: CompareScreen,
  validateSearch: (search: Record<string, unknown>): CompareSearch => ({
    team: text(search["team"]),
    service: text(search["service"]),
    left: text(search["left"]),
    right: text(search["right"]),
    tab: one(compareTabs, search["tab"]),
    show: one(shows, search["show"]),
    at: text(search["at"]),
  }),
});

export const promotionsRoute = createRoute({
  getParentRoute: () => root,
  path: "/promotions",
  component: PromotionsScreen,
  validateSearch: (search: Record<string, unknown>): PromotionsSearch => ({ team: text(search["team"]) }),
});

export const promotionRoute = createRoute({
  getParentRoute: () => root,
  path: "/promotions/$id",
  component: PromotionScreen,
  validateSearch: (search: Record<string, unknown>): PromotionSearch => ({ tab: one(promotionTabs, search["tab"]) }),
});

export const auditRoute = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  component: AuditScreen,
  validateSearch: (search: Record<string, unknown>): AuditSearch => ({ filter: text(search["filter"]), kind: text(search["kind"]) }),
});

const settingsRoute = createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsScreen });

export const routeTree = root.addChildren([
  home, environmentsRoute, compareRoute, promotionsRoute, promotionRoute, auditRoute, settingsRoute,
]);

// Before the history reads the address.
bringBack();
export const router = createRouter({ routeTree, history: createHashHistory(), defaultErrorComponent: Failure });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
