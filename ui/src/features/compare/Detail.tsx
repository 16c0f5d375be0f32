// One service compared: infrastructure, variables, commits, raw text.
import { lazy, Suspense } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { SideRef, SideView } from "../../contract";
import { Commits } from "../../components/commits";
import { Caution, ErrorPanel, Loading } from "../../components/state";
import { Ago } from "../../components/time";
import { useAsk } from "../../host/queries";
import type { CompareTab, Show } from "../../search";
import { Infrastructure } from "./Infrastructure";
import type { Spot } from "./spot";
import { Variables } from "./Variables";

// The editor is the largest part of the program and seldom looked at.
const RawText = lazy(() => import("./RawText").then((module) => ({ default: module.RawText })));

type Props = { service: string; left: SideRef; right: SideRef; show: Show; tab: CompareTab; onTab: (tab: CompareTab) => void; spot: Spot | undefined; onSpot: (spot: Spot) => void };

function Side({ side, past }: { side: SideView; past: boolean }) {
  return (
    <span><b className="strong">{side.label}</b> {side.version && <span className="mono">{side.version}</span>}{" "}
      {side.commit && <span className="mono faint">{side.commit.slice(0, 7)}</span>}
      {side.at && <span className="faint">{past ? " " : " seen "}<Ago at={side.at} suffix=" ago" /></span>}</span>
  );
}

/** What is not sure of the sides: without it "same" would say too much. */
function Doubts({ sides }: { sides: SideView[] }) {
  const lines = sides.flatMap((side) => side.doubts.map((doubt) => `${side.label}: ${doubt}`));
  if (lines.length === 0) return null;
  return <Caution><span>{lines.map((line) => <div key={line}>{line}.</div>)}</span></Caution>;
}

export function Detail({ service, left, right, show, tab, onTab, spot, onSpot }: Props) {
  const comparison = useAsk("comparison_view", { service, left, right });
  if (comparison.error) return <div className="page"><ErrorPanel error={comparison.error} retry={() => void comparison.refetch()} /></div>;
  if (!comparison.data) return <Loading what={`the comparison of ${service}`} lines={9} />;
  const view = comparison.data;
  const odd = view.variables.filter((row) => row.state === "unexpected" || row.state === "missing").length;
  const changes = view.counts.added + view.counts.removed + view.counts.changed;
  return (
    <div className="page compare-page">
      <div className="row wrap dim"><h2 className="strong">{service}</h2><Side side={view.left} past={left.kind === "past"} /><span className="faint">against</span><Side side={view.right} past={right.kind === "past"} /></div>
      <Doubts sides={[view.left, view.right]} />
      <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => onTab(key as CompareTab)}>
        <TabList className="tab-list" aria-label="Kinds of differences">
          <Tab id="infrastructure" className="tab">Infrastructure <b>{changes}</b></Tab>
          <Tab id="variables" className="tab">Variables <b>{odd > 0 ? `${odd} unexpected` : view.variables.length}</b></Tab>
          <Tab id="commits" className="tab">Commits <b>{view.commits.length}</b></Tab>
          <Tab id="raw" className="tab">Raw text</Tab>
        </TabList>
        <TabPanel id="infrastructure" className="tab-panel"><Infrastructure view={view} show={show} onSpot={onSpot} /></TabPanel>
        <TabPanel id="variables" className="tab-panel"><Variables view={view} show={show} /></TabPanel>
        <TabPanel id="commits" className="tab-panel"><Commits commits={view.commits} note={view.commitsNote} service={service} /></TabPanel>
        <TabPanel id="raw" className="tab-panel raw-panel">
          <Suspense fallback={<Loading what="the texts" />}>
            <RawText service={service} left={left} right={right} stacks={view.stacks.map((stack) => stack.name)} labels={[view.left.label, view.right.label]} spot={spot} />
          </Suspense>
        </TabPanel>
      </Tabs>
    </div>
  );
}
