// Ledger entries: what was said, by whom, and whether it counts.
import { Link } from "@tanstack/react-router";
import { ChevronRight, Play } from "lucide-react";
import { useId, useState } from "react";
import type { AuditEntryView } from "../../contract";
import { absolute, Ago } from "../../components/time";
import { ToneIcon } from "../../components/tone";

export function RecordList({ entries, links = false }: { entries: AuditEntryView[]; links?: boolean }) {
  if (entries.length === 0) return <span className="dim">No entry.</span>;
  return <ul className="record">{entries.map((entry) => <Entry key={entry.seq} entry={entry} link={links} />)}</ul>;
}

function Entry({ entry, link }: { entry: AuditEntryView; link: boolean }) {
  const [open, setOpen] = useState(false);
  const content = useId();
  return (
    <li className={entry.ignored ? "ignored" : ""}>
      <div className="record-line">
        <button type="button" aria-expanded={open} aria-controls={content} onClick={() => setOpen(!open)}>
          <ChevronRight className={`icon turn ${open ? "turned" : ""}`} aria-hidden />
          <span className="mono faint number">{entry.seq}</span>
          <ToneIcon tone={entry.tone} as={entry.tone === "running" ? Play : undefined} />
          <b className="ellipsis">{entry.actor}</b>
          <span className="ellipsis">{entry.summary}{entry.ignored && <span className="tone-unknown"> (ignored: {entry.ignored})</span>}</span>
        </button>
        {link && (entry.promotion
          ? <Link to="/promotions/$id" params={{ id: entry.promotion }} className="mono link">{entry.promotion}</Link>
          : <span />)}
        <span className="faint age"><Ago at={entry.at} suffix=" ago" /></span>
      </div>
      {open && (
        <div id={content} className="record-body">
          <span className="dim">{entry.kind}, {absolute(entry.at)}</span>
          <span className="dim">{entry.signature ?? "no signature that counts"}</span>
          <span className="dim">leaf <code>{entry.leaf}</code></span>
          <pre>{entry.statement}</pre>
        </div>
      )}
    </li>
  );
}
