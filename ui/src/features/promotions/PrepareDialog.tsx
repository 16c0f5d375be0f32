// Before change sets are made in the target: what will happen, then its progress.
import { useNavigate } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { ErrorPanel } from "../../components/state";
import { useAct } from "../../host/queries";

type Props = { service: string; from: string; to: string; version: string | null };

export function PrepareDialog({ service, from, to, version }: Props) {
  const navigate = useNavigate();
  const prepare = useAct("promotion_prepare", (view) =>
    void navigate({ to: "/promotions/$id", params: { id: view.summary.id } }));
  return (
    <ModalOverlay className="overlay" isDismissable={!prepare.isPending}>
      <Modal>
        <Dialog className="dialog" role="alertdialog">
          {({ close }) => (
            <div className="col" style={{ padding: 18, gap: 14 }}>
              <Heading slot="title" className="row"><Rocket className="icon" aria-hidden />
                Promote {service} from {from} to {to}
              </Heading>
              <p className="dim">
                {version ? <>Version <span className="mono">{version}</span>, as it runs in {from} now. </> : `What runs in ${from} now. `}
                This prepares it: for CloudFormation, change sets are created in {to} and nothing is executed. You see
                what AWS would do before you ask anybody for approval.
              </p>
              {prepare.isPending && (
                <p role="status" className="row tone-running">Reading {from}, preparing change sets in {to}, asking the gates …</p>
              )}
              {prepare.error && <ErrorPanel error={prepare.error} />}
              <div className="row">
                <Button className="btn right" onPress={close} isDisabled={prepare.isPending}>Not now</Button>
                <Button className="btn primary" isPending={prepare.isPending} onPress={() => prepare.mutate({ service, to })}>
                  Prepare promotion to {to}
                </Button>
              </div>
            </div>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
