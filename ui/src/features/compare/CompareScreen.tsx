// Two sides: every service with counts on the left, one service in detail on the right.
import { useNavigate } from "@tanstack/react-router";
import { ArrowLeftRight, GitCompare } from "lucide-react";
import { useEffect } from "react";
import { Button, DialogTrigger } from "react-aria-components";
import type { SideRef } from "../../contract";
import { ErrorPanel, Empty, Loading } from "../../components/state";
import { useAsk } from "../../host/queries";
import { compareRoute } from "../../router";
import { PrepareDialog } from "../promotions/PrepareDialog";
import { Detail } from "./Detail";
import { ServiceTree } from "./ServiceTree";
import { SidePicker } from "./SidePicker";

/** A side as it stands in the address: `prod`, or `v9.3.1@prod`. */
export function toSide(text: string): SideRef {
  const at = text.lastIndexOf("@");
  return at > 0 && at < text.length - 1
    ? { kind: "revision", revision: text.slice(0, at), environment: text.slice(at + 1) }
    : { kind: "environment", name: text };
}

export function CompareScreen() {
  const search = compareRoute.useSearch();
  const navigate = useNavigate({ from: "/compare" });
  const estate = useAsk("estate_view", {});
  const overview = useAsk("overview_view", {});
  const names = estate.data?.environments.map((item) => item.name) ?? [];
  const left = search.left ?? names.at(-1);
  const right = search.right ?? names.at(-2) ?? left;
  const ready = left !== undefined && right !== undefined;
  const summary = useAsk(
    "comparison_summary",
    { left: toSide(left ?? ""), right: toSide(right ?? "") },
    { enabled: ready, keep: true },
  );
  const service = search.service ?? summary.data?.services[0]?.service;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches("input, textarea")) return;
      if (event.key !== "n" && event.key !== "p" || event.ctrlKey || event.metaKey || event.altKey) return;
      const changes = [...document.querySelectorAll<HTMLElement>("[data-change] > summary")];
      const at = changes.indexOf(document.activeElement as HTMLElement);
      const next = changes[event.key === "n" ? Math.min(at + 1, changes.length - 1) : Math.max(at - 1, 0)];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const cell = overview.data?.rows.find((row) => row.service === service)?.cells.find((item) => item.environment === left);
  const change = (part: { left?: string; right?: string; service?: string }) =>
    void navigate({ search: (before) => ({ ...before, left, right, ...part }) });
  return (
    <>
      <div className="bar">
        <h1>Compare</h1>
        {ready && (
          <>
            <SidePicker key={`left ${left}`} label="Left side" value={left} environments={names} onChange={(value) => change({ left: value })} />
            <Button className="btn icon-only" aria-label="Swap sides" onPress={() => change({ left: right, right: left })}>
              <ArrowLeftRight className="icon" aria-hidden />
            </Button>
            <SidePicker key={`right ${right}`} label="Right side" value={right} environments={names} onChange={(value) => change({ right: value })} />
          </>
        )}
        <span className="faint"><kbd>n</kbd> <kbd>p</kbd> next and previous change</span>
        <span className="grow" />
        {service && cell?.promote.state === "allowed" && cell.promote.from === right && (
          <DialogTrigger>
            <Button className="btn primary"><GitCompare className="icon" aria-hidden />Promote {right} to {left}</Button>
            <PrepareDialog service={service} from={cell.promote.from} to={cell.environment} version={cell.promote.version} />
          </DialogTrigger>
        )}
      </div>
      <div className="body two">
        {estate.error ? <div className="page"><ErrorPanel error={estate.error} /></div> : (
          <>
            <nav className="tree" aria-label="Services">
              {summary.error && <ErrorPanel error={summary.error} retry={() => void summary.refetch()} />}
              {summary.isFetching && !summary.data && <Loading what="differences" />}
              {summary.data && (
                <ServiceTree services={summary.data.services} selected={service ?? null} onSelect={(name) => change({ service: name })} />
              )}
            </nav>
            {service && ready
              ? <Detail service={service} left={toSide(left)} right={toSide(right)} tab={search.tab ?? "infrastructure"} onTab={(tab) => void navigate({ search: (before) => ({ ...before, tab }) })} />
              : <Empty title="Choose a service" />}
          </>
        )}
      </div>
    </>
  );
}
