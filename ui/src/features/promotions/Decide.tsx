// The deciding column: the digest, the people, a comment, the buttons.
import { Check, Hand, UserCheck, UserX, X } from "lucide-react";
import { useState } from "react";
import type { ParticipantView, PromotionView } from "../../contract";
import { ActionButton } from "../../components/action";
import { ErrorPanel } from "../../components/state";
import { Ago } from "../../components/time";
import { useAct, useAsk } from "../../host/queries";
import { ActionBar } from "./ActionBar";
import { Freeze } from "./Freeze";

function PersonIcon({ person }: { person: ParticipantView }) {
  if (person.state === "approved") return <UserCheck className="icon tone-ok" aria-hidden />;
  if (person.state === "rejected" || person.state === "cannot approve") return <UserX className={`icon tone-${person.state === "rejected" ? "bad" : "unknown"}`} aria-hidden />;
  return <Hand className={`icon tone-${person.tone}`} aria-hidden />;
}

export function Decide({ view }: { view: PromotionView }) {
  const [comment, setComment] = useState("");
  const estate = useAsk("estate_view", {});
  const approve = useAct("promotion_approve");
  const reject = useAct("promotion_reject");
  const action = (name: "approve" | "reject") => view.actions.find((item) => item.action === name);
  const [canApprove, canReject] = [action("approve"), action("reject")];
  const decision = { id: view.summary.id, digest: view.digest, comment };
  const environment = estate.data?.environments.find((item) => item.name === view.summary.to);
  const stacks = new Set(view.elements.filter((element) => element.name === "account").map((element) => element.group)).size;
  const error = approve.error ?? reject.error;
  return (
    <aside className="drawer" aria-label="Decision">
      <div className="drawer-head">
        <span className="dim">{canApprove?.enabled ? "Approving exactly" : "Manifest"}</span>
        <span className="digest" title={view.digest}>{view.summary.digestShort || "none yet"}</span>
        <span className="dim">{stacks} stacks, {view.commits.length} commits, {view.elements.length} elements</span>
      </div>
      <div className="drawer-body">
        <section className="section">
          <h2 className="label row">People <span className="right">{view.approvalsHave} of {view.approvalsNeeded} approvals</span></h2>
          {view.people.map((person) => (
            <div key={person.person} className="why">
              <PersonIcon person={person} />
              <div>
                <b>{person.me ? `You, ${person.name}` : person.name}</b> <span className="faint">{person.role}</span>
                <div className={`tone-${person.tone}`}>{person.state}{person.at && <> <Ago at={person.at} suffix=" ago" /></>}</div>
                {person.detail && <div className="dim">{person.detail}</div>}
              </div>
            </div>
          ))}
        </section>
        {environment?.freeze && <Freeze freeze={environment.freeze} />}
        {canApprove && (
          <section className="section">
            <h2 className="label"><label htmlFor="comment">Comment</label></h2>
            <textarea
              id="comment"
              className="field"
              placeholder="Optional when approving, required when rejecting"
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          </section>
        )}
        {error && <ErrorPanel error={error} />}
      </div>
      <div className="drawer-foot">
        {canApprove && canReject && (
          <div className="twin">
            <ActionButton
              kind="danger"
              busy={reject.isPending}
              reason={canReject.reason ?? (comment.trim() === "" ? "A rejection needs a reason: write it into the comment." : null)}
              onPress={() => reject.mutate(decision)}
            >
              <X className="icon" aria-hidden />{canReject.label}
            </ActionButton>
            <ActionButton kind="primary" busy={approve.isPending} reason={canApprove.reason} onPress={() => approve.mutate(decision)}>
              <Check className="icon" aria-hidden />{canApprove.label}
            </ActionButton>
          </div>
        )}
        {canApprove && !canApprove.enabled && <span className="dim">{canApprove.reason}</span>}
        <ActionBar view={view} without={canApprove ? ["approve", "reject"] : ["approve"]} />
      </div>
    </aside>
  );
}
