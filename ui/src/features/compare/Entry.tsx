// One resource, output or other entry that differs, with its properties.
import { ChevronRight } from "lucide-react";
import type { EntryView, PropertyView } from "../../contract";
import { DifferenceChip } from "../../components/impact";
import { Path } from "../../components/path";
import { ToneIcon } from "../../components/tone";
import { plural } from "../../components/words";
import type { Show } from "../../search";

export const isExpected = (entry: EntryView) => entry.properties.length > 0 && entry.properties.every((property) => property.expected);

type Props = { entry: EntryView; labels: [string, string]; show: Show; open?: boolean };

export function Entry({ entry, labels, show, open = false }: Props) {
  const words = entry.state === "only-left" ? `only in ${labels[0]}` : entry.state === "only-right" ? `only in ${labels[1]}` : undefined;
  const shown = entry.properties.filter((property) => show === "everything" || !property.expected);
  const hidden = entry.properties.length - shown.length;
  const unknown = entry.properties.filter((property) => property.unknown).length;
  return (
    <details className="res" open={open}>
      <summary data-change={open ? "" : undefined}>
        <ChevronRight className="icon turn" aria-hidden />
        <b className="mono">{entry.name}</b>
        <span className="dim">{entry.resourceType ?? entry.section}</span>
        <DifferenceChip state={entry.state} words={words} />
        {unknown > 0 && <span className="chip tone-unknown"><ToneIcon tone="unknown" small />{unknown} cannot be compared</span>}
        <span className="faint right mono ellipsis" title={entry.location ?? undefined}>{entry.location}</span>
      </summary>
      {shown.length > 0 && (
        <div className="props" role="table" aria-label={entry.name}>
          <div className="prop head" role="row">
            <div role="columnheader">property</div><div role="columnheader">{labels[0]}</div><div role="columnheader">{labels[1]}</div><div role="columnheader">cause</div>
          </div>
          {shown.map((property) => <Property key={property.path} property={property} />)}
        </div>
      )}
      {hidden > 0 && <div className="dim res-note">{plural(hidden, "expected property", "expected properties")} not shown.</div>}
      {entry.properties.length === 0 && <div className="dim res-note">No property is named.</div>}
    </details>
  );
}

function Property({ property }: { property: PropertyView }) {
  const quiet = property.expected || property.unknown;
  return (
    <div className={`prop ${quiet ? "quiet" : ""}`} role="row">
      <div className="mono" role="rowheader"><Path path={property.path} /></div>
      <Value value={property.before} kind="before" unknown={property.unknown} />
      <Value value={property.after} kind="after" unknown={property.unknown} />
      <div className="dim" role="cell">
        {property.unknown ? <><span className="tone-unknown">cannot be compared</span><div className="faint">{property.cause}</div></> : property.cause}
        {property.expected && <div className="faint">expected</div>}
      </div>
    </div>
  );
}

function Value({ value, kind, unknown }: { value: string | null; kind: "before" | "after"; unknown: boolean }) {
  return (
    <div role="cell" className={value === null ? "faint" : kind}>
      {value === null ? (unknown ? "unknown" : "absent") : <pre>{value}</pre>}
    </div>
  );
}
