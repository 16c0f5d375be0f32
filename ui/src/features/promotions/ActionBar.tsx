// Buttons for everything else that can be done, each naming its effect; dangerous ones ask for the environment's name.
import { CircleStop, Play, RotateCw, Search, Send, Trash2, type LucideIcon } from "lucide-react";
import { useState } from "react";
import type { ActionView, PromotionAction, PromotionView } from "../../contract";
import { ActionButton } from "../../components/action";
import { ErrorPanel } from "../../components/state";
import { useAct } from "../../host/queries";
import { ConfirmDialog } from "./ConfirmDialog";

const icons: Partial<Record<PromotionAction, LucideIcon>> = {
  request: Send, execute: Play, abandon: Trash2, abort: CircleStop, resume: Search, "prepare-again": RotateCw,
};
const primary: PromotionAction[] = ["request", "execute", "prepare-again", "resume"];

export function ActionBar({ view, without = [] }: { view: PromotionView; without?: PromotionAction[] }) {
  const request = useAct("promotion_request");
  const execute = useAct("promotion_execute");
  const abandon = useAct("promotion_abandon");
  const abort = useAct("promotion_abort");
  const resume = useAct("promotion_resume");
  const again = useAct("promotion_prepare_again");
  const reject = useAct("promotion_reject");
  const [asked, setAsked] = useState<ActionView | null>(null);
  const about = { id: view.summary.id };
  const all = [request, execute, abandon, abort, resume, again, reject];
  const error = all.map((item) => item.error).find((item) => item !== null);
  const busy = all.some((item) => item.isPending);

  const act = (action: PromotionAction, comment: string) => {
    setAsked(null);
    const decision = { ...about, digest: view.digest, comment };
    switch (action) {
      case "request": return request.mutate(decision);
      case "execute": return execute.mutate(decision);
      case "abandon": return abandon.mutate(decision);
      case "reject": return reject.mutate(decision);
      case "abort": return abort.mutate(about);
      case "resume": return resume.mutate(about);
      case "prepare-again": return again.mutate(about);
      case "approve": return undefined;
    }
  };
  const asks = (item: ActionView) => item.confirm !== null || item.action === "abandon" || item.action === "abort" || item.action === "reject";
  const shown = view.actions.filter((item) => !without.includes(item.action));
  const main = shown.find((item) => primary.includes(item.action) && (item.action !== "prepare-again" || view.summary.state === "voided" || view.summary.state === "preparing"));
  return (
    <>
      {shown.map((item) => {
        const Icon = icons[item.action];
        return (
          <ActionButton
            key={item.action}
            kind={item === main ? "primary" : item.action === "abort" || item.action === "reject" ? "danger" : "plain"}
            reason={item.reason}
            busy={busy}
            onPress={() => (asks(item) ? setAsked(item) : act(item.action, ""))}
          >
            {Icon && <Icon className="icon" aria-hidden />}{item.label}
          </ActionButton>
        );
      })}
      {shown.filter((item) => item === main && item.reason).map((item) => <span key={item.action} className="dim">{item.reason}</span>)}
      {error && <div style={{ width: "100%" }}><ErrorPanel error={error} /></div>}
      {asked && <ConfirmDialog action={asked} view={view} onCancel={() => setAsked(null)} onConfirm={(comment) => act(asked.action, comment)} />}
    </>
  );
}
