// Breaks the glass: the incident, the reason, and the environment's name.
import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { ActionView, PromotionView } from "../../contract";
import type { GlassOrder } from "./useActions";

type Props = { action: ActionView; view: PromotionView; onCancel: () => void; onConfirm: (order: GlassOrder) => void };

export function GlassDialog({ action, view, onCancel, onConfirm }: Props) {
  const [incident, setIncident] = useState("");
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const ready = incident.trim() !== "" && reason.trim() !== "" && (action.confirm === null || typed === action.confirm);
  const { summary } = view;
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && onCancel()}>
      <Modal>
        <Dialog className="dialog" role="alertdialog">
          <form
            className="dialog-body"
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) onConfirm({ incident, reason });
            }}
          >
            <Heading slot="title">{action.label}</Heading>
            <p className="dim">{summary.services.join(", ")} <span className="mono">{summary.version}</span>, {summary.from} to {summary.to}. Approvals are no longer waited for, and the gates that the policy names are passed over. The promotion is marked for ever, and somebody who took no part has to review it.</p>
            <p><span className="dim">Manifest</span> <span className="digest">{summary.digestShort}</span></p>
            <label className="col">
              <span>Incident</span>
              <input className="field mono" autoFocus autoComplete="off" spellCheck={false} value={incident} onChange={(event) => setIncident(event.target.value)} />
            </label>
            <label className="col">
              <span>Reason, for the record</span>
              <textarea className="field" value={reason} onChange={(event) => setReason(event.target.value)} />
            </label>
            {action.confirm !== null && (
              <label className="col">
                <span>Type <b className="mono">{action.confirm}</b> to confirm</span>
                <input className="field mono" autoComplete="off" spellCheck={false} value={typed} onChange={(event) => setTyped(event.target.value)} />
              </label>
            )}
            <div className="row end">
              <Button className="btn" onPress={onCancel}>Not now</Button>
              <Button type="submit" className="btn danger" isDisabled={!ready}>{action.label}</Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
