// The ledger: whether it holds together, and every entry.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { Button } from "react-aria-components";
import type { AuditEntryView, AuditView, ErrorEnvelope } from "../../contract";
import { Choice } from "../../components/choice";
import { Empty, ErrorPanel, Loading } from "../../components/state";
import { ask } from "../../host/queries";
import { auditRoute } from "../../router";
import { RecordList } from "./RecordList";
import { Verification } from "./Verification";

const PAGE = 200;
const everyKind = "every kind";
/** Not a kind, but what the kinds are chosen beside: entries that count for nothing. */
const ignored = "ignored";

export function AuditScreen() {
  const search = auditRoute.useSearch();
  const navigate = useNavigate({ from: "/audit" });
  const audit = useInfiniteQuery<AuditView, ErrorEnvelope, { pages: AuditView[] }, string[], number | null>({
    queryKey: ["audit_view", search.kind === ignored ? ignored : "all"],
    initialPageParam: null,
    queryFn: ({ pageParam }) => ask("audit_view", { before: pageParam, limit: PAGE, ignoredOnly: search.kind === ignored }),
    getNextPageParam: (page) => (page.more ? page.entries.at(-1)?.seq ?? null : null),
  });
  const pages = audit.data?.pages;
  const verification = pages?.[0]?.verification;
  const entries = pages?.flatMap((page) => page.entries) ?? [];
  const filter = (search.filter ?? "").toLowerCase();
  const matches = (entry: AuditEntryView) =>
    (!search.kind || search.kind === ignored || entry.kind === search.kind)
    && `${entry.seq} ${entry.actor} ${entry.kind} ${entry.summary} ${entry.promotion}`.toLowerCase().includes(filter);
  const shown = entries.filter(matches);
  const kinds = [...new Set(entries.map((entry) => entry.kind))].toSorted();
  return (
    <>
      <div className="bar">
        <h1>Audit</h1>
        <label className="box filter">
          <Search className="icon" aria-hidden />
          <input
            type="search"
            aria-label="Filter entries"
            placeholder="Person, promotion, words"
            value={search.filter ?? ""}
            onChange={(event) => {
              const wanted = event.target.value || undefined;
              void navigate({ search: (before) => ({ ...before, filter: wanted }), replace: true });
            }}
          />
        </label>
        <Choice
          label="Kind of entry"
          value={search.kind ?? everyKind}
          options={[{ id: everyKind, label: "Every kind" }, { id: ignored, label: "Ignored entries", detail: verification ? String(verification.ignored) : undefined }, ...kinds.map((kind) => ({ id: kind, label: kind }))]}
          onChange={(kind) => void navigate({ search: (before) => ({ ...before, kind: kind === everyKind ? undefined : kind }) })}
        />
        {pages && <span className="faint right" role="status">{shown.length} of {verification?.size ?? entries.length} entries</span>}
      </div>
      <div className="body">
        {audit.error && !pages ? <div className="page"><ErrorPanel error={audit.error} retry={() => void audit.refetch()} /></div>
          : !pages || !verification ? <Loading what="the ledger" lines={10} />
          : (
            <div className="page">
              <Verification verification={verification} onIgnored={() => void navigate({ search: (before) => ({ ...before, kind: ignored }) })} />
              {verification.size === 0 ? <Empty title="The ledger is empty"><p>Every step of a promotion is written here before and after it happens.</p></Empty>
                : shown.length === 0 ? <Empty title="No entry is like that"><Button className="btn" onPress={() => void navigate({ search: {} })}>Show every entry</Button></Empty>
                : <RecordList entries={shown} links />}
              {audit.hasNextPage && (
                <div><Button className="btn" isPending={audit.isFetchingNextPage} onPress={() => void audit.fetchNextPage()}>Older entries</Button></div>
              )}
            </div>
          )}
      </div>
    </>
  );
}
