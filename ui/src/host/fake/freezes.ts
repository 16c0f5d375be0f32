// The freezes ahead: every weekend in prod, and the year's end.
import type { FreezeAheadView, FreezesRequest, FreezesView } from "../../contract";
import { scene } from "./scene";
import { weekend } from "./time";

const WEEK = 7 * 24 * 3_600_000;
const ZONE = "America/Bogota";
/** How long nineteen of twenty promotions took. */
const SECONDS = 1_140;

const there = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

function ahead(starts: number, ends: number): FreezeAheadView {
  const now = Date.now();
  const words = (at: number) => there.format(at).replaceAll(",", "");
  return {
    name: "weekend", source: `policy.toml:41, clock of ${ZONE}`, holds: starts <= now && now < ends, starts: new Date(starts).toISOString(), ends: new Date(ends).toISOString(),
    zone: ZONE, startsThere: words(starts), endsThere: words(ends),
  };
}

export function freezesOf({ environment, service }: FreezesRequest): FreezesView {
  const first = weekend(scene() === "frozen");
  const [starts, ends] = [Date.parse(first.starts), Date.parse(first.ends)];
  const freezes = environment === "prod" ? [0, 1, 2].map((weeks) => ahead(starts + weeks * WEEK, ends + weeks * WEEK)) : [];
  const over = Date.now() + SECONDS * 1_000;
  const into = freezes.find((freeze) => !freeze.holds && over > Date.parse(freeze.starts))?.name ?? null;
  return {
    environment, service, now: new Date().toISOString(), freezes,
    forecast: service === null ? null : {
      text: `Started now it would run into ${into ? `freeze \`${into}\`` : "no freeze"}: 95 % of past runs took at most 19m (n = 14)`,
      seconds: SECONDS, runs: 14, over: new Date(over).toISOString(), runsInto: into,
    },
  };
}
