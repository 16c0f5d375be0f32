// Before change sets are made in the target: what will happen, then its progress.
import { useNavigate } from "@tanstack/react-router";
import { LoaderCircle, Rocket } from "lucide-react";
import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { ErrorPanel } from "../../components/state";
import { useSeconds } from "../../components/time";
import { useAct } from "../../host/queries";

type Props = {
  service: string;
  from: string;
  to: string;
  version: string | null;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
};

export function PrepareDialog({ service, from, to, version, isOpen, onOpenChange }: Props) {
  const navigate = useNavigate();
  const prepare = useAct("promotion_prepare", (view) =>
    void navigate({ to: "/promotions/$id", params: { id: view.summary.id } }));
  const busy = prepare.isPending;
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={onOpenChange} isDismissable={!busy} isKeyboardDismissDisabled={busy}>
      <Modal>
        <Dialog className="dialog" role="alertdialog">
          <div className="dialog-body">
            <Heading slot="title" className="row"><Rocket className="icon" aria-hidden />Promote {service} from {from} to {to}</Heading>
            <p className="dim">
              {version ? <>Version <span className="mono strong">{version}</span>, as it runs in {from} now. </> : `What runs in ${from} now. `}
              This prepares it: for CloudFormation, change sets are created in {to} and nothing is executed. You see
              what AWS would do before you ask anybody for approval.
            </p>
            {busy && <Preparing from={from} to={to} />}
            {prepare.error && <ErrorPanel error={prepare.error} retry={() => prepare.mutate({ service, to })} />}
            <div className="row end">
              <Button className="btn" onPress={() => onOpenChange(false)} isDisabled={busy}>Not now</Button>
              <Button className="btn primary" isPending={busy} onPress={() => prepare.mutate({ service, to })}>
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
