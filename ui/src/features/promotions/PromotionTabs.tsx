// What a promotion brings, in the order in which an approver reads.
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { PromotionView } from "../../contract";
import type { PromotionTab } from "../../search";
import { RecordList } from "../audit/RecordList";
import { Dangers } from "./Dangers";
import { Emergency } from "./Emergency";
import { Gates } from "./Gates";
import { Kpis } from "./Kpis";
import { Manifest } from "./Manifest";
import { ServiceCommits, Services, Windows } from "./Services";
import { Voided } from "./Voided";
import { Waivers } from "./Waivers";
import { Withdrawn } from "./Withdrawn";

type Props = { view: PromotionView; tab: PromotionTab; onTab: (tab: PromotionTab) => void };

export function PromotionTabs({ view, tab, onTab }: Props) {
  const changes = view.changeSets.reduce((sum, set) => sum + set.changes.length, 0);
  const commits = view.services.reduce((sum, part) => sum + part.commits.length, 0);
  const passed = view.gates.filter((gate) => gate.tone === "ok").length;
  return (
    <div className="page">
      {view.summary.emergency && <Emergency emergency={view.summary.emergency} />}
      {view.voided && <Voided voided={view.voided} view={view} onLook={() => onTab("manifest")} />}
      {view.withdrawn && <Withdrawn withdrawn={view.withdrawn} />}
      <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => onTab(key as PromotionTab)}>
        <TabList className="tab-list" aria-label="Content">
          <Tab id="changes" className="tab">What changes <b>{view.changeSets.some((set) => set.tone === "unknown") ? "?" : view.changeSets.length > 0 ? changes : ""}</b></Tab>
          <Tab id="manifest" className="tab">Manifest <b>{view.elements.length}</b></Tab>
          <Tab id="commits" className="tab">Commits <b>{commits}</b></Tab>
          <Tab id="gates" className="tab">Gates <b>{passed} of {view.gates.length}</b></Tab>
          <Tab id="window" className="tab">Window</Tab>
          <Tab id="record" className="tab">Record <b>{view.record.length}</b></Tab>
        </TabList>
        <TabPanel id="changes" className="tab-panel">
          <Kpis view={view} />
          <Dangers view={view} />
          {view.changeNote && <div className="notice calm">{view.changeNote}</div>}
          <Services view={view} />
          <Gates gates={view.gates} />
        </TabPanel>
        <TabPanel id="manifest" className="tab-panel"><Manifest view={view} /></TabPanel>
        <TabPanel id="commits" className="tab-panel"><ServiceCommits view={view} /></TabPanel>
        <TabPanel id="gates" className="tab-panel"><Gates gates={view.gates} /><Waivers waivers={view.waivers} /></TabPanel>
        <TabPanel id="window" className="tab-panel"><Windows view={view} /></TabPanel>
        <TabPanel id="record" className="tab-panel"><RecordList entries={view.record.toReversed()} /></TabPanel>
      </Tabs>
    </div>
  );
}
