// A small believable bank for development and tests: states, not numbers, are what matters here.
import type { CellView, EstateView, IdentityView, MarkerView, OverviewView, PersonView, PromoteView, RowView, StackView, Tone } from "../../contract";

export const NOW = Date.parse("2026-11-23T14:00:00Z");
export const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

export const people: PersonView[] = [
  { id: "s.lara", name: "Sofía Lara", role: "developer" },
  { id: "d.mora", name: "Diego Mora", role: "lead" },
  { id: "a.ruiz", name: "Ana Ruiz", role: "release manager" },
  { id: "l.prado", name: "Luis Prado", role: "release manager" },
];

type Spec = {
  service: string; group: string; team: string; versions: [string, string, string | null];
  prod?: Partial<CellView>; qa?: Partial<CellView>; dev?: Partial<CellView>;
};

const mark = (kind: MarkerView["kind"], tone: Tone, label: string): MarkerView => ({ kind, tone, label, detail: `${label}, in a sentence` });
const refused = (text: string): PromoteView => ({ state: "refused", from: "qa", reasons: [{ text, link: null }] });

const specs: Spec[] = [
  { service: "customer-portal", group: "Channels", team: "web-channels", versions: ["4.18.2", "4.18.0", "4.16.1"], prod: { markers: [mark("behind", "neutral", "11 behind")] } },
  { service: "users-pool", group: "Channels", team: "identity", versions: ["2.7.0", "2.7.0", "2.7.0"] },
  { service: "mobile-bff", group: "Channels", team: "web-channels", versions: ["1.44.0", "1.43.2", "1.43.2"], dev: { tone: "running", status: "deploying" } },
  { service: "payments-api", group: "Payments", team: "payments", versions: ["9.3.1", "9.3.1", "9.1.4"], prod: { tone: "drift", status: "drifted", markers: [mark("behind", "neutral", "14 behind"), mark("drift", "drift", "drift")] } },
  { service: "transfers", group: "Payments", team: "payments", versions: ["5.2.0", "5.2.0", "5.1.9"], qa: { markers: [mark("gate", "bad", "gate")] }, prod: { promote: refused("the quality gate failed: new_coverage") } },
  { service: "cards", group: "Cards", team: "cards", versions: ["3.0.0", "2.9.7", "2.9.7"] },
  { service: "fraud-scoring", group: "Risk", team: "risk", versions: ["7.7.1", "7.7.1", "7.7.1"] },
  { service: "statements", group: "Accounts", team: "accounts", versions: ["2.2.0", "2.1.8", "2.1.8"], dev: { tone: "bad", status: "rolled back", lastGood: "2.1.8", markers: [mark("build", "bad", "build failed")], reason: "the last update of statements-dev was rolled back" } },
  { service: "transactions-table", group: "Platform", team: "data", versions: ["1.12.0", "1.12.0", "1.11.0"], prod: { promote: { state: "open", promotion: "PR-TABLE1", label: "waiting for approval" } } },
  { service: "notifications", group: "Platform", team: "platform", versions: ["6.4.3", "6.4.3", "6.4.2"], prod: { promote: { state: "open", promotion: "PR-RUN777", label: "running" }, tone: "running", status: "deploying" } },
  { service: "edge-waf", group: "Platform", team: "security", versions: ["1.3.0", "1.3.0", null], prod: { tone: "unknown", status: "unknown", reason: "AccessDenied: InterlockReader may not call cloudformation:DescribeStacks" } },
];

const environments = ["dev", "qa", "prod"] as const;

function cell(spec: Spec, index: number): CellView {
  const version = spec.versions[index] ?? null;
  const left = index > 0 ? spec.versions[index - 1] ?? null : null;
  const environment = environments[index] ?? "dev";
  const same = index > 0 && version === left;
  const promote: PromoteView = index === 0 || same || version === null ? { state: "none" } : { state: "allowed", from: environments[index - 1] ?? "dev", version: left };
  return {
    environment, tone: "ok", status: "stable", version, commit: version && `8c41d0e51be902a0${index}`, since: ago(60 * (index * 30 + 3)),
    lastGood: null, sameAsLeft: same, markers: [], reason: null, promote, ...spec[environment],
  };
}

export const rows: RowView[] = specs.map((spec) => ({
  service: spec.service, group: spec.group, team: spec.team,
  differs: new Set(spec.versions).size > 1 || environments.some((name) => spec[name]?.tone !== undefined),
  cells: environments.map((_, index) => cell(spec, index)),
}));

/** As many services as wanted, for scrolling. */
export function manyRows(count: number): RowView[] {
  return Array.from({ length: count }, (_, index) => ({
    ...(rows[index % rows.length] as RowView), service: `service-${index}`, group: `Group ${Math.floor(index / 40)}`,
  }));
}

export const estate: EstateView = {
  name: "Andes Bank", practice: true, file: "practice/interlock.toml", people,
  environments: environments.map((name, index) => ({
    name, tier: ["development", "test", "production"][index] ?? "", account: `${index + 1}`.repeat(12), regions: ["us-east-1", "sa-east-1"],
    promotesFrom: environments[index - 1] ?? null, approvalsNeeded: index, freeze: index === 2
      ? { name: "weekend", active: false, starts: "2026-11-27T23:00:00Z", ends: "2026-11-30T11:00:00Z" } : null,
  })),
  services: rows.map((row) => ({ name: row.service, group: row.group, team: row.team, via: row.service === "notifications" ? "jenkins" : "cloudformation" })),
};

export const overview: OverviewView = {
  takenAt: ago(1), refreshing: false, rows, unclaimed: [],
  sources: [
    { system: "AWS", tone: "waiting", state: "partly unreachable", at: ago(1), reason: "1 of 6 questions failed: AccessDenied" },
    { system: "Jenkins", tone: "ok", state: "fresh", at: ago(1), reason: null },
    { system: "SonarQube", tone: "waiting", state: "stale", at: ago(26), reason: "not asked for more than 15 minutes" },
    { system: "GitLab", tone: "bad", state: "unreachable", at: null, reason: "connection refused" },
  ],
  scopes: environments.flatMap((environment, index) => ["us-east-1", "sa-east-1"].map((region) => ({
    environment, account: `${index + 1}`.repeat(12), region, stacks: 6, at: ago(1),
    tone: environment === "prod" && region === "sa-east-1" ? "bad" as const : "ok" as const,
    reason: environment === "prod" && region === "sa-east-1" ? "AccessDenied" : null,
  }))),
};

export function identity(person: PersonView): IdentityView {
  return {
    person: person.id, name: person.name, role: person.role, mismatch: null,
    identities: ["AWS dev", "AWS prod", "Jenkins", "SonarQube", "GitLab"].map((system) => ({ system, name: person.id, tone: "ok", detail: `known as ${person.name}` })),
  };
}

export function stack(service: string, environment: string): StackView {
  return {
    name: `${service}-${environment}`, environment, region: "us-east-1", status: "UPDATE_COMPLETE", tone: "ok", statusReason: null,
    updatedAt: ago(90), parent: null, drift: "NOT_CHECKED", driftAt: null,
    outputs: [{ key: "ApiUrl", value: "https://api.example", note: "exported as payments-url" }],
    parameters: [{ key: "Secret", value: null, note: "hidden by AWS (NoEcho)" }, { key: "MemorySize", value: "1024", note: null }],
    tags: [{ key: "interlock:version", value: "9.3.1", note: null }],
  };
}
