// Ledger entries: what was said, by whom, and whether it counts.
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { AuditEntryView } from "../../contract";
import { absolute, Ago } from "../../components/time";
import { ToneIcon } from "../../components/tone";

export function RecordList({ entries, links = false }: { entries: AuditEntryView[]; links?: boolean }) {
  if (entries.length === 0) return <span className="faint">No entry.</span>;
  return (
    <div className="col" style={{ gap: 0 }}>
      {entries.map((entry) => (
        <details key={entry.seq} className="res" style={{ borderWidth: "0 0 1px", borderRadius: 0, background: "none" }}>
          <summary style={{ flexWrap: "nowrap" }}>
            <ChevronRight className="icon turn" aria-hidden />
            <span className="mono faint" style={{ minWidth: 44 }}>{entry.seq}</span>
            <ToneIcon tone={entry.tone} />
            <b style={{ minWidth: 104 }}>{entry.actor}</b>
            <span className="grow ellipsis">{entry.summary}{entry.ignored && <span className="tone-unknown"> (ignored: {entry.ignored})</span>}</span>
            {links && entry.promotion && <Link to="/promotions/$id" params={{ id: entry.promotion }} className="mono">{entry.promotion}</Link>}
            <span className="faint" style={{ minWidth: 64, textAlign: "right" }}><Ago at={entry.at} /></span>
          </summary>
          <div className="col" style={{ padding: "8px 12px 12px 62px" }}>
            <span className="dim">{entry.kind}, {absolute(entry.at)}, leaf <code>{entry.leaf}</code></span>
            <pre>{entry.statement}</pre>
          </div>
        </details>
      ))}
    </div>
  );
}
