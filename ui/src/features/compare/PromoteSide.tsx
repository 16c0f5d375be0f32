// When the left side is what the right one would be promoted into: the way there.
import { Link } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { ActionButton } from "../../components/action";
import { useAsk } from "../../host/queries";
import { PrepareDialog } from "../promotions/PrepareDialog";

export function PromoteSide({ service, left, right }: { service: string; left: string; right: string }) {
  const overview = useAsk("overview_view", {});
  const [asked, setAsked] = useState(false);
  const promote = overview.data?.rows.find((row) => row.service === service)?.cells.find((cell) => cell.environment === left)?.promote;
  switch (promote?.state) {
    case "allowed":
      return promote.from !== right ? null : (
        <>
          <Button className="btn primary" onPress={() => setAsked(true)}><Rocket className="icon" aria-hidden />Promote {right} to {left}</Button>
          {asked && <PrepareDialog isOpen onOpenChange={setAsked} service={service} from={right} to={left} />}
        </>
      );
    case "refused":
      return promote.from !== right ? null : (
        <ActionButton onPress={() => undefined} reason={promote.reasons.map((reason) => reason.text).join("; ")}>
          <Rocket className="icon" aria-hidden />Promote {right} to {left}
        </ActionButton>
      );
    case "open":
      return <Link className="btn" to="/promotions/$id" params={{ id: promote.promotion }}><Rocket className="icon" aria-hidden />Open {promote.promotion}</Link>;
    default:
      return null;
  }
}
