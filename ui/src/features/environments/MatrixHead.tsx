// Column headings: account, regions, freeze now or next, drift, silent regions.
import { CloudOff, Snowflake } from "lucide-react";
import type { EnvironmentView, RowView, ScopeView } from "../../contract";
import { Ago, day, told } from "../../components/time";
import { Chip } from "../../components/tone";
import { plural } from "../../components/words";
import { isDrifted } from "./rows";

type Props = { environments: EnvironmentView[]; scopes: ScopeView[]; rows: RowView[] };

export function MatrixHead({ environments, scopes, rows }: Props) {
  const differ = rows.filter((row) => row.differs).length;
  return (
    <div className="mx-head" role="rowgroup">
      <div className="mx-line" role="row" aria-rowindex={1}>
        <div role="columnheader">
          <span className="mx-env">service</span>
          <small>{plural(rows.length, "service")}, {differ} {differ === 1 ? "differs" : "differ"}</small>
        </div>
        {environments.map((environment, column) => (
          <Head
            key={environment.name}
            environment={environment}
            drifted={rows.filter((row) => row.cells[column] && isDrifted(row.cells[column])).length}
            silent={scopes.filter((scope) => scope.environment === environment.name && scope.tone !== "ok")}
          />
        ))}
      </div>
    </div>
  );
}

type HeadProps = { environment: EnvironmentView; drifted: number; silent: ScopeView[] };

function Head({ environment, drifted, silent }: HeadProps) {
  const { freeze } = environment;
  return (
    <div role="columnheader">
      <span className="mx-env">
        {environment.name}
        {freeze && (
          <Chip tone="frozen" icon={Snowflake} title={`${freeze.name}: ${day(freeze.starts)} to ${day(freeze.ends)}`}>
            <span className="words">{freeze.active ? <>frozen, ends <Ago at={freeze.ends} /></> : <>freeze <Ago at={freeze.starts} /></>}</span>
          </Chip>
        )}
        {drifted > 0 && <Chip tone="drift">{drifted}<span className="words"> drifted</span></Chip>}
        {silent.length > 0 && (
          <Chip tone="unknown" icon={CloudOff} title={`Not current: ${silent.map((scope) => `${scope.region}: ${told(scope.reason ?? "no answer")}`).join("; ")}`}>
            {silent.length}<span className="words"> old</span>
          </Chip>
        )}
      </span>
      <small className="ellipsis" title={`${environment.account}, ${environment.regions.join(", ")}`}>
        <span className="mono">{environment.account}</span> {environment.regions.join(", ")}
      </small>
    </div>
  );
}
