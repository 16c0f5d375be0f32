// The drawer of a cell: facts, drift, commits, stacks and what a promotion would do.
import type { CellDetailView, CellView, FactView, StackView, Tone } from "../../contract";
import { commitsOf } from "./comparison";
import type { ServiceSpec } from "./services";
import { ago, DAY } from "./time";

const fact = (label: string, value: string, more: Partial<FactView> = {}): FactView => ({
  label, value, detail: null, tone: "neutral", at: null, code: false, link: null, ...more,
});

function stackOf(spec: ServiceSpec, name: string, cell: CellView, region = "us-east-1"): StackView {
  const status: [string, Tone] = cell.tone === "running" ? ["UPDATE_IN_PROGRESS", "running"]
    : cell.tone === "bad" ? ["UPDATE_ROLLBACK_COMPLETE", "bad"] : ["UPDATE_COMPLETE", "ok"];
  const drifted = cell.status === "drifted" && name === spec.stacks[0];
  return {
    name: `${name}-${cell.environment}`, environment: cell.environment, region, status: status[0], tone: status[1], statusReason: cell.tone === "bad" ? cell.reason : null,
    updatedAt: cell.since, parent: null, drift: drifted ? "DRIFTED" : "IN_SYNC", driftAt: ago(2 * DAY),
    outputs: [
      { key: "ApiUrl", value: `https://${spec.name}.${cell.environment}.andes.example/v2`, note: `exported as ${spec.name}-url` },
      { key: "FunctionArn", value: `arn:aws:lambda:us-east-1:333333333333:function:${spec.name}`, note: null },
    ],
    parameters: [
      { key: "Environment", value: cell.environment, note: null },
      { key: "LogRetention", value: cell.environment === "prod" ? "365" : "14", note: null },
      { key: "ApiKey", value: null, note: "hidden by AWS (NoEcho)" },
    ],
    tags: [{ key: "interlock:version", value: cell.version, note: null }, { key: "team", value: spec.team, note: null }],
  };
}

function factsOf(spec: ServiceSpec, cell: CellView): FactView[] {
  if (cell.version === null) return [fact("Version", "not known", { tone: cell.tone === "neutral" ? "neutral" : "unknown" }), fact("Promoted through", through(spec))];
  const prod = cell.environment === "prod";
  return [
    fact("Version", cell.version, { code: true, detail: cell.commit?.slice(0, 7) ?? null }),
    fact("Since", cell.since ?? "", { at: cell.since }),
    fact("Deployed by", spec.via === "jenkins" ? "Jenkins" : "Luis Prado", { detail: spec.via === "jenkins" ? `deploy/${spec.name} #412` : "with PR-2R8D1M" }),
    prod ? fact("Approved by", "Luis Prado, Ana Ruiz", { tone: "ok" }) : fact("Approved by", "nobody needs to", {}),
    spec.name === "transfers" ? fact("Quality", "gate failed", { tone: "bad", detail: "coverage of the newest analysis 64.0 %", at: ago(26) })
      : fact("Quality", "gate passed", { tone: "ok", detail: "coverage of the newest analysis 81.4 %", at: ago(26) }),
    fact("Promoted through", through(spec)),
  ];
}

const through = (spec: ServiceSpec) => (spec.via === "jenkins" ? `Jenkins deploy/${spec.name}` : "CloudFormation change sets");

function previewOf(spec: ServiceSpec, cell: CellView): FactView[] {
  switch (cell.promote.state) {
    case "none": return [];
    case "refused": return cell.promote.reasons.map((reason) => fact("Not now", reason.text, { tone: "bad" }));
    case "open": return [fact("Open", `promotion ${cell.promote.promotion}, ${cell.promote.label}`, { tone: "waiting" })];
    case "allowed": {
      const list = [fact("Brings", `${cell.promote.version} from ${cell.promote.from}`, { tone: "running" })];
      if (spec.name === "payments-api") {
        list.push(
          fact("May overwrite", "PaymentsFn MemorySize: 2048 live, 1024 in the template", { tone: "drift" }),
          fact("Commits", "14 commits from qa", {}),
        );
      }
      return list;
    }
  }
}

export function cellDetailOf(spec: ServiceSpec, cell: CellView): CellDetailView {
  const drifted = cell.status === "drifted";
  const marker = cell.markers.find((mark) => mark.kind === "behind");
  return {
    service: spec.name, cell, facts: factsOf(spec, cell),
    stacks: cell.version === null ? [] : [...spec.stacks.map((name) => stackOf(spec, name, cell)), ...(spec.name === "payments-api" ? [stackOf(spec, "payments-api", cell, "sa-east-1")] : [])],
    driftKnown: cell.version === null ? [] : spec.stacks.map((stack, index) => ({ stack, region: "us-east-1", words: drifted && index === 0 ? "drifted" : "in sync", tone: drifted && index === 0 ? "drift" : "ok", at: ago(2 * DAY) })),
    drift: drifted ? [
      { stack: "payments-api-prod", logicalId: "PaymentsFn", resourceType: "AWS::Lambda::Function", path: "MemorySize", expected: "1024", actual: "2048", at: ago(2 * DAY) },
    ] : [],
    behind: marker ? commitsOf(spec) : [], behindNote: marker && spec.name === "payments-api" ? "6 of 14 are shown" : null,
    preview: previewOf(spec, cell),
    links: [
      { label: "Build job", url: `http://127.0.0.1:8080/job/build/job/${spec.name}/` },
      { label: "SonarQube", url: `http://127.0.0.1:9000/dashboard?id=${spec.name}` },
      { label: "GitLab", url: `http://127.0.0.1:8929/andes/${spec.name}` },
    ],
  };
}

