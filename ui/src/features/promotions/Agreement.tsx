// Our own judgement beside AWS's: the sentence, the rows that are not plain agreement, and what AWS's checks found.
import { Ban, CheckCheck, CircleHelp, Scale, TriangleAlert, type LucideIcon } from "lucide-react";
import { Ago } from "../../components/time";
import type { AgreementName, ChangeSetProblemView, ChangeSetView, DriftRowView, Tone } from "../../contract";

const words: Record<AgreementName, [string, Tone, LucideIcon]> = {
  agree: ["agree", "ok", CheckCheck], "we-know-more": ["the prediction knows more", "neutral", Scale],
  "aws-knows-more": ["AWS knows more", "neutral", CircleHelp], disagree: ["disagree", "bad", TriangleAlert],
};

export function Agreement({ set }: { set: ChangeSetView }) {
  if (!set.judgement) return set.judgementNote ? <div className="dim res-note">Not predicted: {set.judgementNote}</div> : null;
  const { agreement, text, rows, accessAdded, accessRemoved } = set.judgement;
  const open = rows.filter((row) => row.agreement !== "agree");
  const Icon = words[agreement][2];
  return (
    <div className="res-note" role="group" aria-label="prediction and change set">
      <div className="row"><Icon className={`icon tone-${words[agreement][1]}`} aria-hidden />{text[0]?.toUpperCase()}{text.slice(1)}</div>
      {accessAdded.length > 0 && <div className="tone-bad">Allows then: {accessAdded.join("; ")}</div>}
      {accessRemoved.length > 0 && <div className="dim">Allows no longer: {accessRemoved.join("; ")}</div>}
      {open.length > 0 && (
        <ul className="col">
          {open.map((row) => (
            <li key={[...row.nestedIn, row.logicalId].join("/")}>
              <code className="strong">{[...row.nestedIn, row.logicalId].join(" / ")}</code>{" "}
              <span className={`tone-${words[row.agreement][1]}`}>{words[row.agreement][0]}</span>{row.findings.length > 0 && ": "}<span className="dim">{row.findings.join("; ")}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What was changed by hand, and what the deployment does to it. */
export function ByHand({ rows }: { rows: DriftRowView[] }) {
  if (rows.length === 0) return null;
  return (
    <ul className="col res-note" aria-label="changed by hand">
      {rows.map((row) => (
        <li key={row.logicalId + row.path} className="row wrap">
          <code className="strong">{row.logicalId}</code>{row.path && <code>{row.path.replace("/Properties/", "/")}</code>}<span className={`tone-${row.tone}`}>{row.fate}</span>
          <span className="dim">deployed {row.deployed ?? "nothing"}, live {row.live ?? "nothing"}{row.at && ", seen "}{row.at && <Ago at={row.at} suffix=" ago" />}</span>
        </li>
      ))}
    </ul>
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
