// An earlier look no longer counts: which elements moved, from what to what, and the way to ask anew.
import { TriangleAlert } from "lucide-react";
import { Button } from "react-aria-components";
import type { PromotionView, VoidedView } from "../../contract";
import { ActionButton } from "../../components/action";
import { ErrorPanel } from "../../components/state";
import { Ago } from "../../components/time";
import { plural } from "../../components/words";
import { useAskAnew } from "./useActions";

type Props = { voided: VoidedView; view: PromotionView; onLook: () => void };

export function Voided({ voided, view, onLook }: Props) {
  const anew = useAskAnew(view);
  const again = view.summary.state === "voided" ? view.actions.find((item) => item.action === "prepare-again") : undefined;
  const who = voided.approvedBy.join(" and ");
  return (
    <div className="notice wait" role="alert">
      <div className="row wrap">
        <TriangleAlert className="icon tone-waiting" aria-hidden />
        <b>{who ? `The approval by ${who} was voided` : "What was asked for is void"} <Ago at={voided.at} suffix=" ago" /></b>
        {again
          ? <span className="right"><ActionButton reason={again.reason} busy={anew.busy} onPress={anew.start}>Review again</ActionButton></span>
          : <Button className="btn right" onPress={onLook}>Review what moved</Button>}
      </div>
      <div>{plural(voided.moved.length, "element")} moved, as {voided.by} found. {again ? "Review again prepares it anew and asks for approval." : "Everybody must look again."}</div>
      <table className="grid-table">
        <thead><tr><th scope="col">Element</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
        <tbody>
          {voided.moved.map((moved) => (
            <tr key={moved.element}><th scope="row">{moved.element}</th><td className="mono">{moved.before}</td><td className="mono">{moved.after}</td></tr>
          ))}
        </tbody>
      </table>
      {anew.error && <ErrorPanel error={anew.error} />}
    </div>
  );
}
