// Who asked, who decided, who may, and who may not.
import { Check, CircleSlash, Hand, Hourglass, Send, UserX, type LucideIcon } from "lucide-react";
import type { ParticipantView, PromotionView } from "../../contract";
import { Ago, Told } from "../../components/time";
import { ToneIcon } from "../../components/tone";

const icons: Record<string, LucideIcon> = { requested: Send, approved: Check, rejected: UserX, "may approve": Hand, "cannot approve": CircleSlash, "approval expired": Hourglass };

export function People({ view }: { view: PromotionView }) {
  return (
    <section className="section" aria-label="People">
      <h3 className="row">People <span className="right">{view.approvalsHave} of {view.approvalsNeeded} {view.approvalsNeeded === 1 ? "approval" : "approvals"}</span></h3>
      {view.approvalsExpireHours !== null && <span className="faint">an approval counts for {view.approvalsExpireHours} h</span>}
      {view.people.length === 0 && <span className="dim">Nobody else is involved.</span>}
      <ul className="col">{view.people.map((person) => <Person key={person.person} person={person} />)}</ul>
    </section>
  );
}

function Person({ person }: { person: ParticipantView }) {
  return (
    <li className="why">
      <ToneIcon tone={person.tone} as={icons[person.state] ?? Hand} />
      <div>
        <b>{person.me ? `You, ${person.name}` : person.name}</b> <span className="faint">{person.role}</span>
        <div className={person.tone === "neutral" ? "dim" : `tone-${person.tone}`}>{person.state}{person.at && <> <Ago at={person.at} suffix=" ago" /></>}</div>
        {person.countsUntil && <div className="faint">counts no more <Ago at={person.countsUntil} /></div>}
        {person.detail && <div className="dim"><Told text={person.detail} /></div>}
      </div>
    </li>
  );
}
