// One resource, output or other entry that differs, with its properties.
import { ChevronRight } from "lucide-react";
import type { EntryView, PropertyView, ResourceRow } from "../../contract";
import { DifferenceChip, JudgementChips } from "../../components/impact";
import { Path } from "../../components/path";
import { ToneIcon } from "../../components/tone";
import { plural } from "../../components/words";
import type { Show } from "../../search";
import type { Spot } from "./spot";

export const isExpected = (entry: EntryView) => entry.properties.length > 0 && entry.properties.every((property) => property.expected);

type Props = { entry: EntryView; labels: [string, string]; show: Show; open?: boolean; id?: string; onLine?: (side: Spot["side"], line: number) => void };

export function Entry({ entry, labels, show, open = false, id, onLine }: Props) {
  const words = entry.state === "only-left" ? `only in ${labels[0]}` : entry.state === "only-right" ? `only in ${labels[1]}` : undefined;
  const shown = entry.properties.filter((property) => show === "everything" || !property.expected);
  const hidden = entry.properties.length - shown.length;
  const unknown = entry.properties.filter((property) => property.unknown).length;
  return (
    <details className="res" open={open} id={id}>
      <summary data-change={open ? "" : undefined}>
        <ChevronRight className="icon turn" aria-hidden />
        <b className="mono">{entry.name}</b>
        <span className="dim">{entry.resourceType ?? entry.section}</span>
        {entry.judgement && entry.state === "changed" ? <JudgementChips row={entry.judgement} /> : <DifferenceChip state={entry.state} words={words} />}
        {entry.judgement && entry.state !== "changed" && <Consequence row={entry.judgement} />}
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
      {entry.judgement && <Notes row={entry.judgement} />}
      <div className="dim res-note row">
        {hidden > 0 && <span>{plural(hidden, "expected property", "expected properties")} not shown.</span>}
        {entry.properties.length === 0 && <span>No property is named.</span>}
        <Place entry={entry} onLine={onLine} />
      </div>
    </details>
  );
}

/** Leads to the template, at the line where the entry stands. */
function Place({ entry, onLine }: Pick<Props, "entry" | "onLine">) {
  const line = Number(/:(\d+)$/.exec(entry.location ?? "")?.[1]);
  if (!onLine || !line) return null;
  const open = () => onLine(entry.state === "only-left" ? "left" : "right", line);
  return <button type="button" className="link right" onClick={open}>Open the template<span className="sr"> of {entry.name}</span> at line {line}</button>;
}

/** Of a resource on one side only, what its coming or going means beyond that. */
function Consequence({ row }: { row: ResourceRow }) {
  const isPlain = row.impact === "creates" && (row.security === null || row.security === "same");
  return isPlain ? null : <JudgementChips row={row} />;
}

function Notes({ row }: { row: ResourceRow }) {
  const lines: [string, string][] = [
    ...row.accessAdded.map((text): [string, string] => ["new access", text]),
    ...row.accessRemoved.map((text): [string, string] => ["access gone", text]),
    ...row.notes.map((text): [string, string] => ["note", text]),
    ...row.unknowns.map((text): [string, string] => ["not known", text]),
  ];
  if (lines.length === 0) return null;
  return (
    <dl className="res-notes">
      {lines.map(([term, text]) => <div key={term + text}><dt className={term === "new access" ? "tone-bad" : "dim"}>{term}</dt><dd>{text}</dd></div>)}
    </dl>
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
