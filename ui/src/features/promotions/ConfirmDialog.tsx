// Confirms a dangerous action by typing the environment's name; asks for a reason where one is needed.
import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { ActionView, PromotionView } from "../../contract";

type Props = { action: ActionView; view: PromotionView; onCancel: () => void; onConfirm: (comment: string) => void };

export function ConfirmDialog({ action, view, onCancel, onConfirm }: Props) {
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const needsReason = action.action === "abandon" || action.action === "reject";
  const ready = (action.confirm === null || typed === action.confirm) && (!needsReason || reason.trim() !== "");
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && onCancel()}>
      <Modal>
        <Dialog className="dialog" role="alertdialog">
          <form
            className="col"
            style={{ padding: 18, gap: 14 }}
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) onConfirm(reason);
            }}
          >
            <Heading slot="title">{action.label}</Heading>
            <p className="dim">
              {view.summary.service} {view.summary.version}, {view.summary.from} to {view.summary.to}, manifest{" "}
              <code>{view.summary.digestShort}</code>
            </p>
            {action.confirm !== null && (
              <label className="col">
                <span>Type <b className="mono">{action.confirm}</b> to confirm</span>
                <input className="field mono" autoFocus autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
              </label>
            )}
            {needsReason && (
              <label className="col">
                <span>Reason, for the record</span>
                <textarea className="field" autoFocus={action.confirm === null} value={reason} onChange={(event) => setReason(event.target.value)} />
              </label>
            )}
            <div className="row">
              <Button className="btn right" onPress={onCancel}>Not now</Button>
              <Button type="submit" className={`btn ${action.action === "execute" ? "primary" : "danger"}`} isDisabled={!ready}>{action.label}</Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
