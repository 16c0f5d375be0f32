// One promotion: what changes and who decides; or how it runs.
import { useParams } from "@tanstack/react-router";
import { ArrowRight, ScrollText } from "lucide-react";
import { useState } from "react";
import { ErrorPanel, Loading } from "../../components/state";
import { Ago, duration } from "../../components/time";
import { Chip } from "../../components/tone";
import { useAsk } from "../../host/queries";
import type { PromotionView } from "../../contract";
import { ActionBar } from "./ActionBar";
import { Decide } from "./Decide";
import { PromotionTabs } from "./PromotionTabs";
import { Running } from "./Running";

export function PromotionScreen() {
  const { id } = useParams({ from: "/promotions/$id" });
  const promotion = useAsk("promotion_view", { id }, { keep: true, every: 15_000 });
  if (promotion.error) {
    return <div className="page" style={{ gridRow: "1 / 3" }}><ErrorPanel error={promotion.error} retry={() => void promotion.refetch()} /></div>;
  }
  if (!promotion.data) return <Loading what={`promotion ${id}`} />;
  return <Screen key={id} view={promotion.data} />;
}

function Screen({ view }: { view: PromotionView }) {
  const [showsContent, setShowsContent] = useState(false);
  const { summary, run } = view;
  const running = run !== null && !showsContent;
  return (
    <>
      <div className="bar">
        <h1>{running && !run.finished ? "Promoting" : "Promote"} {summary.service} <span className="mono" style={{ fontSize: 14 }}>{summary.version}</span></h1>
        <span className="chip tone-neutral">{summary.from}<ArrowRight className="icon-s" aria-label="to" />{summary.to}</span>
        <Chip tone={run?.tone ?? summary.tone}>
          {run ? run.state : summary.state}
          {run && !run.finished && <> since <Ago at={run.startedAt} />{run.usualMs ? `, usually ${duration(run.usualMs)}` : ""}</>}
        </Chip>
        <span className="chip tone-neutral mono" title={view.digest}>{summary.digestShort}</span>
        <span className="faint">{summary.id}, by {summary.requestedBy} <Ago at={summary.createdAt} suffix=" ago" /></span>
        <span className="grow" />
        {run && (
          <button type="button" className="btn" aria-pressed={showsContent} onClick={() => setShowsContent(!showsContent)}>
            <ScrollText className="icon" aria-hidden />{showsContent ? "Show the run" : "Show what was approved"}
          </button>
        )}
        {running && <ActionBar view={view} />}
      </div>
      {running ? <Running view={view} /> : (
        <div className="body decide">
          <PromotionTabs view={view} />
          <Decide view={view} />
        </div>
      )}
    </>
  );
}
