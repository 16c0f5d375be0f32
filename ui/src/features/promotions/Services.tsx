// What a promotion brings, service by service, in the order of delivery. Of a single service no heading says so.
import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { Commits } from "../../components/commits";
import { DetectDrift } from "../../components/drift";
import type { PromotedServiceView, PromotionView } from "../../contract";
import { ChangeSets } from "./ChangeSets";
import { WindowTab } from "./WindowTab";

type Props = { view: PromotionView };

export function Services({ view }: Props) {
  return (
    <>
      {view.services.length > 1 && <Order services={view.services} />}
      <Each view={view}>
        {(part) => {
          const sets = view.changeSets.filter((set) => set.service === part.service);
          return (
            <>
              {part.note && <div className="notice calm">{part.note}</div>}
              <ChangeSets sets={sets} />
              {sets.some((set) => set.driftKnown) && <DetectDrift service={part.service} environment={view.summary.to} />}
            </>
          );
        }}
      </Each>
    </>
  );
}

export function ServiceCommits({ view }: Props) {
  return (
    <Each view={view}>
      {(part) => (
        <>
          {part.originNote && <span className="tone-unknown">{part.originNote}</span>}
          <Commits commits={part.commits} note={part.commitsNote} />
        </>
      )}
    </Each>
  );
}

export function Windows({ view }: Props) {
  return <Each view={view}>{(part) => <WindowTab service={part.service} environment={view.summary.to} />}</Each>;
}

/** The order of delivery in one line. */
function Order({ services }: { services: PromotedServiceView[] }) {
  return (
    <ol className="order" aria-label="Order of delivery">
      {services.map((part, index) => (
        <li key={part.service} className="row">
          {index > 0 && <ArrowRight className="icon-s" aria-hidden />}
          <span className="chip tone-neutral" title={part.after.length > 0 ? `after ${part.after.join(" and ")}` : undefined}>
            {index + 1}. {part.service} <span className="mono">{part.version}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

function Each({ view, children }: Props & { children: (part: PromotedServiceView) => ReactNode }) {
  const [only, ...others] = view.services;
  if (only && others.length === 0) return children(only);
  return view.services.map((part) => (
    <section key={part.service} className="col part" aria-label={part.service}>
      <h2 className="row">
        {part.service} <span className="mono dim">{part.version}</span>
        <span className="faint">{part.via === "jenkins" ? "through Jenkins" : "through CloudFormation"}{part.after.length > 0 && `, after ${part.after.join(" and ")}`}</span>
      </h2>
      {children(part)}
    </section>
  ));
}
