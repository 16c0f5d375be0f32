// Four numbers that say how large it is, and whether anything stands against it.
import type { PromotionView } from "../../contract";
import { plural } from "../../components/words";

export function Kpis({ view }: { view: PromotionView }) {
  const changes = view.changeSets.flatMap((set) => set.changes);
  const count = (action: string) => changes.filter((change) => change.action === action).length;
  const replaced = changes.filter((change) => change.replacement === "True").length;
  // Change sets that AWS was not or could not be asked about: no count of theirs is known.
  const unseen = view.changeSets.filter((set) => set.tone === "unknown").length;
  const parts = [[count("Add"), "added"], [count("Modify") - replaced, "in place"], [replaced, "replaced"], [count("Remove"), "removed"]] as const;
  const bad = view.gates.filter((gate) => gate.tone === "bad").length;
  const unknown = view.gates.filter((gate) => gate.tone === "unknown").length;
  // Waived or passed over in an emergency: neither failed nor passed.
  const lifted = view.gates.filter((gate) => gate.lifted !== null).length;
  const passed = view.gates.filter((gate) => gate.tone === "ok").length;
  const commits = view.services.flatMap((part) => part.commits);
  const note = view.services.map((part) => part.commitsNote).find((text) => text !== null) ?? null;
  const jobs = view.services.filter((part) => part.via === "jenkins").length;
  const stacks = view.services.reduce((sum, part) => sum + part.stacks.length, 0);
  const empty = view.changeSets.filter((set) => set.empty).length;
  return (
    <dl className="kpis">
      <div className="kpi"><dt>Resources</dt><dd>{unseen > 0 ? "not known" : view.changeSets.length > 0 ? changes.length : "by the job"}</dd>
        <dd>{unseen > 0 ? `${plural(unseen, "change set")} cannot be seen` : parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`).join(", ") || "no resource changes"}</dd></div>
      <div className="kpi"><dt>Stacks</dt><dd>{stacks || "by the job"}</dd>
        <dd>{unseen > 0 ? `${unseen} not known` : empty > 0 ? `${empty} without a change` : jobs === 0 ? "each with changes" : view.summary.via === "jenkins" ? "deployed by Jenkins" : `${stacks - view.changeSets.length} by Jenkins`}</dd></div>
      <div className="kpi"><dt>Commits</dt><dd>{commits.length || (note ? "not known" : 0)}</dd>
        <dd>{commits.length > 0 ? `by ${plural(new Set(commits.map((commit) => commit.author)).size, "person", "people")}` : note}</dd></div>
      <div className="kpi"><dt>Gates</dt><dd className={bad > 0 ? "tone-bad" : unknown > 0 ? "tone-unknown" : lifted > 0 ? "tone-waiting" : "tone-ok"}>{passed} of {view.gates.length}</dd>
        <dd>{[bad > 0 && `${bad} failed`, unknown > 0 && `${unknown} unknown`, lifted > 0 && `${lifted} lifted`].filter(Boolean).join(", ") || "all pass"}</dd></div>
    </dl>
  );
}
