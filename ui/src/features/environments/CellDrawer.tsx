// What runs in one environment: facts, drift, commits behind, stacks, and what a promotion would do.
import { Link } from "@tanstack/react-router";
import { ExternalLink, GitCompare, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "react-aria-components";
import type { CellDetailView, FactView } from "../../contract";
import { ErrorPanel, Loading } from "../../components/state";
import { Ago } from "../../components/time";
import { Chip, ToneIcon } from "../../components/tone";
import { useAct, useAsk } from "../../host/queries";
import { DrawerPromote } from "./DrawerPromote";
import { StackList } from "./StackList";

type Props = { service: string; environment: string; onClose: () => void };

export function CellDrawer({ service, environment, onClose }: Props) {
  const detail = useAsk("cell_view", { service, environment }, { keep: true });
  const aside = useRef<HTMLElement>(null);
  useEffect(() => aside.current?.focus(), []);
  return (
    <aside
      ref={aside}
      className="drawer"
      tabIndex={-1}
      aria-label={`${service} in ${environment}`}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <div className="drawer-head">
        <div className="row">
          <h2 className="drawer-title">{service} <small>in</small> {environment}</h2>
          <Button className="btn icon-only right" aria-label="Close" onPress={onClose}><X className="icon" aria-hidden /></Button>
        </div>
        {detail.data && (
          <div className="row wrap">
            <Chip tone={detail.data.cell.tone}>{detail.data.cell.status}</Chip>
            {detail.data.cell.markers.map((mark) => <Chip key={mark.kind + mark.label} tone={mark.tone}>{mark.label}</Chip>)}
          </div>
        )}
      </div>
      {detail.error ? <div className="page"><ErrorPanel error={detail.error} retry={() => void detail.refetch()} /></div>
        : detail.data ? <Body detail={detail.data} /> : <Loading what={service} />}
      {detail.data && (
        <div className="drawer-foot">
          <DrawerPromote detail={detail.data} />
          <CompareLink detail={detail.data} />
        </div>
      )}
    </aside>
  );
}

function CompareLink({ detail }: { detail: CellDetailView }) {
  const estate = useAsk("estate_view", {});
  const list = estate.data?.environments ?? [];
  const at = list.findIndex((item) => item.name === detail.cell.environment);
  const other = list[at - 1] ?? list[at + 1];
  if (!other) return null;
  const [left, right] = at > 0 ? [detail.cell.environment, other.name] : [other.name, detail.cell.environment];
  return (
    <Link className="btn" to="/compare" search={{ service: detail.service, left, right }}>
      <GitCompare className="icon" aria-hidden />Compare
    </Link>
  );
}

function Fact({ fact }: { fact: FactView }) {
  return (
    <>
      <dt>{fact.label}</dt>
      <dd>
        {fact.tone !== "neutral" && <><ToneIcon tone={fact.tone} small />{" "}</>}
        {fact.at && fact.value === fact.at ? <Ago at={fact.at} suffix=" ago" /> : <span className={fact.code ? "mono" : ""}>{fact.value}</span>}
        {fact.detail && <span className="faint"> {fact.detail}</span>}
        {fact.at && fact.value !== fact.at && <span className="faint"> (<Ago at={fact.at} suffix=" ago" />)</span>}
      </dd>
    </>
  );
}

function Body({ detail }: { detail: CellDetailView }) {
  const open = useAct("open_link");
  return (
    <div className="drawer-body">
      {detail.cell.reason && <div className="notice"><span>{detail.cell.reason}</span></div>}
      <dl className="facts">{detail.facts.map((fact) => <Fact key={fact.label} fact={fact} />)}</dl>
      {detail.drift.length > 0 && (
        <section className="section">
          <h2 className="label">Drift</h2>
          {detail.drift.map((drift) => (
            <div key={`${drift.stack}${drift.logicalId}${drift.path}`} className="why">
              <ToneIcon tone="drift" />
              <div>
                <span className="mono">{drift.logicalId}{drift.path ? ` / ${drift.path}` : ""}</span>
                <div className="dim">
                  {drift.path ? <>{drift.expected} in the template, <b>{drift.actual}</b> live</> : "the resource is gone"}
                  {drift.at && <>, found <Ago at={drift.at} suffix=" ago" /></>}
                </div>
              </div>
            </div>
          ))}
        </section>
      )}
      {detail.preview.length > 0 && (
        <section className="section">
          <h2 className="label">If it were promoted now</h2>
          {detail.preview.map((fact) => (
            <div key={fact.label + fact.value} className="why"><ToneIcon tone={fact.tone} /><div><b>{fact.label}</b> {fact.value}</div></div>
          ))}
        </section>
      )}
      {(detail.behind.length > 0 || detail.behindNote) && (
        <section className="section">
          <h2 className="label">Commits not here yet</h2>
          {detail.behind.slice(0, 12).map((commit) => (
            <div key={commit.id} className="why">
              <span className="mono faint">{commit.id.slice(0, 7)}</span>
              <div>{commit.title}<div className="faint">{commit.author}, <Ago at={commit.at} suffix=" ago" /></div></div>
            </div>
          ))}
          {detail.behind.length > 12 && <span className="faint">and {detail.behind.length - 12} more in Compare</span>}
          {detail.behindNote && <span className="faint">{detail.behindNote}</span>}
        </section>
      )}
      <section className="section"><h2 className="label">Stacks</h2><StackList stacks={detail.stacks} /></section>
      {detail.links.length > 0 && (
        <section className="section">
          <h2 className="label">Places</h2>
          {detail.links.map((link) => (
            <Button key={link.url} className="row" onPress={() => open.mutate({ url: link.url })}>
              <ExternalLink className="icon" aria-hidden /><span style={{ color: "var(--accent)" }}>{link.label}</span>
              <span className="faint ellipsis">{link.url}</span>
            </Button>
          ))}
          {open.error && <ErrorPanel error={open.error} />}
        </section>
      )}
    </div>
  );
}
