// Before change sets are made in the target: what will happen, what goes together, then its progress.
import { useNavigate } from "@tanstack/react-router";
import { LoaderCircle, Rocket } from "lucide-react";
import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { ErrorPanel } from "../../components/state";
import { useSeconds } from "../../components/time";
import { useAct, useAsk } from "../../host/queries";
import { Together, candidates } from "./Together";

type Props = {
  /** The service that it began with; none where a whole environment is promoted. */
  service: string | null;
  from: string;
  to: string;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
};

export function PrepareDialog({ service, from, to, isOpen, onOpenChange }: Props) {
  const navigate = useNavigate();
  const rows = useAsk("overview_view", {}).data?.rows ?? [];
  const listed = candidates(rows, to);
  const able = listed.filter((item) => item.reason === null).map((item) => item.service);
  const [chosen, setChosen] = useState<string[] | null>(null);
  const picked = chosen ?? (service === null ? able : [service]);
  const known = listed.map((item) => item.service);
  const services = [...picked.filter((name) => !known.includes(name)), ...known.filter((name) => picked.includes(name))];
  const prepare = useAct("promotion_prepare", (view) =>
    void navigate({ to: "/promotions/$id", params: { id: view.summary.id } }));
  const busy = prepare.isPending;
  const go = () => prepare.mutate({ services, to });
  const what = services.length === 1 ? services[0] : `${services.length} services`;
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={onOpenChange} isDismissable={!busy} isKeyboardDismissDisabled={busy}>
      <Modal>
        <Dialog className="dialog" role="alertdialog">
          <div className="dialog-body">
            <Heading slot="title" className="row"><Rocket className="icon" aria-hidden />Promote {what} from {from} to {to}</Heading>
            <p className="dim">
              What runs in {from} now. This prepares it: for CloudFormation, change sets are created in {to} and nothing
              is executed. You see what AWS would do before you ask anybody for approval.
            </p>
            <Together listed={listed} chosen={services} isDisabled={busy} onChange={setChosen} />
            {busy && <Preparing from={from} to={to} />}
            {prepare.error && <ErrorPanel error={prepare.error} retry={go} />}
            <div className="row end">
              <Button className="btn" onPress={() => onOpenChange(false)} isDisabled={busy}>Not now</Button>
              <Button className="btn primary" isPending={busy} isDisabled={services.length === 0} onPress={go}>
                Prepare promotion to {to}
              </Button>
            </div>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Preparing({ from, to }: { from: string; to: string }) {
  const now = useSeconds(true);
  const [begun] = useState(Date.now);
  const seconds = Math.max(0, Math.round((now - begun) / 1000));
  return (
    <p role="status" className="row tone-running">
      <LoaderCircle className="icon spin" aria-hidden />
      Reading {from}, preparing change sets in {to}, asking the gates
      <span className="faint right" aria-hidden>{seconds > 1 ? `${seconds} s` : ""}</span>
    </p>
  );
}
