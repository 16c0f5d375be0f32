// Why a promotion is refused, each reason with the place that explains it.
import { Link } from "@tanstack/react-router";
import type { ReasonView } from "../../contract";
import { OutLink } from "../../components/outlink";
import { ToneIcon } from "../../components/tone";

export function Reasons({ reasons }: { reasons: ReasonView[] }) {
  return (
    <ul className="col">
      {reasons.map((reason) => (
        <li key={reason.text} className="why">
          <ToneIcon tone="bad" />
          <div>
            {reason.text}
            {reason.link && <div>{reason.link.startsWith("http")
              ? <OutLink url={reason.link}>See it there</OutLink>
              : <Link className="link" to={reason.link.replace(/^#/, "")}>Go there</Link>}</div>}
          </div>
        </li>
      ))}
    </ul>
  );
}
