// The deciding column: the digest, the people, the window, a comment, the buttons.
import { Check, X } from "lucide-react";
import { useId, useState } from "react";
import type { PromotionAction, PromotionView } from "../../contract";
import { ActionButton } from "../../components/action";
import { ErrorPanel } from "../../components/state";
import { Told } from "../../components/time";
import { plural } from "../../components/words";
import { useAct, useAsk } from "../../host/queries";
import { ActionBar, mainOf } from "./ActionBar";
import { Freeze } from "./Freeze";
import { People } from "./People";

export function Decide({ view }: { view: PromotionView }) {
  const [comment, setComment] = useState("");
  const field = useId();
  const estate = useAsk("estate_view", {});
  const approve = useAct("promotion_approve");
  const reject = useAct("promotion_reject");
  const action = (name: "approve" | "reject") => view.actions.find((item) => item.action === name);
  const [canApprove, canReject] = [action("approve"), action("reject")];
  const main = mainOf(view);
  // What stands at the foot: the decision, or the next step with the way to say no.
  const foot: PromotionAction[] = canApprove ? ["approve", "reject", "execute"] : [...(main ? [main] : []), "reject", "abort"];
  const others = view.actions.filter((item) => !foot.includes(item.action));
  const decision = { id: view.summary.id, digest: view.digest, comment };
  const environment = estate.data?.environments.find((item) => item.name === view.summary.to);
  const stacks = view.services.reduce((sum, part) => sum + part.stacks.length, 0);
  const commits = view.services.reduce((sum, part) => sum + part.commits.length, 0);
  const services = view.services.length > 1 ? `${plural(view.services.length, "service")}, ` : "";
  const error = approve.error ?? reject.error;
  return (
    <aside className="drawer" aria-label="Decision" tabIndex={-1}>
      <div className="drawer-head">
        <h2 className="dim">{canApprove?.enabled ? "Approving exactly" : "Manifest"}</h2>
        <span className="digest" title={view.digest}>{view.summary.digestShort || "none yet"}</span>
        <span className="dim">{services}{plural(stacks, "stack")}, {plural(commits, "commit")}, {plural(view.elements.length, "element")}</span>
      </div>
      <div className="drawer-body">
        {environment?.freeze && <Freeze freeze={environment.freeze} />}
        <People view={view} />
        {canApprove && (
          <section className="section comment">
            <h3><label htmlFor={field}>Comment</label></h3>
            <textarea
              id={field}
              className="field"
              placeholder="Optional when approving, required when rejecting"
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          </section>
        )}
        {error && <ErrorPanel error={error} />}
        {others.length > 0 && (
          <section className="section" aria-label="Instead">
            <h3>Instead</h3>
            <div className="row wrap"><ActionBar view={view} without={foot} /></div>
          </section>
        )}
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
        {canApprove?.reason && <span className="dim whole"><Told text={canApprove.reason} />.</span>}
        <ActionBar view={view} only={canApprove ? ["execute"] : foot} />
      </div>
    </aside>
  );
}
