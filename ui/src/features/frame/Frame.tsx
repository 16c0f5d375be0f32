// The frame around every screen: rail, top bar, progress.
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { GitCompare, LayoutGrid, Rocket, ScrollText, Settings, ShieldCheck } from "lucide-react";
import { useEffect, useState } from "react";
import type { HostEvent } from "../../contract";
import { followHost, useAsk } from "../../host/queries";
import { Palette } from "./Palette";
import { TopBar } from "./TopBar";

export type Progress = Extract<HostEvent, { kind: "overview-progress" }>;

const places = [
  { to: "/environments", label: "Environments", icon: LayoutGrid },
  { to: "/compare", label: "Compare", icon: GitCompare },
  { to: "/promotions", label: "Promotions", icon: Rocket },
  { to: "/audit", label: "Audit", icon: ScrollText },
] as const;

export function Frame() {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);
  const [palette, setPalette] = useState(false);
  const promotions = useAsk("promotions_view", {});
  const path = useRouterState({ select: (state) => state.location.pathname });

  useEffect(() => followHost(client, (event) => {
    if (event.kind === "overview-progress") setProgress(event.done >= event.total ? null : event);
  }), [client]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, [contenteditable]");
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setPalette(true);
      } else if (event.key === "/" && !typing) {
        event.preventDefault();
        setPalette(true);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const needsMe = promotions.data?.needsMe ?? 0;
  return (
    <div className="frame">
      <header className="topbar">
        <span className="brand"><span><ShieldCheck className="icon" aria-hidden /></span><b>Interlock</b></span>
        <TopBar progress={progress} openPalette={() => setPalette(true)} />
      </header>
      <nav className="rail" aria-label="Screens">
        {places.map(({ to, label, icon: Icon }) => (
          <Link key={to} to={to} aria-current={path.startsWith(to) ? "page" : undefined} title={label}>
            <Icon className="icon" aria-hidden /><span>{label}</span>
            {to === "/promotions" && needsMe > 0 && (
              <b className="count right"><span className="sr">needs me: </span>{needsMe}</b>
            )}
          </Link>
        ))}
        <span className="grow" />
        <Link to="/settings" aria-current={path.startsWith("/settings") ? "page" : undefined} title="Settings">
          <Settings className="icon" aria-hidden /><span>Settings</span>
        </Link>
      </nav>
      <main className="main"><Outlet /></main>
      {palette && <Palette close={() => setPalette(false)} />}
    </div>
  );
}
