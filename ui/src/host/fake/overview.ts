// The estate and its matrix, from what is deployed and which promotions are open.
import type { CellView, EstateView, OverviewView, PromoteView, RowView, ScopeView, SourceView } from "../../contract";
import { people } from "./people";
import { scene } from "./scene";
import { commitOf, environmentNames, since, type ServiceSpec } from "./services";
import { ago, HOUR, weekend } from "./time";

const regions = ["us-east-1", "sa-east-1"];
const account = (index: number) => `${index + 1}`.repeat(12);

export function estateOf(services: ServiceSpec[]): EstateView {
  const frozen = scene() === "frozen";
  return {
    name: "Andes Bank", practice: true, file: "practice/interlock.toml", people,
    environments: environmentNames.map((name, index) => ({
      name, tier: ["development", "test", "production"][index] ?? "", account: account(index), regions,
      promotesFrom: environmentNames[index - 1] ?? null, approvalsNeeded: index,
      freeze: index === 2 ? { name: "weekend", active: frozen, ...weekend(frozen) } : null,
    })),
    services: services.map(({ name, group, team, via }) => ({ name, group, team, via })),
  };
}

export type OpenPromotion = { id: string; service: string; to: string; label: string };

function promoteOf(spec: ServiceSpec, index: number, open: OpenPromotion[]): PromoteView {
  const to = environmentNames[index];
  const from = environmentNames[index - 1];
  if (!to || !from) return { state: "none" };
  const already = open.find((item) => item.service === spec.name && item.to === to);
  if (already) return { state: "open", promotion: already.id, label: already.label };
  const [left, here] = [spec.cells[index - 1], spec.cells[index]];
  if (!left || !here || left.version === null || left.version === here.version) return { state: "none" };
  const reasons = to === "prod" ? [...(spec.refused ?? [])] : [];
  if (scene() === "frozen" && to === "prod") reasons.unshift({ text: "prod is frozen (weekend) until Monday 06:00", link: null });
  if (left.tone === "running") reasons.push({ text: `${from} is still deploying ${left.version}`, link: null });
  if (left.tone === "bad") reasons.push({ text: `${left.version} was rolled back in ${from}`, link: null });
  if (here.tone === "unknown") reasons.push({ text: `it is not known what runs in ${to}`, link: null });
  return reasons.length > 0 ? { state: "refused", from, reasons } : { state: "allowed", from, version: left.version };
}

function cellOf(spec: ServiceSpec, index: number, open: OpenPromotion[]): CellView {
  const { minutes: _, ...deployed } = spec.cells[index] ?? { version: null, minutes: 0 };
  const left = spec.cells[index - 1];
  const stale = scene() === "stale" && deployed.version !== null;
  const cell: CellView = {
    environment: environmentNames[index] ?? "", tone: "ok", status: "stable", lastGood: null, markers: [], reason: null,
    commit: deployed.version && commitOf(spec.name, deployed.version), since: since({ ...deployed, minutes: spec.cells[index]?.minutes ?? 0 }),
    sameAsLeft: left !== undefined && left.version === deployed.version, promote: promoteOf(spec, index, open), ...deployed,
  };
  return stale && cell.tone === "ok" ? { ...cell, tone: "unknown", status: "last known", reason: "not asked since 3 h" } : cell;
}

function rowOf(spec: ServiceSpec, open: OpenPromotion[]): RowView {
  const versions = new Set(spec.cells.map((cell) => cell.version));
  return {
    service: spec.name, group: spec.group, team: spec.team, differs: versions.size > 1 || spec.cells.some((cell) => cell.tone === "unknown"),
    cells: environmentNames.map((_, index) => cellOf(spec, index, open)),
  };
}

/** As many services as wanted, for scrolling. */
export function manyRows(rows: RowView[], count: number): RowView[] {
  return Array.from({ length: count }, (_, index) => ({
    ...(rows[index % rows.length] as RowView), service: `service-${String(index + 1).padStart(4, "0")}`, group: `Group ${Math.floor(index / 40) + 1}`,
  }));
}

function sources(): SourceView[] {
  switch (scene()) {
    case "first":
      return ["AWS", "Jenkins", "SonarQube", "GitLab"].map((system) => ({ system, tone: "unknown", state: "never asked", at: null, reason: "not asked yet" }));
    case "stale":
      return ["AWS", "Jenkins", "SonarQube", "GitLab"].map((system) => ({ system, tone: "waiting", state: "stale", at: ago(3 * HOUR), reason: "not asked for more than 15 minutes" }));
    default:
      return [
        { system: "AWS", tone: "waiting", state: "partly unreachable", at: ago(0.7), reason: "2 of 6 scopes failed: AccessDenied, ExpiredToken" },
        { system: "Jenkins", tone: "ok", state: "fresh", at: ago(0.2), reason: null },
        { system: "SonarQube", tone: "waiting", state: "stale", at: ago(26), reason: "not asked for more than 15 minutes" },
        { system: "GitLab", tone: "ok", state: "fresh", at: ago(1), reason: null },
      ];
  }
}

function scopes(): ScopeView[] {
  return environmentNames.flatMap((environment, index) => regions.map((region): ScopeView => {
    const base = { environment, account: account(index), region, stacks: region === "us-east-1" ? 14 : 4 };
    if (scene() === "first") return { ...base, stacks: 0, tone: "unknown", at: null, reason: "not asked yet" };
    if (scene() === "stale") return { ...base, tone: "waiting", at: ago(3 * HOUR), reason: "not asked for more than 15 minutes" };
    if (environment === "prod" && region === "sa-east-1") return { ...base, tone: "waiting", at: ago(2 * HOUR), reason: "ExpiredToken: the security token included in the request is expired" };
    return { ...base, tone: "ok", at: ago(0.7), reason: null };
  }));
}

export function overviewOf(services: ServiceSpec[], open: OpenPromotion[], refreshing: boolean): OverviewView {
  const first = scene() === "first";
  const rows = services.map((spec) => rowOf(first ? unseen(spec) : spec, open));
  return {
    takenAt: first ? null : scene() === "stale" ? ago(3 * HOUR) : ago(0.7), refreshing, sources: sources(), scopes: scopes(),
    rows: scene() === "large" ? manyRows(rows, 2_000) : rows,
    unclaimed: [],
  };
}

function unseen(spec: ServiceSpec): ServiceSpec {
  const cell = { version: null, minutes: 0, tone: "unknown" as const, status: "unknown", reason: "not asked yet" };
  return { ...spec, cells: [cell, cell, cell] };
}
