// Answers for a gate that stops the promotion: which, who, why, and until when.
import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { PromotionView } from "../../contract";
import { Choice } from "../../components/choice";
import { absolute } from "../../components/time";
import { useAsk } from "../../host/queries";
import type { WaiverOrder } from "./useActions";

const HOUR = 3_600_000;
const lengths = [["8", "8 hours"], ["24", "24 hours"], ["72", "3 days"], ["168", "7 days"], ["336", "14 days"]] as const;
type Hours = (typeof lengths)[number][0];

type Props = { view: PromotionView; onCancel: () => void; onConfirm: (order: WaiverOrder) => void };

export function WaiveDialog({ view, onCancel, onConfirm }: Props) {
  const gates = view.gates.filter((gate) => gate.waivable);
  const me = useAsk("identity_view", {}).data?.person;
  const several = view.services.length > 1;
  const idOf = (item: (typeof gates)[number]) => `${item.service} ${item.rule}`;
  const [gate, setGate] = useState(gates[0] ? idOf(gates[0]) : "");
  const [chosen, setOwner] = useState<string | null>(null);
  const [hours, setHours] = useState<Hours>("24");
  const [reason, setReason] = useState("");
  const [opened] = useState(Date.now);
  const owner = chosen ?? me ?? view.owners[0]?.person ?? "";
  const expires = new Date(opened + Number(hours) * HOUR).toISOString();
  const seen = gates.find((item) => idOf(item) === gate);
  const ready = seen !== undefined && owner !== "" && reason.trim() !== "";
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && onCancel()}>
      <Modal>
        <Dialog className="dialog" role="alertdialog">
          <form
            className="dialog-body"
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) onConfirm({ gate: seen.rule, service: seen.service || null, owner, reason, expires });
            }}
          >
            <Heading slot="title">Waive a gate</Heading>
            <p className="dim">The gate stays as it is and is shown as waived, never as passed. Approvals so far count for nothing, and one more is asked for.</p>
            <div className="col">
              <span aria-hidden>Gate</span>
              <Choice label="Gate" value={gate} options={gates.map((item) => ({ id: idOf(item), label: several ? `${item.gate} of ${item.service}` : item.gate }))} onChange={setGate} />
              {seen && <span className={`tone-${seen.tone}`}>{seen.summary}</span>}
            </div>
            <div className="col">
              <span aria-hidden>Who answers for it</span>
              <Choice label="Who answers for it" value={owner} options={view.owners.map((item) => ({ id: item.person, label: item.name }))} onChange={setOwner} />
            </div>
            <div className="col">
              <span aria-hidden>For how long</span>
              <Choice label="For how long" value={hours} options={lengths.map(([id, label]) => ({ id, label }))} onChange={setHours} />
              <span className="faint">until {absolute(expires)}</span>
            </div>
            <label className="col">
              <span>Reason, for the record</span>
              <textarea className="field" autoFocus value={reason} onChange={(event) => setReason(event.target.value)} />
            </label>
            <div className="row end">
              <Button className="btn" onPress={onCancel}>Not now</Button>
              <Button type="submit" className="btn danger" isDisabled={!ready}>Waive the gate</Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
