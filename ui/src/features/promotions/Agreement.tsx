// Our own judgement beside AWS's: the sentence, the rows that are not plain agreement, and what AWS's checks found.
import { Ban, CheckCheck, CircleHelp, Scale, TriangleAlert, type LucideIcon } from "lucide-react";
import { DriftKnown } from "../../components/drift";
import { Ago } from "../../components/time";
import type { AgreementName, ChangeSetProblemView, ChangeSetView, ReconciledRowView, Tone } from "../../contract";

const words: Record<AgreementName, [string, Tone, LucideIcon]> = {
  agree: ["agree", "ok", CheckCheck], "we-know-more": ["the prediction knows more", "neutral", Scale],
  "aws-knows-more": ["AWS knows more", "neutral", CircleHelp], disagree: ["disagree", "bad", TriangleAlert],
};

const MOST_NAMES = 12;

/** Rows of which the same is to be said, as one. */
function together(rows: ReconciledRowView[]): [string, string[], AgreementName][] {
  const groups = new Map<string, [string, string[], AgreementName]>();
  for (const row of rows) {
    const finding = row.findings.join("; ").replace(/^Tags: (?=tags of the stack)/, "");
    const group = groups.get(row.agreement + finding);
    const name = [...row.nestedIn, row.logicalId].join(" / ");
    if (group) group[1].push(name);
    else groups.set(row.agreement + finding, [finding, [name], row.agreement]);
  }
  return [...groups.values()];
}

export function Agreement({ set }: { set: ChangeSetView }) {
  if (!set.judgement) return set.judgementNote ? <div className="dim res-note">Not predicted: {set.judgementNote}</div> : null;
  const { agreement, text, rows, accessRemoved } = set.judgement;
  const open = rows.filter((row) => row.agreement !== "agree");
  const Icon = words[agreement][2];
  return (
    <div className="res-note" role="group" aria-label="prediction and change set">
      <div className="row"><Icon className={`icon tone-${words[agreement][1]}`} aria-hidden />{text[0]?.toUpperCase()}{text.slice(1)}</div>
      {accessRemoved.length > 0 && <div className="dim">Allows no longer: {accessRemoved.join("; ")}</div>}
      {open.length > 0 && (
        <ul className="col">
          {together(open).map(([finding, names, agreement]) => (
            <li key={finding + names[0]}>
              <code className="strong">{names.slice(0, MOST_NAMES).join(", ")}</code>{names.length > MOST_NAMES && ` and ${names.length - MOST_NAMES} more`}{" "}
              <span className={`tone-${words[agreement][1]}`}>{words[agreement][0]}</span>{finding && ": "}<span className="dim">{finding}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What was changed by hand, as far as it is known, and what the deployment does to it. */
export function ByHand({ set }: { set: ChangeSetView }) {
  if (!set.driftKnown) return null;
  return (
    <div className="col res-note" role="group" aria-label="changed by hand">
      <DriftKnown known={[set.driftKnown]} named={false} />
      {set.revertsDrift && <div>This change set puts back what was changed by hand.</div>}
      {set.drift.length > 0 && (
        <ul className="col">
          {set.drift.map((row) => (
            <li key={row.logicalId + row.path} className="row wrap">
              <code className="strong">{row.logicalId}</code>{row.path && <code>{row.path.replace("/Properties/", "/")}</code>}<span className={`tone-${row.tone}`}>{row.fate}</span>
              <span className="dim">deployed {row.deployed ?? "nothing"}, live {row.live ?? "nothing"}{row.at && ", seen "}{row.at && <Ago at={row.at} suffix=" ago" />}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function Problems({ problems }: { problems: ChangeSetProblemView[] }) {
  return problems.map((problem) => (
    <div key={problem.name + (problem.logicalId ?? "") + (problem.path ?? "")} className={`notice ${problem.fails ? "bad" : ""}`}>
      <div className="row wrap">
        {problem.fails ? <Ban className="icon tone-bad" aria-hidden /> : <TriangleAlert className="icon tone-waiting" aria-hidden />}
        {problem.logicalId && <code className="strong">{problem.logicalId}</code>}{problem.path && <code>{problem.path}</code>}
        <span>{problem.reason}</span><span className="dim">{problem.name}{problem.fails ? "" : ", a warning"}</span>
      </div>
    </div>
  ));
}
