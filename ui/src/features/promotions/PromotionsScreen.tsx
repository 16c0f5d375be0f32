// The inbox: needs me, waiting on others, done.
import { Link } from "@tanstack/react-router";
import type { InboxGroup } from "../../contract";
import { Empty, ErrorPanel, Loading } from "../../components/state";
import { inboxWords } from "../../components/words";
import { useAsk } from "../../host/queries";
import { promotionsRoute } from "../../router";
import { InboxLine } from "./InboxLine";

const groups: InboxGroup[] = ["needs-me", "waiting", "done"];
const nothing: Record<InboxGroup, string> = { "needs-me": "Nothing waits for you.", waiting: "Nothing waits on others.", done: "Nothing is done yet." };

export function PromotionsScreen() {
  const { team } = promotionsRoute.useSearch();
  const estate = useAsk("estate_view", {});
  const promotions = useAsk("promotions_view", {}, { every: 5_000, keep: true });
  const ofTeam = new Set(estate.data?.services.filter((service) => service.team === team).map((service) => service.name));
  const list = promotions.data?.promotions.filter((item) => !team || item.services.some((service) => ofTeam.has(service)));
  return (
    <>
      <div className="bar">
        <h1>Promotions</h1>
        {team && <span className="chip tone-neutral">team {team}</span>}
        <span className="faint right">begun from a difference in <Link className="link" to="/environments" search={{ view: "differences" }}>Environments</Link> or <Link className="link" to="/compare">Compare</Link></span>
      </div>
      <div className="body">
        {promotions.error && !list ? <div className="page"><ErrorPanel error={promotions.error} retry={() => void promotions.refetch()} /></div>
          : !list ? <Loading what="promotions" lines={8} />
          : list.length === 0 ? (
            <Empty title={team ? `No promotion of ${team} is recorded` : "No promotion is recorded yet"}>
              <p>Find a service whose versions differ, open its cell, and promote it from there.</p>
              <Link className="btn primary" to="/environments" search={{ view: "differences" }}>Show differences</Link>
            </Empty>
          ) : (
            <div className="page">
              {groups.map((group) => {
                const own = list.filter((item) => item.group === group);
                return (
                  <section key={group} className="col" aria-labelledby={`group-${group}`}>
                    <h2 id={`group-${group}`} className="group-title">{inboxWords[group]} <span className="faint">{own.length}</span></h2>
                    {own.length === 0
                      ? <span className="dim">{nothing[group]}</span>
                      : <ul className={`inbox ${group}`}>{own.map((item) => <li key={item.id}><InboxLine item={item} /></li>)}</ul>}
                  </section>
                );
              })}
            </div>
          )}
      </div>
    </>
  );
}
