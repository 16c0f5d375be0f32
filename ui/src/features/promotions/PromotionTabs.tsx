// What a promotion brings, in the order in which an approver reads.
import { TriangleAlert } from "lucide-react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { PromotionView } from "../../contract";
import { Ago } from "../../components/time";
import { ToneIcon } from "../../components/tone";
import { RecordList } from "../audit/RecordList";
import { ChangeSets } from "./ChangeSets";
import { Gates } from "./Gates";

export function PromotionTabs({ view }: { view: PromotionView }) {
  const changes = view.changeSets.flatMap((set) => set.changes);
  const passed = view.gates.filter((gate) => gate.tone === "ok").length;
  const danger = changes.filter((change) => change.tone === "bad");
  return (
    <div className="page">
      {view.voided && (
        <div className="notice" role="alert">
          <div className="row"><TriangleAlert className="icon tone-waiting" aria-hidden /><b>An earlier approval was voided <Ago at={view.voided.at} suffix=" ago" /></b></div>
          <div>The {view.voided.element} went from <code>{view.voided.before}</code> to <code>{view.voided.after}</code>. Everybody must look again.</div>
        </div>
      )}
      <div className="kpis">
        <div className="kpi"><span className="dim">Resources</span><b>{changes.length}</b>
          <span className="dim">{count(changes, "Add")} added, {count(changes, "Modify")} changed, {count(changes, "Remove")} removed</span></div>
        <div className="kpi"><span className="dim">Stacks</span><b>{view.changeSets.length || "by job"}</b>
          <span className="dim">{view.changeSets.filter((set) => set.empty).length} without a change</span></div>
        <div className="kpi"><span className="dim">Commits</span><b>{view.commits.length || "?"}</b>
          <span className="dim">{view.commitsNote ?? `by ${new Set(view.commits.map((commit) => commit.author)).size} people`}</span></div>
        <div className="kpi"><span className="dim">Gates</span><b className={passed === view.gates.length ? "tone-ok" : "tone-bad"}>{passed} of {view.gates.length}</b>
          <span className="dim">{passed === view.gates.length ? "all pass" : "not all pass"}</span></div>
      </div>
      {danger.length > 0 && (
        <div className="notice bad">
          <b>{danger.length === 1 ? "One thing" : `${danger.length} things`} to decide before anything else</b>
          {danger.map((change) => (
            <div key={change.logicalId} className="why"><ToneIcon tone="bad" />
              <span><b>{change.impact}</b> <code>{change.logicalId}</code> <span className="dim">{change.resourceType}</span></span></div>
          ))}
        </div>
      )}
      <Tabs className="tabs">
        <TabList className="tab-list" aria-label="Content">
          <Tab id="changes" className="tab">What changes<b>{changes.length}</b></Tab>
          <Tab id="gates" className="tab">Gates<b>{passed} of {view.gates.length}</b></Tab>
          <Tab id="commits" className="tab">Commits<b>{view.commits.length}</b></Tab>
          <Tab id="manifest" className="tab">Manifest<b>{view.elements.length}</b></Tab>
          <Tab id="record" className="tab">Record<b>{view.record.length}</b></Tab>
        </TabList>
        <TabPanel id="changes" className="col" style={{ paddingTop: 12 }}>
          {view.changeNote && <div className="notice neutral">{view.changeNote}</div>}
          <ChangeSets sets={view.changeSets} />
          <Gates gates={view.gates} />
        </TabPanel>
        <TabPanel id="gates" style={{ paddingTop: 12 }}><Gates gates={view.gates} /></TabPanel>
        <TabPanel id="commits" className="col" style={{ paddingTop: 12 }}>
          {view.commitsNote && <span className="dim">{view.commitsNote}</span>}
          {view.commits.map((commit) => (
            <div key={commit.id} className="why"><code className="faint">{commit.id.slice(0, 8)}</code>
              <div>{commit.title}<div className="faint">{commit.author}, <Ago at={commit.at} suffix=" ago" /> {commit.mergeRequest}</div></div></div>
          ))}
        </TabPanel>
        <TabPanel id="manifest" className="col" style={{ paddingTop: 12 }}>
          <p className="dim">The SHA-256 of these exact bytes is what people approve: <code>{view.digest}</code></p>
          <table className="grid-table">
            <thead><tr><th>Part</th><th>Element</th><th>Value</th></tr></thead>
            <tbody>
              {view.elements.map((element) => (
                <tr key={element.group + element.name}><td>{element.group}</td><td>{element.name}</td><td className="mono">{element.value}</td></tr>
              ))}
            </tbody>
          </table>
          <details className="res"><summary>The document as it is kept</summary><pre style={{ padding: 12 }}>{view.manifest}</pre></details>
        </TabPanel>
        <TabPanel id="record" style={{ paddingTop: 12 }}><RecordList entries={view.record} /></TabPanel>
      </Tabs>
    </div>
  );
}

function count(changes: { action: string }[], action: string): number {
  return changes.filter((change) => change.action === action).length;
}
