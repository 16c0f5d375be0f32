// What testing every connection finds: most are well, one is old, one is missing, one refuses.
import type { ConnectionsView, ConnectionView } from "../../contract";

const row = (name: string, address: string, more: Partial<ConnectionView>): ConnectionView => ({
  name, address, tone: "ok", message: "It answers and knows who you are.", hints: [], identity: null, version: null, elapsedMs: 84, ...more,
});

export function connectionsOf(person: string): ConnectionsView {
  const role = (account: string) => `arn:aws:sts::${account}:assumed-role/InterlockRead/${person}`;
  return {
    connections: [
      row("AWS dev", "account 111111111111", { identity: role("111111111111"), elapsedMs: 212 }),
      row("AWS qa", "account 222222222222", { identity: role("222222222222"), elapsedMs: 187 }),
      row("AWS prod", "account 333333333333", { identity: role("333333333333"), elapsedMs: 240 }),
      row("CloudFormation prod sa-east-1", "333333333333 sa-east-1", { tone: "bad", message: "The credentials of prod are expired.", hints: ["Sign in again: aws sso login --profile andes-prod", "Then test again here."], elapsedMs: 96 }),
      row("Jenkins", "http://127.0.0.1:8080", { identity: person, version: "2.528", elapsedMs: 31 }),
      row("SonarQube", "http://127.0.0.1:9000", { tone: "waiting", message: "It answers, but its version is older than what this console was tested with.", hints: ["Ask for 2025.1 or newer; measures may be missing."], identity: person, version: "9.9.4", elapsedMs: 44 }),
      row("GitLab", "http://127.0.0.1:8929", { tone: "bad", message: "Connection refused.", hints: ["Check that GitLab runs and that the address in the estate file is right."], elapsedMs: 3 }),
      row("Git andes/payments", "practice/git/payments.git", { message: "HEAD is 8c41d0e: Allow the daily limit job to clean up items", elapsedMs: 6 }),
      row("Prometheus", "", { tone: "unknown", message: "The estate file does not name it.", elapsedMs: 0 }),
      row("Ledger", "practice/ledger.sqlite", { message: "38 entries hold together.", elapsedMs: 2 }),
    ],
  };
}
