// The promotion control at the foot of the drawer, with its words.
import { Link } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { ActionButton } from "../../components/action";
import type { CellDetailView } from "../../contract";
import { PrepareDialog } from "../promotions/PrepareDialog";

export function DrawerPromote({ detail }: { detail: CellDetailView }) {
  const { promote, environment } = detail.cell;
  const [asked, setAsked] = useState(false);
  switch (promote.state) {
    case "none":
      return null;
    case "open":
      return (
        <Link className="btn primary" to="/promotions/$id" params={{ id: promote.promotion }}>
          <Rocket className="icon" aria-hidden />Open {promote.promotion}
        </Link>
      );
    case "allowed":
      return (
        <>
          <Button className="btn primary" onPress={() => setAsked(true)}><Rocket className="icon" aria-hidden />Promote {promote.version ?? ""} to {environment}</Button>
          {asked && <PrepareDialog isOpen onOpenChange={setAsked} service={detail.service} from={promote.from} to={environment} />}
        </>
      );
    case "refused":
      return (
        <ActionButton onPress={() => undefined} reason={promote.reasons.map((reason) => reason.text).join("; ")}>
          <Rocket className="icon" aria-hidden />Promote to {environment}
        </ActionButton>
      );
  }
}
