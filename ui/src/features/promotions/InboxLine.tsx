// One promotion in the inbox; the whole line is the link.
import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import type { PromotionSummaryView } from "../../contract";
import { Ago, Told } from "../../components/time";
import { Chip } from "../../components/tone";
import { EmergencyChip } from "./Emergency";

export function InboxLine({ item }: { item: PromotionSummaryView }) {
  return (
    <Link className="inbox-line" to="/promotions/$id" params={{ id: item.id }}>
      <span className="cut">
        <span className="row"><b title={item.services.join(", ")}>{item.title}</b><span className="mono">{item.version}</span></span>
        <span className="faint mono">{item.id}</span>
      </span>
      <span className="row">{item.from}<ArrowRight className="icon-s" role="img" aria-label="to" />{item.to}</span>
      <span className="col"><span><Chip tone={item.tone}>{item.state}</Chip></span>{item.emergency && <span><EmergencyChip emergency={item.emergency} /></span>}</span>
      <span className="dim two-lines" title={item.waitingOn ?? undefined}>
        {item.waitingOn && <>{item.group !== "done" && <span className="faint">waits for </span>}<Told text={item.waitingOn} /></>}
      </span>
      <span className="cut faint"><span className="ellipsis">{item.requestedBy}</span><Ago at={item.updatedAt} suffix=" ago" /></span>
    </Link>
  );
}
