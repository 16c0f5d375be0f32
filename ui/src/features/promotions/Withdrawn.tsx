// The request was taken back: it is a draft again.
import { Undo2 } from "lucide-react";
import type { WithdrawnView } from "../../contract";
import { Ago } from "../../components/time";

export function Withdrawn({ withdrawn }: { withdrawn: WithdrawnView }) {
  return (
    <div className="notice calm" role="status">
      <div className="why"><Undo2 className="icon" aria-hidden /><span>The request was taken back <Ago at={withdrawn.at} suffix=" ago" />{withdrawn.reason && `: ${withdrawn.reason}`}</span></div>
    </div>
  );
}
