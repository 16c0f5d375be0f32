// What testing every connection finds: most are well, one is old, one is missing, one refuses.
import type { ConnectionsView, ConnectionView } from "../../contract";

const row = (name: string, address: string, more: Partial<ConnectionView>): ConnectionView => ({
  name, address, tone: "ok", message: "Knows you.", hints: [], identity: null, version: null, elapsedMs: 84, ...more,
});

export function connectionsOf(person: string): ConnectionsView {
  const role = (account: string) => `arn:aws:sts::${account}:assumed-role/InterlockRead/${person}`;
  return {
    connections: [
      row("AWS dev", "account 111111111111", { message: "Opens account 111111111111, as the estate file says.", identity: role("111111111111"), elapsedMs: 212 }),
      row("AWS qa", "account 222222222222", { message: "Opens account 222222222222, as the estate file says.", identity: role("222222222222"), elapsedMs: 187 }),
      row("AWS prod", "account 333333333333", { tone: "bad", message: "The AWS credentials for prod ran out.", hints: ["Log in to AWS again: aws sso login --profile andes-prod"], elapsedMs: 240 }),
      row("CloudFormation prod sa-east-1", "333333333333 sa-east-1", { tone: "unknown", message: "Not asked: AWS prod does not let you in.", elapsedMs: 0 }),
      row("Jenkins", "http://127.0.0.1:8080", { message: "Knows you; version 2.528.", identity: person, version: "2.528", elapsedMs: 31 }),
      row("SonarQube", "http://127.0.0.1:9000", { tone: "waiting", message: "SonarQube asks to slow down.", hints: ["Test again in a minute."], identity: person, version: "9.9.4", elapsedMs: 44 }),
      row("GitLab", "http://127.0.0.1:8929", { tone: "bad", message: "There is no connection to GitLab at http://127.0.0.1:8929: nothing listens there.", hints: ["Check the address, the network and whether the server runs."], elapsedMs: 3 }),
      row("Git andes/payments", "practice/git/payments.git", { message: "HEAD is 8c41d0e: Allow the daily limit job to clean up items", elapsedMs: 6 }),
      row("Deploy job deploy/cards", "http://127.0.0.1:8080/job/deploy/job/cards", { message: "Declares all 6 parameters of a promotion.", elapsedMs: 12 }),
      row("Ledger", "practice/ledger.sqlite", { message: "38 entries hold together.", elapsedMs: 2 }),
    ],
  };
}
