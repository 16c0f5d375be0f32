// The drawer's content, in reading order.
import { ArrowRight, Dot, type LucideIcon } from "lucide-react";
import type { CellDetailView, DriftView, FactView, Tone } from "../../contract";
import { Commits } from "../../components/commits";
import { DetectDrift, DriftKnown } from "../../components/drift";
import { OutLink } from "../../components/outlink";
import { Path } from "../../components/path";
import { Ago, day, Told } from "../../components/time";
import { ToneIcon } from "../../components/tone";
import { Reasons } from "./Reasons";
import { StackList } from "./StackList";

// Nothing goes on yet: what would come is shown without a turning wheel.
const previewIcons: Partial<Record<Tone, LucideIcon>> = { running: ArrowRight, neutral: Dot };

export function CellBody({ detail }: { detail: CellDetailView }) {
  const { cell } = detail;
  // Reasons against it are told with their links; the preview repeats them in words only.
  const preview = detail.preview.filter((fact) => cell.promote.state !== "refused" || fact.label !== "Not now");
  const from = cell.promote.state === "allowed" || cell.promote.state === "refused" ? cell.promote.from : null;
  return (
    <div className="drawer-body">
      {cell.reason && (
        <div className={`notice ${cell.tone === "bad" ? "bad" : ""}`}><div className="why"><ToneIcon tone={cell.tone} /><span><Told text={cell.reason} /></span></div></div>
      )}
      <dl className="facts">{detail.facts.map((fact) => <Fact key={fact.label} fact={fact} />)}</dl>
      {detail.driftKnown.length > 0 && (
        <section className="section" aria-label="Drift">
          <h3>Drift</h3>
          <DriftKnown known={detail.driftKnown} />
          {detail.drift.map((drift) => <Drift key={`${drift.stack}${drift.logicalId}${drift.path}`} drift={drift} />)}
          <DetectDrift service={detail.service} environment={cell.environment} />
        </section>
      )}
      {(preview.length > 0 || cell.promote.state === "refused") && (
        <section className="section" aria-label="If it were promoted now">
          <h3>{cell.promote.state === "refused" ? `Not from ${from} now` : from ? `If ${from} were promoted now` : "Promotion"}</h3>
          {cell.promote.state === "refused" && <Reasons reasons={cell.promote.reasons} />}
          {preview.map((fact) => (
            <div key={fact.label + fact.value} className="why"><ToneIcon tone={fact.tone} as={previewIcons[fact.tone]} /><div><b>{fact.label}</b> {fact.value}</div></div>
          ))}
        </section>
      )}
      {(detail.behind.length > 0 || detail.behindNote) && (
        <section className="section" aria-label="Commits not here yet">
          <h3>Commits not here yet</h3>
          <Commits commits={detail.behind} note={detail.behindNote} limit={8} />
        </section>
      )}
      <section className="section" aria-label="Stacks"><h3>Stacks</h3><StackList stacks={detail.stacks} /></section>
      {detail.links.length > 0 && (
        <section className="section" aria-label="Elsewhere">
          <h3>Elsewhere</h3>
          <div className="row wrap">{detail.links.map((link) => <OutLink key={link.url} url={link.url}>{link.label}</OutLink>)}</div>
        </section>
      )}
    </div>
  );
}

function Drift({ drift }: { drift: DriftView }) {
  return (
    <div className="why">
      <ToneIcon tone="drift" />
      <div>
        <span className="mono">{drift.logicalId}{drift.path && <> / <Path path={drift.path} /></>}</span>
        <div className="dim">
          {drift.path ? <>{drift.expected} in the template, <b className="strong">{drift.actual}</b> live</> : "the resource is gone"}
          {drift.at && <>, found <Ago at={drift.at} suffix=" ago" /></>}
        </div>
      </div>
    </div>
  );
}

function Fact({ fact }: { fact: FactView }) {
  const isInstant = fact.at !== null && fact.value === fact.at;
  return (
    <>
      <dt>{fact.label}</dt>
      <dd>
        {fact.tone !== "neutral" && <><ToneIcon tone={fact.tone} small />{" "}</>}
        {isInstant && fact.at ? <>{day(fact.at)} <span className="faint"><Ago at={fact.at} suffix=" ago" /></span></>
          : fact.link ? <OutLink url={fact.link}>{fact.value}</OutLink>
          : <span className={fact.code ? "mono" : ""}>{fact.value}</span>}
        {fact.detail && <span className="faint"> {fact.code ? <span className="mono">{fact.detail}</span> : fact.detail}</span>}
        {fact.at && !isInstant && <span className="faint">, <Ago at={fact.at} suffix=" ago" /></span>}
      </dd>
    </>
  );
}
