// Two sides: every service with counts on the left, one service in detail on the right.
import { useNavigate } from "@tanstack/react-router";
import { ArrowLeftRight } from "lucide-react";
import { Button } from "react-aria-components";
import { Segments } from "../../components/segments";
import { Empty, ErrorPanel, Loading } from "../../components/state";
import { useAsk } from "../../host/queries";
import { compareRoute } from "../../router";
import type { CompareSearch, Show } from "../../search";
import { Detail } from "./Detail";
import { PromoteSide } from "./PromoteSide";
import { ServiceTree } from "./ServiceTree";
import { SidePicker } from "./SidePicker";
import { readSpot, spotText } from "./spot";
import { toSide } from "./sides";
import { useChangeKeys } from "./useChangeKeys";

const showWords: [Show, string][] = [["unexpected", "Unexpected"], ["everything", "Everything"]];

export function CompareScreen() {
  const search = compareRoute.useSearch();
  const navigate = useNavigate({ from: "/compare" });
  const estate = useAsk("estate_view", {});
  const names = estate.data?.environments.map((item) => item.name) ?? [];
  const left = search.left ?? names.at(-1) ?? "";
  const right = search.right ?? names.at(-2) ?? left;
  const ready = left !== "";
  const summary = useAsk("comparison_summary", { left: toSide(left), right: toSide(right) }, { enabled: ready, keep: true });
  const ofTeam = new Set(estate.data?.services.filter((item) => !search.team || item.team === search.team).map((item) => item.name));
  const services = summary.data?.services.filter((item) => ofTeam.has(item.service));
  const service = search.service ?? services?.[0]?.service;
  const show = search.show ?? "unexpected";
  useChangeKeys();

  const change = (part: Partial<CompareSearch>) => void navigate({ search: (before) => ({ ...before, left, right, ...part }) });
  return (
    <>
      <div className="bar">
        <h1>Compare</h1>
        {ready && (
          <>
            <SidePicker key={`left ${left}`} label="Left side" value={left} service={service} environments={names} onChange={(value) => change({ left: value })} />
            <Button className="btn icon-only bare" aria-label="Swap sides" onPress={() => change({ left: right, right: left })}>
              <ArrowLeftRight className="icon" aria-hidden />
            </Button>
            <SidePicker key={`right ${right}`} label="Right side" value={right} service={service} environments={names} onChange={(value) => change({ right: value })} />
            <Segments label="Which differences" value={show} options={showWords} onChange={(wanted) => change({ show: wanted === "unexpected" ? undefined : wanted })} />
          </>
        )}
        <span className="grow" />
        {service && <PromoteSide service={service} left={left} right={right} />}
      </div>
      <div className="body two">
        {estate.error ? <div className="page"><ErrorPanel error={estate.error} retry={() => void estate.refetch()} /></div> : (
          <>
            <nav className="tree" aria-label="Services">
              {summary.error ? <div className="pad"><ErrorPanel error={summary.error} retry={() => void summary.refetch()} /></div>
                : services ? <ServiceTree services={services} selected={service ?? null} onSelect={(name) => change({ service: name })} />
                : <Loading what="differences" lines={9} />}
            </nav>
            {service && ready
              ? <Detail key={service} service={service} left={toSide(left)} right={toSide(right)} show={show} tab={search.tab ?? "infrastructure"} onTab={(tab) => change({ tab: tab === "infrastructure" ? undefined : tab, at: undefined })} spot={readSpot(search.at)} onSpot={(spot) => change({ tab: "raw", at: spotText(spot) })} />
              : summary.error ? <Empty title="Nothing to compare"><p>The services come with the differences.</p></Empty>
              : <Loading what="the comparison" />}
          </>
        )}
      </div>
    </>
  );
}
