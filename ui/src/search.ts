// What may stand in the address of each screen.

export const views = ["all", "differences", "needs-me", "failed", "drifted"] as const;
export type View = (typeof views)[number];
export const densities = ["compact", "comfortable"] as const;
export type Density = (typeof densities)[number];
export const compareTabs = ["infrastructure", "variables", "commits", "raw"] as const;
export type CompareTab = (typeof compareTabs)[number];
export const shows = ["unexpected", "everything"] as const;
export type Show = (typeof shows)[number];
export const promotionTabs = ["changes", "gates", "window", "commits", "manifest", "record", "run"] as const;
export type PromotionTab = (typeof promotionTabs)[number];

export type EnvironmentsSearch = {
  filter?: string;
  team?: string;
  view?: View;
  density?: Density;
  service?: string;
  environment?: string;
};
export type CompareSearch = { team?: string; service?: string; left?: string; right?: string; tab?: CompareTab; show?: Show; at?: string };
export type PromotionsSearch = { team?: string };
export type PromotionSearch = { tab?: PromotionTab };
export type AuditSearch = { filter?: string; kind?: string };

export const text = (value: unknown) =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
export const one = <T extends string>(list: readonly T[], value: unknown) => list.find((item) => item === value);
