// The ledger: whether it holds together, and every entry.
import { useState } from "react";
import type { AuditEntryView } from "../../contract";
import { Empty, ErrorPanel, Loading } from "../../components/state";
import { Chip } from "../../components/tone";
import { useAsk } from "../../host/queries";
import { RecordList } from "./RecordList";

const PAGE = 200;

export function AuditScreen() {
  const [limit, setLimit] = useState(PAGE);
  const [filter, setFilter] = useState("");
  const audit = useAsk("audit_view", { before: null, limit: Math.min(limit, 500) }, { keep: true });
  const match = (entry: AuditEntryView) =>
    `${entry.actor} ${entry.kind} ${entry.summary} ${entry.promotion}`.toLowerCase().includes(filter.toLowerCase());
  const view = audit.data;
  return (
    <>
      <div className="bar">
        <h1>Audit</h1>
        {view && <Chip tone={view.verification.tone}>{view.verification.summary}</Chip>}
        {view && <span className="faint mono ellipsis" title={view.verification.root}>root {view.verification.root.slice(0, 16)}</span>}
        <input className="field right" type="search" aria-label="Filter entries" placeholder="Person, kind, promotion" value={filter} onChange={(event) => setFilter(event.target.value)} />
      </div>
      <div className="body">
        {audit.error ? <div className="page"><ErrorPanel error={audit.error} retry={() => void audit.refetch()} /></div>
          : !view ? <Loading what="the ledger" />
          : view.entries.length === 0 ? <Empty title="The ledger is empty"><p>Every step of a promotion is written here before and after it happens.</p></Empty>
          : (
            <div className="page">
              <p className="dim">
                Kept on this machine: altering an entry is noticed, but not by somebody who holds the machine and writes
                the whole log anew. Entries are not signed yet.
              </p>
              <RecordList entries={view.entries.filter(match)} links />
              {view.more && limit < 500 && <button type="button" className="btn" onClick={() => setLimit(limit + PAGE)}>Older entries</button>}
            </div>
          )}
      </div>
    </>
  );
}
