// The mark of a broken glass: for ever, wherever the promotion is shown.
import { Siren } from "lucide-react";
import type { EmergencyView } from "../../contract";
import { Ago } from "../../components/time";
import { Chip } from "../../components/tone";

export function EmergencyChip({ emergency }: { emergency: EmergencyView | null }) {
  if (!emergency) return null;
  return <Chip tone="bad" icon={Siren} title={`${emergency.by} broke the glass for ${emergency.incident}: ${emergency.reason}`}>glass broken for {emergency.incident}</Chip>;
}

export function Emergency({ emergency }: { emergency: EmergencyView }) {
  return (
    <section className="notice bad" aria-label="Emergency">
      <div className="row wrap">
        <Siren className="icon tone-bad" aria-hidden />
        <b>{emergency.by} broke the glass for {emergency.incident} <Ago at={emergency.at} suffix=" ago" /></b>
      </div>
      <div>{emergency.reason}</div>
      <div className={emergency.overdue ? "tone-bad" : "dim"}><Review emergency={emergency} /></div>
    </section>
  );
}

function Review({ emergency }: { emergency: EmergencyView }) {
  if (emergency.reviewedBy) return <>Reviewed by {emergency.reviewedBy} <Ago at={emergency.reviewedAt} suffix=" ago" />: {emergency.review}</>;
  if (emergency.reviewOwed) {
    return emergency.overdue
      ? <>A review was due <Ago at={emergency.reviewBy} suffix=" ago" />. Nothing else of this service is started before it is written.</>
      : <>A review is owed, due <Ago at={emergency.reviewBy} />. Nothing else of this service is started before it is written.</>;
  }
  if (emergency.counts) return <>Approvals are not waited for. Every gate is still judged and shown; a review is owed once it was started.</>;
  return <>It was broken for an earlier manifest, and lets the present one through nowhere.</>;
}
