// How runs go: what each step does, for how long, and what it writes. Times are seconds since the start.
import type { Tone } from "../../contract";

export type PlannedResource = { name: string; type: string; from: number; seconds: number; fails?: string };
export type PlannedStep = {
  id: string;
  name: string;
  depth: number;
  seconds: number;
  usual?: number;
  stack?: string;
  resources?: PlannedResource[];
  input?: string;
  fails?: string;
  lines?: [number, string, Tone?][];
};

export const viaCloudFormation = (service: string, to: string): PlannedStep[] => [
  { id: "check", name: "Check that nothing moved", depth: 0, seconds: 4, usual: 5, lines: [[1, `manifest recomputed live: equal`, "ok"], [2, "ledger verified, 1 distinct approver", "ok"], [3, "claim taken"]] },
  {
    id: `execute:us-east-1:${service}-${to}`, name: `Deploy ${service}-${to} in us-east-1`, depth: 0, seconds: 96, usual: 110, stack: `${service}-${to}`,
    resources: [
      { name: "PaymentsRole", type: "AWS::IAM::Role", from: 2, seconds: 14 }, { name: "DailyLimitQueue", type: "AWS::SQS::Queue", from: 4, seconds: 22 },
      { name: "PaymentsFn", type: "AWS::Lambda::Function", from: 17, seconds: 36 }, { name: "ErrorAlarm", type: "AWS::CloudWatch::Alarm", from: 20, seconds: 12 },
      { name: "PaymentsFnAlias", type: "AWS::Lambda::Alias", from: 54, seconds: 12 }, { name: "RestApiMethodPost", type: "AWS::ApiGateway::Method", from: 66, seconds: 14 },
      { name: "PaymentsApiDeployment", type: "AWS::ApiGateway::Deployment", from: 81, seconds: 12 },
    ],
    lines: [[0, `execute-change-set ilk-7f3a-9c1e on ${service}-${to}`], [1, `UPDATE_IN_PROGRESS ${service}-${to} User Initiated`, "running"], [95, `UPDATE_COMPLETE ${service}-${to}`, "ok"]],
  },
  { id: "verify", name: "Verify what is there now", depth: 0, seconds: 12, usual: 20, lines: [[2, "every stack is UPDATE_COMPLETE"], [6, "template, parameters and version are those of the manifest", "ok"]] },
];

export const viaJenkins = (service: string, to: string): PlannedStep[] => [
  { id: "check", name: "Check that nothing moved", depth: 0, seconds: 4, usual: 5, lines: [[1, "manifest recomputed live: equal", "ok"], [3, "claim taken"]] },
  { id: `trigger:deploy/${service}`, name: `Run deploy/${service}`, depth: 0, seconds: 5, usual: 8, lines: [[0, "Started by user Ana Ruiz"], [1, `Running as Ana Ruiz in deploy/${service}`], [2, "[Pipeline] Start of Pipeline"], [3, "[Pipeline] node"]] },
  { id: "stage:checkout", name: "Checkout", depth: 1, seconds: 7, usual: 8, lines: [[0, "[Pipeline] { (Checkout)"], [1, "> git fetch --tags --force --progress"], [4, `Commit message: "Release ${service} 6.4.3"`]] },
  { id: "stage:verify", name: "Verify the manifest", depth: 1, seconds: 6, usual: 6, lines: [[0, "[Pipeline] { (Verify the manifest)"], [1, `+ interlock verify --promotion $PROMOTION --env ${to}`], [4, "manifest equal, approvals 1 of 1", "ok"]] },
  {
    id: "stage:deploy", name: "Deploy infrastructure", depth: 1, seconds: 48, usual: 60, stack: `${service}-${to}`,
    resources: [
      { name: "Topic", type: "AWS::SNS::Topic", from: 2, seconds: 9 }, { name: "TemplatesBucketPolicy", type: "AWS::S3::BucketPolicy", from: 3, seconds: 6 },
      { name: "SenderRole", type: "AWS::IAM::Role", from: 4, seconds: 15 }, { name: "SenderFn", type: "AWS::Lambda::Function", from: 20, seconds: 24 },
      { name: "RetryQueue", type: "AWS::SQS::Queue", from: 6, seconds: 18 },
    ],
    lines: [[0, "[Pipeline] { (Deploy infrastructure)"], [1, `+ aws cloudformation deploy --stack-name ${service}-${to}`], [2, "Waiting for changeset to be created.."], [47, `Successfully created/updated stack - ${service}-${to}`, "ok"]],
  },
  { id: "stage:input", name: "Shift traffic", depth: 1, seconds: 2, usual: 40, input: "Shift all traffic to 6.4.3?", lines: [[0, "[Pipeline] { (Shift traffic)"], [1, "Shift all traffic to 6.4.3? <b>Proceed</b> or Abort"]] },
  { id: "stage:smoke", name: "Smoke tests", depth: 1, seconds: 25, usual: 30, lines: [[0, "[Pipeline] { (Smoke tests)"], [3, "GET /health 200"], [9, "POST /notifications 202"], [20, "24 of 24 checks passed", "ok"]] },
  { id: "verify", name: "Verify what is there now", depth: 0, seconds: 10, usual: 20, lines: [[2, "every stack is UPDATE_COMPLETE"], [6, "version tag is 6.4.3", "ok"]] },
];

export const thatFails = (service: string, to: string): PlannedStep[] => {
  const reason = `Resource handler returned message: "Value of property Policies must be a list" (RequestToken: 5c1f, HandlerErrorCode: InvalidRequest)`;
  return [
    { id: "check", name: "Check that nothing moved", depth: 0, seconds: 4, usual: 5, lines: [[1, "manifest recomputed live: equal", "ok"]] },
    {
      id: `execute:us-east-1:${service}-${to}`, name: `Deploy ${service}-${to} in us-east-1`, depth: 0, seconds: 70, usual: 60, stack: `${service}-${to}`, fails: `UPDATE_ROLLBACK_COMPLETE: ${reason}`,
      resources: [
        { name: "TokensTable", type: "AWS::DynamoDB::Table", from: 2, seconds: 16 },
        { name: "CardsRole", type: "AWS::IAM::Role", from: 3, seconds: 21, fails: reason },
        { name: "CardsFn", type: "AWS::Lambda::Function", from: 20, seconds: 5, fails: "Resource update cancelled" },
      ],
      lines: [[0, `execute-change-set ilk-c0aa-11de on ${service}-${to}`], [1, `UPDATE_IN_PROGRESS ${service}-${to}`, "running"], [24, `UPDATE_FAILED CardsRole ${reason}`, "bad"], [26, `UPDATE_ROLLBACK_IN_PROGRESS ${service}-${to}`, "waiting"], [69, `UPDATE_ROLLBACK_COMPLETE ${service}-${to}`, "bad"]],
    },
    { id: "verify", name: "Verify what is there now", depth: 0, seconds: 10, usual: 20 },
  ];
};
