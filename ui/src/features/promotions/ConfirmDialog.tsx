// Confirms a dangerous action by typing the environment's name; asks for a reason where one is needed.
import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { ActionView, PromotionAction, PromotionView } from "../../contract";

type Props = { action: ActionView; view: PromotionView; onCancel: () => void; onConfirm: (comment: string) => void };

const effects: Partial<Record<PromotionAction, (view: PromotionView) => string>> = {
  execute: ({ summary }) => `This changes ${summary.to} now. Nothing is executed if anything has moved since the approval.`,
  abort: ({ summary }) => `${summary.via === "jenkins" ? "The Jenkins build is stopped" : "The stack update is cancelled, and AWS rolls it back"}. What was done until then may stay.`,
  abandon: () => "It is closed for good. Its record stays.",
  reject: () => "It is closed for good, with your reason.",
  withdraw: () => "What you said counts no more. What you took back can be said again.",
  resume: ({ run }) => `${run?.driver?.by ?? "Somebody"} drives it by ${run?.driver?.runner ?? "another process"}, which then only looks on.`,
  review: () => "What you write is kept beside the mark of the emergency.",
};

const needing: PromotionAction[] = ["abandon", "reject", "review", "resume"];

export function ConfirmDialog({ action, view, onCancel, onConfirm }: Props) {
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const needsReason = needing.includes(action.action);
  const asksReason = needsReason || action.action === "withdraw";
  const ready = (action.confirm === null || typed === action.confirm) && (!needsReason || reason.trim() !== "");
  const { summary } = view;
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && onCancel()}>
      <Modal>
        <Dialog className="dialog" role="alertdialog">
          <form
            className="dialog-body"
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) onConfirm(reason);
            }}
          >
            <Heading slot="title">{action.label}</Heading>
            <p className="dim">{summary.services.join(", ")} <span className="mono">{summary.version}</span>, {summary.from} to {summary.to}. {effects[action.action]?.(view)}</p>
            <p><span className="dim">Manifest</span> <span className="digest">{summary.digestShort}</span></p>
            {action.confirm !== null && (
              <label className="col">
                <span>Type <b className="mono">{action.confirm}</b> to confirm</span>
                <input className="field mono" autoFocus autoComplete="off" spellCheck={false} value={typed} onChange={(event) => setTyped(event.target.value)} />
              </label>
            )}
            {asksReason && (
              <label className="col">
                <span>{action.action === "review" ? "What was found, for the record" : "Reason, for the record"}</span>
                <textarea className="field" autoFocus={action.confirm === null} value={reason} onChange={(event) => setReason(event.target.value)} />
              </label>
            )}
            <div className="row end">
              <Button className="btn" onPress={onCancel}>Not now</Button>
              <Button type="submit" className={`btn ${["execute", "review", "resume"].includes(action.action) ? "primary" : "danger"}`} isDisabled={!ready}>{action.label}</Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
