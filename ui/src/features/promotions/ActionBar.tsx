// Buttons for everything else that can be done, each naming its effect; dangerous ones ask for the environment's name.
import { CircleStop, Play, RotateCw, Search, Send, Trash2, X, type LucideIcon } from "lucide-react";
import { useState } from "react";
import type { ActionView, PromotionAction, PromotionView } from "../../contract";
import { ActionButton } from "../../components/action";
import { ErrorPanel } from "../../components/state";
import { ConfirmDialog } from "./ConfirmDialog";
import { useActions } from "./useActions";

const icons: Record<PromotionAction, LucideIcon> = {
  request: Send, approve: Play, reject: X, execute: Play, abandon: Trash2, abort: CircleStop, resume: Search, "prepare-again": RotateCw,
};
const dangerous: PromotionAction[] = ["abort", "reject"];
const asking: PromotionAction[] = ["abandon", "abort", "reject"];

/** The action that moves the promotion on, which gets the strong button. */
function mainOf(view: PromotionView): PromotionAction | undefined {
  const order: PromotionAction[] = ["request", "execute", "resume"];
  const has = (action: PromotionAction) => view.actions.some((item) => item.action === action);
  return order.find(has) ?? (has("approve") ? undefined : view.actions.find((item) => item.action === "prepare-again")?.action);
}

export function ActionBar({ view, without = [] }: { view: PromotionView; without?: PromotionAction[] }) {
  const { act, busy, error } = useActions(view);
  const [asked, setAsked] = useState<ActionView | null>(null);
  const shown = view.actions.filter((item) => !without.includes(item.action));
  const main = mainOf(view);
  const blocked = shown.find((item) => item.action === main)?.reason;
  return (
    <>
      {shown.map((item) => {
        const Icon = icons[item.action];
        return (
          <ActionButton
            key={item.action}
            kind={item.action === main ? "primary" : dangerous.includes(item.action) ? "danger" : "plain"}
            reason={item.reason}
            busy={busy}
            onPress={() => (item.confirm !== null || asking.includes(item.action) ? setAsked(item) : act(item.action, ""))}
          >
            <Icon className="icon" aria-hidden />{item.label}
          </ActionButton>
        );
      })}
      {blocked && <span className="dim whole">{blocked}.</span>}
      {error && <div className="whole"><ErrorPanel error={error} /></div>}
      {asked && (
        <ConfirmDialog
          action={asked}
          view={view}
          onCancel={() => setAsked(null)}
          onConfirm={(comment) => {
            setAsked(null);
            act(asked.action, comment);
          }}
        />
      )}
    </>
  );
}
