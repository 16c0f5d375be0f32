// One service compared: infrastructure, variables, commits, raw text.
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { SideRef, SideView } from "../../contract";
import { ErrorPanel, Loading } from "../../components/state";
import { Ago } from "../../components/time";
import { useAsk } from "../../host/queries";
import type { CompareTab } from "../../router";
import { Infrastructure } from "./Infrastructure";
import { RawText } from "./RawText";
import { Variables } from "./Variables";

type Props = { service: string; left: SideRef; right: SideRef; tab: CompareTab; onTab: (tab: CompareTab) => void };

function Side({ side }: { side: SideView }) {
  return (
    <span><b>{side.label}</b> {side.version && <span className="mono">{side.version}</span>}{" "}
      {side.commit && <span className="mono faint">{side.commit.slice(0, 7)}</span>}
      {side.at && <span className="faint">, seen <Ago at={side.at} suffix=" ago" /></span>}</span>
  );
}

export function Detail({ service, left, right, tab, onTab }: Props) {
  const comparison = useAsk("comparison_view", { service, left, right });
  if (comparison.error) return <div className="page"><ErrorPanel error={comparison.error} retry={() => void comparison.refetch()} /></div>;
  if (!comparison.data) return <Loading what={`the comparison of ${service}`} />;
  const view = comparison.data;
  const unexpected = view.variables.filter((row) => row.state === "unexpected" || row.state === "missing").length;
  return (
    <div className="page">
      <div className="row wrap dim"><Side side={view.left} /><span className="faint">against</span><Side side={view.right} /></div>
      <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => onTab(key as CompareTab)}>
        <TabList className="tab-list" aria-label="Kinds of differences">
          <Tab id="infrastructure" className="tab">Infrastructure<b>{view.counts.added + view.counts.removed + view.counts.changed}</b></Tab>
          <Tab id="variables" className="tab">Variables<b>{unexpected} unexpected</b></Tab>
          <Tab id="commits" className="tab">Commits<b>{view.commits.length}</b></Tab>
          <Tab id="raw" className="tab">Raw text</Tab>
        </TabList>
        <TabPanel id="infrastructure" className="col" style={{ paddingTop: 12 }}><Infrastructure view={view} /></TabPanel>
        <TabPanel id="variables" className="col" style={{ paddingTop: 12 }}><Variables view={view} /></TabPanel>
        <TabPanel id="commits" className="col" style={{ paddingTop: 12 }}>
          {view.commitsNote && <span className="dim">{view.commitsNote}</span>}
          {view.commits.length === 0 && !view.commitsNote && <span className="dim">No commit differs.</span>}
          {view.commits.map((commit) => (
            <div key={commit.id} className="why"><code className="faint">{commit.id.slice(0, 8)}</code>
              <div>{commit.title} {commit.mergeRequest}<div className="faint">{commit.author}, <Ago at={commit.at} suffix=" ago" /></div></div></div>
          ))}
        </TabPanel>
        <TabPanel id="raw" className="col" style={{ paddingTop: 12 }}>
          <RawText service={service} left={left} right={right} stacks={view.stacks.map((stack) => stack.name)} />
        </TabPanel>
      </Tabs>
    </div>
  );
}
