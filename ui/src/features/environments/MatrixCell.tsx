// A cell: version, status, age, marks, and the promotion control.
import { memo } from "react";
import type { CellView } from "../../contract";
import { Ago } from "../../components/time";
import { ToneIcon } from "../../components/tone";
import { PromoteControl } from "./PromoteControl";

type Props = {
  cell: CellView;
  service: string;
  place: string;
  active: boolean;
  selected: boolean;
  onChoose: () => void;
};

export const MatrixCell = memo(
  function MatrixCell({ cell, service, place, active, selected, onChoose }: Props) {
    const calm = cell.tone === "ok";
    const title = cell.version ?? cell.status;
    return (
      <div
        role="gridcell"
        className={`cell ${cell.sameAsLeft && calm ? "same" : ""}`}
        data-place={place}
        tabIndex={active ? 0 : -1}
        aria-selected={selected}
        title={cell.reason ?? undefined}
        onClick={onChoose}
      >
        <span className="v">
          <ToneIcon tone={cell.tone} label={cell.status} />
          <span className="mono ellipsis">{title}</span>
          {!calm && cell.version && <span className={`tone-${cell.tone} ellipsis`}>{cell.status}</span>}
          {cell.lastGood && <span className="faint ellipsis">last good <span className="mono">{cell.lastGood}</span></span>}
        </span>
        <span className="meta">
          {cell.since && <Ago at={cell.since} />}
          {cell.markers.map((mark) => (
            <span key={`${mark.kind}${mark.label}`} className={`mark tone-${mark.tone}`} title={mark.detail}>
              {mark.tone !== "neutral" && <ToneIcon tone={mark.tone} small />}{mark.label}
            </span>
          ))}
          {!cell.version && cell.reason && <span className="ellipsis">{cell.reason}</span>}
        </span>
        <PromoteControl cell={cell} service={service} />
      </div>
    );
  },
  (a, b) => a.cell === b.cell && a.active === b.active && a.selected === b.selected && a.place === b.place,
);
