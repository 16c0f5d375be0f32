// The inbox: needs me, waiting on others, done.
import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import type { InboxGroup, PromotionSummaryView } from "../../contract";
import { Empty, ErrorPanel, Loading } from "../../components/state";
import { Ago } from "../../components/time";
import { Chip } from "../../components/tone";
import { useAsk } from "../../host/queries";

const groups: [InboxGroup, string][] = [["needs-me", "Needs me"], ["waiting", "Waiting on others"], ["done", "Done"]];

export function PromotionsScreen() {
  const promotions = useAsk("promotions_view", {}, { every: 5_000 });
  return (
    <>
      <div className="bar"><h1>Promotions</h1></div>
      <div className="body">
        {promotions.error ? <div className="page"><ErrorPanel error={promotions.error} retry={() => void promotions.refetch()} /></div>
          : !promotions.data ? <Loading what="promotions" />
          : promotions.data.promotions.length === 0 ? (
            <Empty title="No promotion is recorded yet">
              <p>Begin one from a difference in <Link to="/environments" search={{ view: "differences" }}>Environments</Link>.</p>
            </Empty>
          ) : (
            <div className="page">
              {groups.map(([group, title]) => {
                const list = promotions.data.promotions.filter((item) => item.group === group);
                return (
                  <section key={group} className="col" aria-label={title}>
                    <h2 className="label">{title} {list.length}</h2>
                    {list.length === 0
                      ? <span className="faint">{group === "needs-me" ? "Nothing waits for you." : "None."}</span>
                      : <div className="inbox">{list.map((item) => <Line key={item.id} item={item} />)}</div>}
                  </section>
                );
              })}
            </div>
          )}
      </div>
    </>
  );
}

function Line({ item }: { item: PromotionSummaryView }) {
  return (
    <Link className="inbox-line" to="/promotions/$id" params={{ id: item.id }}>
      <span className="col" style={{ gap: 0 }}>
        <span className="row"><b>{item.service}</b><span className="mono">{item.version}</span></span>
        <span className="faint mono">{item.id}</span>
      </span>
      <span className="row">{item.from}<ArrowRight className="icon-s" aria-label="to" />{item.to}</span>
      <span><Chip tone={item.tone}>{item.state}</Chip></span>
      <span className="dim ellipsis" title={item.waitingOn ?? ""}>{item.waitingOn}</span>
      <span className="faint">{item.requestedBy}, <Ago at={item.updatedAt} /></span>
    </Link>
  );
}
