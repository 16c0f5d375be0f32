// Column headings: account, regions, freeze now or next, drift.
import { Snowflake } from "lucide-react";
import type { EnvironmentView, RowView, ScopeView } from "../../contract";
import { absolute, Ago } from "../../components/time";
import { Chip, ToneIcon } from "../../components/tone";

type Props = { environments: EnvironmentView[]; scopes: ScopeView[]; rows: RowView[] };

export function MatrixHead({ environments, scopes, rows }: Props) {
  const differ = rows.filter((row) => row.differs).length;
  return (
    <div className="mx-head" role="rowgroup">
      <div className="mx-line" role="row" aria-rowindex={1}>
        <div role="columnheader">
          <span className="mx-env">service</span>
          <small>{rows.length} services, {differ} differ</small>
        </div>
        {environments.map((environment, column) => {
          const drifted = rows.filter((row) => row.cells[column]?.markers.some((mark) => mark.kind === "drift")).length;
          const bad = scopes.filter((scope) => scope.environment === environment.name && scope.tone !== "ok");
          return (
            <div key={environment.name} role="columnheader">
              <span className="mx-env">
                {environment.name}
                {environment.freeze && (
                  <span
                    className={`chip tone-frozen`}
                    title={`${environment.freeze.name}: ${absolute(environment.freeze.starts)} to ${absolute(environment.freeze.ends)}`}
                  >
                    <Snowflake className="icon-s" aria-hidden />
                    {environment.freeze.active ? <>frozen, ends <Ago at={environment.freeze.ends} /></> : <>freeze <Ago at={environment.freeze.starts} /></>}
                  </span>
                )}
                {drifted > 0 && <Chip tone="drift">{drifted} drifted</Chip>}
              </span>
              <small title={environment.account}>
                {environment.account.replace(/(\d{4})(?=\d)/g, "$1 ")}, {environment.regions.join(", ")}
              </small>
              {bad.map((scope) => (
                <small key={scope.region} className="ellipsis" title={scope.reason ?? ""}>
                  <ToneIcon tone={scope.tone} small /> {scope.region}: {scope.reason}
                </small>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
