// A cell: version, status, age, marks, and the promotion control.
import { memo } from "react";
import type { CellView, MarkerView, Tone } from "../../contract";
import { Ago, told } from "../../components/time";
import { ToneIcon } from "../../components/tone";
import { Mark } from "./Mark";
import { PromoteControl } from "./PromoteControl";

type Props = { cell: CellView; service: string; place: string; active: boolean; selected: boolean };

/** The status as a mark, unless the version's icon or another mark already says it. */
function statusMark(cell: CellView): MarkerView[] {
  const told = cell.tone === "ok" || cell.version === null || cell.markers.some((mark) => mark.tone === cell.tone && mark.kind !== "gate");
  return told ? [] : [{ kind: "promotion", tone: cell.tone, label: cell.status, detail: cell.reason ?? cell.status }];
}

function openMark(cell: CellView): MarkerView[] {
  if (cell.promote.state !== "open" || cell.tone === "running") return [];
  const running = cell.promote.label === "running";
  return [{ kind: "promotion", tone: running ? "running" : "waiting", label: cell.promote.label, detail: `${cell.promote.promotion}: ${cell.promote.label}` }];
}

// A narrow column cuts the last marks first.
const urgency: Tone[] = ["bad", "drift", "running", "waiting", "frozen", "unknown", "ok", "neutral"];

export const MatrixCell = memo(
  function MatrixCell({ cell, service, place, active, selected }: Props) {
    const absent = cell.tone === "neutral" && cell.version === null;
    const marks = [...statusMark(cell), ...cell.markers, ...openMark(cell)].toSorted((a, b) => urgency.indexOf(a.tone) - urgency.indexOf(b.tone));
    const bare = marks.length === 0 && !cell.since && (cell.version !== null || !cell.reason);
    return (
      <div
        role="gridcell"
        className={`cell ${cell.sameAsLeft && cell.tone === "ok" ? "same" : ""} ${absent ? "absent" : ""} ${cell.promote.state === "none" ? "" : "to"} ${bare ? "bare" : ""}`}
        data-place={place}
        tabIndex={active ? 0 : -1}
        aria-selected={selected}
        aria-description={cell.reason ? told(cell.reason) : undefined}
      >
        <span className="v" title={cell.reason ? told(cell.reason) : undefined}>
          <ToneIcon tone={cell.tone} label={cell.status} />
          <span className={`${cell.version ? "mono" : "word"} ellipsis`}>{cell.version ?? cell.status}</span>
          {cell.lastGood && <span className="faint ellipsis">last good <span className="mono">{cell.lastGood}</span></span>}
        </span>
        <span className="meta">
          {cell.since && <Ago at={cell.since} />}
          {marks.map((mark) => <Mark key={`${mark.kind}${mark.label}`} mark={mark} />)}
          {!cell.version && cell.reason && <span className="ellipsis" title={told(cell.reason)}>{told(cell.reason)}</span>}
        </span>
        <PromoteControl promote={cell.promote} environment={cell.environment} service={service} />
      </div>
    );
  },
  (a, b) => a.cell === b.cell && a.active === b.active && a.selected === b.selected && a.place === b.place,
);
