// Buttons for everything else that can be done, each naming its effect; dangerous ones ask for the environment's name.
import { CircleStop, Play, RotateCw, Search, Send, ShieldQuestionMark, Siren, SquarePen, Trash2, Undo2, X, type LucideIcon } from "lucide-react";
import { useState } from "react";
import type { ActionView, PromotionAction, PromotionView } from "../../contract";
import { ActionButton } from "../../components/action";
import { ErrorPanel } from "../../components/state";
import { Told } from "../../components/time";
import { ConfirmDialog } from "./ConfirmDialog";
import { GlassDialog } from "./GlassDialog";
import { useActions } from "./useActions";
import { WaiveDialog } from "./WaiveDialog";

const icons: Record<PromotionAction, LucideIcon> = {
  request: Send, approve: Play, reject: X, execute: Play, withdraw: Undo2, waive: ShieldQuestionMark, "break-glass": Siren, review: SquarePen,
  abandon: Trash2, abort: CircleStop, resume: Search, "prepare-again": RotateCw,
};
const dangerous: PromotionAction[] = ["abort", "reject", "break-glass"];
const asking: PromotionAction[] = ["abandon", "abort", "reject", "withdraw", "review"];

/** The action that moves the promotion on, which gets the strong button. */
export function mainOf(view: PromotionView): PromotionAction | undefined {
  const order: PromotionAction[] = ["execute", "request", "resume", "review"];
  const has = (action: PromotionAction) => view.actions.some((item) => item.action === action);
  return order.find(has) ?? (has("approve") ? undefined : view.actions.find((item) => item.action === "prepare-again")?.action);
}

type Props = { view: PromotionView; without?: PromotionAction[]; only?: PromotionAction[] };

export function ActionBar({ view, without = [], only }: Props) {
  const { act, waive, breakGlass, busy, error } = useActions(view);
  const [asked, setAsked] = useState<ActionView | null>(null);
  const shown = view.actions.filter((item) => !without.includes(item.action) && (only?.includes(item.action) ?? true));
  const main = mainOf(view);
  const blocked = shown.find((item) => item.action === main)?.reason;
  const close = () => setAsked(null);
  const asks = (item: ActionView) => item.confirm !== null || item.action === "waive" || item.action === "break-glass" || asking.includes(item.action) || (item.action === "resume" && view.run?.driver?.silent === false);
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
            onPress={() => (asks(item) ? setAsked(item) : act(item.action, ""))}
          >
            <Icon className="icon" aria-hidden />{item.label}
          </ActionButton>
        );
      })}
      {blocked && <span className="dim whole"><Told text={blocked} />.</span>}
      {error && <div className="whole"><ErrorPanel error={error} /></div>}
      {asked?.action === "waive" && (
        <WaiveDialog
          view={view}
          onCancel={close}
          onConfirm={(order) => {
            close();
            waive(order);
          }}
        />
      )}
      {asked?.action === "break-glass" && (
        <GlassDialog
          action={asked}
          view={view}
          onCancel={close}
          onConfirm={(order) => {
            close();
            breakGlass(order);
          }}
        />
      )}
      {asked && asked.action !== "waive" && asked.action !== "break-glass" && (
        <ConfirmDialog
          action={asked}
          view={view}
          onCancel={close}
          onConfirm={(comment) => {
            close();
            act(asked.action, comment);
          }}
        />
      )}
    </>
  );
}
