// What runs in one environment: facts, drift, commits behind, stacks, and what a promotion would do.
import { Link } from "@tanstack/react-router";
import { GitCompare, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "react-aria-components";
import type { CellDetailView } from "../../contract";
import { ErrorPanel, Loading } from "../../components/state";
import { Chip } from "../../components/tone";
import { useAsk } from "../../host/queries";
import { CellBody } from "./CellBody";
import { DrawerPromote } from "./DrawerPromote";

type Props = { service: string; environment: string; onClose: () => void };

export function CellDrawer({ service, environment, onClose }: Props) {
  const detail = useAsk("cell_view", { service, environment }, { keep: true });
  const aside = useRef<HTMLElement>(null);
  useEffect(() => aside.current?.focus(), []);
  return (
    <aside
      ref={aside}
      className="drawer"
      tabIndex={-1}
      aria-label={`${service} in ${environment}`}
      onKeyDown={(event) => {
        // Dialogs opened from here stand elsewhere in the page: their Escape is theirs.
        if (event.key === "Escape" && event.currentTarget.contains(event.target as Node)) onClose();
      }}
    >
      <div className="drawer-head">
        <div className="row">
          <h2 className="drawer-title">{service} <small>in</small> {environment}</h2>
          <Button className="btn icon-only bare right" aria-label="Close" onPress={() => onClose()}><X className="icon" aria-hidden /></Button>
        </div>
        {detail.data && (
          <div className="row wrap">
            <Chip tone={detail.data.cell.tone}>{detail.data.cell.status}</Chip>
            {detail.data.cell.markers
              .filter((mark) => mark.kind !== "drift" || detail.data.cell.tone !== "drift")
              .map((mark) => <Chip key={mark.kind + mark.label} tone={mark.tone} title={mark.detail}>{mark.label}</Chip>)}
          </div>
        )}
      </div>
      {detail.error ? <div className="drawer-body"><ErrorPanel error={detail.error} retry={() => void detail.refetch()} /></div>
        : detail.data ? <CellBody detail={detail.data} /> : <Loading what={service} lines={9} />}
      {detail.data && (
        <div className="drawer-foot">
          <DrawerPromote detail={detail.data} />
          <CompareLink detail={detail.data} />
        </div>
      )}
    </aside>
  );
}

function CompareLink({ detail }: { detail: CellDetailView }) {
  const estate = useAsk("estate_view", {});
  const list = estate.data?.environments ?? [];
  const at = list.findIndex((item) => item.name === detail.cell.environment);
  const other = list[at - 1] ?? list[at + 1];
  if (!other) return null;
  const [left, right] = at > 0 ? [detail.cell.environment, other.name] : [other.name, detail.cell.environment];
  return (
    <Link className="btn" to="/compare" search={{ service: detail.service, left, right }}>
      <GitCompare className="icon" aria-hidden />Compare
    </Link>
  );
}
