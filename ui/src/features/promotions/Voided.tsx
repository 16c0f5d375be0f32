// An earlier approval no longer counts: which element moved, from what to what.
import { TriangleAlert } from "lucide-react";
import { Button } from "react-aria-components";
import type { VoidedView } from "../../contract";
import { Ago } from "../../components/time";

export function Voided({ voided, onReview }: { voided: VoidedView; onReview: () => void }) {
  return (
    <div className="notice wait" role="alert">
      <div className="row wrap">
        <TriangleAlert className="icon tone-waiting" aria-hidden />
        <b>An earlier approval was voided <Ago at={voided.at} suffix=" ago" /></b>
        <Button className="btn right" onPress={onReview}>Review again</Button>
      </div>
      <div>The {voided.element} went from <code>{voided.before}</code> to <code>{voided.after}</code>. Everybody must look again.</div>
    </div>
  );
}
