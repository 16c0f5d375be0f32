// Home: services by environments, and the drawer of one cell.
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useCallback, useMemo } from "react";
import { Button } from "react-aria-components";
import { setPreferences, usePreferences } from "../../components/preferences";
import { Segments } from "../../components/segments";
import { Empty, ErrorPanel } from "../../components/state";
import { plural } from "../../components/words";
import { useAsk } from "../../host/queries";
import { environmentsRoute } from "../../router";
import type { Density, View } from "../../search";
import { CellDrawer } from "./CellDrawer";
import { Cautions } from "./Cautions";
import { FirstStart } from "./FirstStart";
import { Matrix } from "./Matrix";
import { MatrixSkeleton } from "./MatrixSkeleton";
import { belongs, matches } from "./rows";
import { Unclaimed } from "./Unclaimed";

const viewWords: [View, string][] = [
  ["all", "All"], ["differences", "Differences"], ["needs-me", "Needs me"], ["failed", "Failed"], ["drifted", "Drifted"],
];
const densityWords: [Density, string][] = [["compact", "Compact"], ["comfortable", "Comfortable"]];
const rowHeights: Record<Density, number> = { compact: 46, comfortable: 58 };

export function EnvironmentsScreen() {
  const search = environmentsRoute.useSearch();
  const navigate = useNavigate({ from: "/environments" });
  const estate = useAsk("estate_view", {});
  const overview = useAsk("overview_view", {}, { keep: true });
  const promotions = useAsk("promotions_view", {});
  const preferences = usePreferences();
  const density = search.density ?? preferences.density;
  const { view = "all", filter = "", team } = search;

  const rows = useMemo(() => {
    const mine = new Set(promotions.data?.promotions.filter((item) => item.group === "needs-me").map((item) => item.id));
    return (overview.data?.rows ?? []).filter((row) =>
      belongs(row, view, mine) && (!team || row.team === team) && matches(row, filter));
  }, [overview.data, promotions.data, view, team, filter]);

  const choose = useCallback(
    (service?: string, environment?: string) =>
      void navigate({ search: (before) => ({ ...before, service, environment }) }),
    [navigate],
  );
  const error = estate.error ?? (overview.data ? null : overview.error);
  const scopes = overview.data?.scopes ?? [];
  const stacks = scopes.reduce((sum, scope) => sum + scope.stacks, 0);
  const drawer = search.service !== undefined && search.environment !== undefined;

  return (
    <>
      <div className="bar">
        <h1>Environments</h1>
        <Segments label="Which services" value={view} options={viewWords} onChange={(wanted) =>
          void navigate({ search: (before) => ({ ...before, view: wanted === "all" ? undefined : wanted }) })} />
        <label className="box filter">
          <Search className="icon" aria-hidden />
          <input
            type="search"
            aria-label="Filter services"
            placeholder="Filter services"
            value={filter}
            onChange={(event) => {
              const wanted = event.target.value || undefined;
              void navigate({ search: (before) => ({ ...before, filter: wanted }), replace: true });
            }}
          />
        </label>
        <span className={`faint right scopes ${overview.data?.unclaimed.length ? "crowded" : ""}`} role="status">
          {!overview.data?.takenAt ? "" : rows.length < overview.data.rows.length ? `${rows.length} of ${plural(overview.data.rows.length, "service")}` : `${plural(stacks, "stack")} in ${plural(scopes.length, "scope")}`}
        </span>
        {overview.data && overview.data.unclaimed.length > 0 && <Unclaimed stacks={overview.data.unclaimed} />}
        <Segments label="Density" value={density} options={densityWords} onChange={(wanted) => {
          setPreferences({ density: wanted });
          if (search.density) void navigate({ search: (before) => ({ ...before, density: undefined }) });
        }} />
      </div>
      <div className={`body ${drawer ? "split" : ""}`}>
        {error ? (
          <div className="page"><ErrorPanel error={error} retry={() => { void estate.refetch(); void overview.refetch(); }} /></div>
        ) : !estate.data || !overview.data ? (
          <MatrixSkeleton columns={estate.data?.environments.length ?? 3} />
        ) : overview.data.takenAt === null ? (
          <FirstStart overview={overview.data} />
        ) : rows.length === 0 ? (
          <Empty title={overview.data.rows.length === 0 ? "The estate file names no service" : emptyWords[view]}>
            {overview.data.rows.length > 0 && <Button className="btn" onPress={() => void navigate({ search: {} })}>Show all services</Button>}
          </Empty>
        ) : (
          <div className="matrix-side">
            <Cautions overview={overview.data} failure={overview.error} />
            <Matrix
              environments={estate.data.environments}
              scopes={scopes}
              rows={rows}
              rowHeight={rowHeights[density]}
              selected={drawer ? { service: search.service ?? "", environment: search.environment ?? "" } : null}
              onSelect={choose}
            />
          </div>
        )}
        {drawer && (
          <CellDrawer
            key={`${search.service}/${search.environment}`}
            service={search.service ?? ""}
            environment={search.environment ?? ""}
            onClose={choose}
          />
        )}
      </div>
    </>
  );
}

const emptyWords: Record<View, string> = {
  all: "No service is called that",
  differences: "No difference here",
  "needs-me": "Nothing here waits for you",
  failed: "Nothing here has failed",
  drifted: "No drift is known here",
};
