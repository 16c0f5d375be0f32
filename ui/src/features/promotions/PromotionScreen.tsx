// One promotion: what changes and who decides; or how it runs.
import { useNavigate, useParams } from "@tanstack/react-router";
import { Activity, ArrowRight, ScrollText } from "lucide-react";
import { Button } from "react-aria-components";
import { useFocusKept } from "../../components/focus";
import type { PromotionView } from "../../contract";
import { ErrorPanel, Loading } from "../../components/state";
import { absolute, Ago } from "../../components/time";
import { Chip } from "../../components/tone";
import { useAsk } from "../../host/queries";
import { promotionRoute } from "../../router";
import type { PromotionTab } from "../../search";
import { ActionBar } from "./ActionBar";
import { Decide } from "./Decide";
import { EmergencyChip } from "./Emergency";
import { PromotionTabs } from "./PromotionTabs";
import { RunChip } from "./RunChip";
import { Running } from "./Running";

export function PromotionScreen() {
  const { id } = useParams({ from: "/promotions/$id" });
  const promotion = useAsk("promotion_view", { id }, { every: 15_000 });
  if (promotion.data) return <Screen key={id} view={promotion.data} />;
  return (
    <>
      <div className="bar"><h1>Promotion <span className="mono">{id}</span></h1></div>
      <div className="body">
        {promotion.error
          ? <div className="page"><ErrorPanel error={promotion.error} retry={() => void promotion.refetch()} /></div>
          : <Loading what={`promotion ${id}`} lines={9} />}
      </div>
    </>
  );
}

function Screen({ view }: { view: PromotionView }) {
  const { tab } = promotionRoute.useSearch();
  const navigate = useNavigate({ from: "/promotions/$id" });
  const { summary, run } = view;
  const shown: PromotionTab = tab ?? (run ? "run" : "changes");
  const running = run !== null && shown === "run";
  useFocusKept(`${summary.state} ${view.actions.map((item) => item.action).join(" ")} ${running}`);
  const to = (wanted: PromotionTab) => void navigate({ search: { tab: wanted } });
  return (
    <>
      <div className="bar">
        <h1>{run && !run.finished ? "Promoting" : "Promote"} {summary.title} <span className="mono">{summary.version}</span></h1>
        <span className="chip tone-neutral">{summary.from}<ArrowRight className="icon-s" role="img" aria-label="to" />{summary.to}</span>
        {run ? <RunChip run={run} /> : <Chip tone={summary.tone}>{summary.state}</Chip>}
        <EmergencyChip emergency={summary.emergency} />
        {running && <span className="chip tone-neutral mono" title={`manifest ${view.digest}`}>{summary.digestShort}</span>}
        <span className="faint ellipsis about" title={`${summary.id}, by ${summary.requestedBy}, ${absolute(summary.createdAt)}`}>{summary.id}, by {summary.requestedBy} <Ago at={summary.createdAt} suffix=" ago" /></span>
        {run && (
          <Button className="btn" onPress={() => to(running ? "changes" : "run")}>
            {running ? <><ScrollText className="icon" aria-hidden />What was approved</> : <><Activity className="icon" aria-hidden />Show the run</>}
          </Button>
        )}
        {running && <ActionBar view={view} />}
      </div>
      {running ? <Running view={view} /> : (
        <div className="body decide">
          <PromotionTabs view={view} tab={shown === "run" ? "changes" : shown} onTab={to} />
          <Decide view={view} />
        </div>
      )}
    </>
  );
}
