// Home: services by environments, and the drawer of one cell.
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { RowView } from "../../contract";
import { ErrorPanel, Empty, Loading } from "../../components/state";
import { setPreferences, usePreferences } from "../../components/preferences";
import { useAsk } from "../../host/queries";
import { environmentsRoute, type View, views } from "../../router";
import { CellDrawer } from "./CellDrawer";
import { Matrix } from "./Matrix";

const words: Record<View, string> = {
  all: "All", differences: "Differences", "needs-me": "Needs me", failed: "Failed", drifted: "Drifted",
};

function belongs(row: RowView, view: View): boolean {
  switch (view) {
    case "all": return true;
    case "differences": return row.differs;
    case "needs-me": return row.cells.some((cell) => cell.promote.state === "open");
    case "failed": return row.cells.some((cell) => cell.tone === "bad" || cell.markers.some((mark) => mark.tone === "bad"));
    case "drifted": return row.cells.some((cell) => cell.markers.some((mark) => mark.kind === "drift"));
  }
}

export function EnvironmentsScreen() {
  const search = environmentsRoute.useSearch();
  const navigate = useNavigate({ from: "/environments" });
  const estate = useAsk("estate_view", {});
  const overview = useAsk("overview_view", {}, { keep: true });
  const { density } = usePreferences();
  const view = search.view ?? "all";
  const rows = useMemo(() => {
    const filter = search.filter?.toLowerCase() ?? "";
    return (overview.data?.rows ?? []).filter((row) =>
      belongs(row, view)
      && (!search.team || row.team === search.team)
      && (filter === "" || `${row.service} ${row.group} ${row.team}`.toLowerCase().includes(filter)));
  }, [overview.data, view, search.team, search.filter]);

  const error = estate.error ?? overview.error;
  const scopes = overview.data?.scopes ?? [];
  const silent = scopes.filter((scope) => scope.tone === "bad" || scope.tone === "waiting").length;
  const stacks = scopes.reduce((sum, scope) => sum + scope.stacks, 0);
  const drawer = search.service && search.environment;
  const choose = (service?: string, environment?: string) =>
    void navigate({ search: (before) => ({ ...before, service, environment }) });

  return (
    <>
      <div className="bar">
        <h1>Environments</h1>
        <div className="seg" role="group" aria-label="Which services">
          {views.map((item) => (
            <button
              key={item}
              type="button"
              aria-pressed={item === view}
              onClick={() => void navigate({ search: (before) => ({ ...before, view: item === "all" ? undefined : item }) })}
            >
              {words[item]}
            </button>
          ))}
        </div>
        <input
          className="field"
          type="search"
          aria-label="Filter services"
          placeholder="Filter services"
          value={search.filter ?? ""}
          onChange={(event) => {
            const filter = event.target.value || undefined;
            void navigate({ search: (before) => ({ ...before, filter }), replace: true });
          }}
        />
        <span className="faint right" role="status">
          {rows.length} of {overview.data?.rows.length ?? 0} services, {stacks} stacks in {scopes.length} scopes
          {silent > 0 && <span className="tone-waiting">, {silent} not answering</span>}
        </span>
        <div className="seg" role="group" aria-label="Density">
          {(["compact", "comfortable"] as const).map((item) => (
            <button key={item} type="button" aria-pressed={item === density} onClick={() => setPreferences({ density: item })}>
              {item === "compact" ? "Compact" : "Comfortable"}
            </button>
          ))}
        </div>
      </div>
      <div className={`body ${drawer ? "split" : ""}`}>
        {error ? (
          <div className="page"><ErrorPanel error={error} retry={() => { void estate.refetch(); void overview.refetch(); }} /></div>
        ) : !estate.data || !overview.data ? (
          <Loading what="the environments" />
        ) : rows.length === 0 ? (
          <Empty title={overview.data.rows.length === 0 ? "The estate file names no service" : "No service matches"}>
            {overview.data.rows.length > 0 && (
              <button type="button" className="btn" onClick={() => void navigate({ search: {} })}>Show all services</button>
            )}
          </Empty>
        ) : (
          <Matrix
            environments={estate.data.environments}
            scopes={scopes}
            rows={rows}
            rowHeight={density === "compact" ? 46 : 58}
            selected={drawer ? { service: search.service ?? "", environment: search.environment ?? "" } : null}
            onSelect={choose}
          />
        )}
        {drawer && (
          <CellDrawer
            key={`${search.service}/${search.environment}`}
            service={search.service ?? ""}
            environment={search.environment ?? ""}
            onClose={() => choose()}
          />
        )}
      </div>
    </>
  );
}
