// Column headings: account, regions, freeze now or next, drift, silent regions.
import { CloudOff, Rocket, Snowflake } from "lucide-react";
import { memo, useState } from "react";
import { Button } from "react-aria-components";
import type { EnvironmentView, RowView, ScopeView } from "../../contract";
import { Ago, day, told } from "../../components/time";
import { Chip } from "../../components/tone";
import { plural } from "../../components/words";
import { PrepareDialog } from "../promotions/PrepareDialog";
import { isDrifted } from "./rows";

type Props = { environments: EnvironmentView[]; scopes: ScopeView[]; rows: RowView[] };

/** Whether a row differs, as far as that is known: what was never seen is not known to differ. */
function judge({ differs, cells }: RowView): "same" | "differs" | "unknown" {
  if (!differs) return "same";
  const known = cells.filter((cell) => cell.version !== null || cell.tone !== "unknown");
  const differing = new Set(known.map((cell) => cell.version)).size > 1 || known.some((cell) => cell.tone === "bad" || cell.tone === "drift");
  return differing || known.length === cells.length ? "differs" : "unknown";
}

export const MatrixHead = memo(function MatrixHead({ environments, scopes, rows }: Props) {
  const differ = rows.filter((row) => judge(row) === "differs").length;
  const unknown = rows.filter((row) => judge(row) === "unknown").length;
  const words = `${differ} ${differ === 1 ? "differs" : "differ"}`;
  const count = plural(rows.length, "service");
  return (
    <div className="mx-head" role="rowgroup">
      <div className="mx-line" role="row" aria-rowindex={1}>
        <div role="columnheader">
          <span className="mx-env">service</span>
          <small className="ellipsis" title={`${count}, ${words}, ${unknown} unknown`}>{unknown > 0 ? `${words}, ${unknown} unknown` : `${count}, ${words}`}</small>
        </div>
        {environments.map((environment, column) => (
          <Head
            key={environment.name}
            environment={environment}
            drifted={rows.filter((row) => row.cells[column] && isDrifted(row.cells[column])).length}
            from={column > 0 ? environments[column - 1]?.name ?? null : null}
            able={rows.filter((row) => row.cells[column]?.promote.state === "allowed").length}
            silent={scopes.filter((scope) => scope.environment === environment.name && scope.tone !== "ok")}
          />
        ))}
      </div>
    </div>
  );
});

type HeadProps = { environment: EnvironmentView; drifted: number; from: string | null; able: number; silent: ScopeView[] };

function Head({ environment, drifted, from, able, silent }: HeadProps) {
  const [asked, setAsked] = useState(false);
  const { freeze } = environment;
  const crowd = ["", "", "two-chips", "three-chips", "three-chips"][[freeze, drifted > 0, silent.length > 0, from !== null && able > 1].filter(Boolean).length];
  return (
    <div role="columnheader">
      <span className={`mx-env ${crowd}`}>
        {environment.name}
        {freeze && (
          <Chip tone="frozen" icon={Snowflake} title={`${freeze.name}: ${day(freeze.starts)} to ${day(freeze.ends)}`}>
            <span className="words">{freeze.active ? <>frozen, ends <Ago at={freeze.ends} /></> : <>freeze <Ago at={freeze.starts} /></>}</span>
          </Chip>
        )}
        {drifted > 0 && <Chip tone="drift" title={plural(drifted, "service has drifted", "services have drifted")}>{drifted}<span className="words"> drifted</span></Chip>}
        {silent.length > 0 && (
          <Chip tone="unknown" icon={CloudOff} title={`Not current: ${silent.map((scope) => `${scope.region}: ${told(scope.reason ?? "no answer")}`).join("; ")}`}>
            {silent.length}<span className="words"> {silent.some((scope) => scope.at) ? "old" : "unknown"}</span>
          </Chip>
        )}
        {from !== null && able > 1 && (
          <Button className="btn small bare right" aria-label={`Promote what ${from} runs to ${environment.name}: ${able} services`} onPress={() => setAsked(true)}>
            <Rocket className="icon" aria-hidden />{able}
          </Button>
        )}
      </span>
      {asked && from !== null && <PrepareDialog isOpen onOpenChange={setAsked} service={null} from={from} to={environment.name} />}
      <small className="ellipsis" title={`${environment.account}, ${environment.regions.join(", ")}`}>
        <span className="mono">{environment.account}</span> {environment.regions.join(", ")}
      </small>
    </div>
  );
}
