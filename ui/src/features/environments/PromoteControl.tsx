// The promotion control of a cell: goes, is open already, or says why not.
import { Link } from "@tanstack/react-router";
import { ArrowRight, Hand } from "lucide-react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import type { CellView } from "../../contract";
import { PrepareDialog } from "../promotions/PrepareDialog";

const halt = (event: { stopPropagation: () => void }) => event.stopPropagation();

export function PromoteControl({ cell, service }: { cell: CellView; service: string }) {
  const { promote } = cell;
  switch (promote.state) {
    case "none":
      return null;
    case "open":
      return (
        <Link
          className="go tone-waiting"
          to="/promotions/$id"
          params={{ id: promote.promotion }}
          onClick={halt}
          tabIndex={-1}
          aria-label={`Promotion ${promote.promotion} of ${service} into ${cell.environment}: ${promote.label}`}
          title={`${promote.promotion}: ${promote.label}`}
        >
          <Hand className="icon" aria-hidden />
        </Link>
      );
    case "allowed":
      return (
        <span role="presentation" onClick={halt} onKeyDown={halt} style={{ display: "contents" }}>
          <DialogTrigger>
            <Button className="go" excludeFromTabOrder aria-label={`Promote ${service} from ${promote.from} to ${cell.environment}`}>
              <ArrowRight className="icon" aria-hidden />
            </Button>
            <PrepareDialog service={service} from={promote.from} to={cell.environment} version={promote.version} />
          </DialogTrigger>
        </span>
      );
    case "refused":
      return (
        <span role="presentation" onClick={halt} onKeyDown={halt} style={{ display: "contents" }}>
          <DialogTrigger>
            <Button className="go no" excludeFromTabOrder aria-label={`Why ${service} cannot be promoted to ${cell.environment}`}>
              <ArrowRight className="icon" aria-hidden />
            </Button>
            <Popover className="popover" placement="bottom end">
              <Dialog className="col" style={{ padding: 10, maxWidth: 360 }} aria-label="Why not">
                <b>Not from {promote.from} now</b>
                <ul className="col">
                  {promote.reasons.map((reason) => <li key={reason.text}>{reason.text}</li>)}
                </ul>
              </Dialog>
            </Popover>
          </DialogTrigger>
        </span>
      );
  }
}
