// The frame around every screen: rail, top bar, progress.
import { useQueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useEffect, useState } from "react";
import type { HostEvent } from "../../contract";
import { followHost } from "../../host/queries";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";

export type Progress = Extract<HostEvent, { kind: "overview-progress" }>;

export function Frame() {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);
  const [palette, setPalette] = useState(false);

  useEffect(() => followHost(client, (event) => {
    if (event.kind === "overview-progress") setProgress(event.done >= event.total ? null : event);
    if (event.kind === "overview-changed") setProgress(null);
  }), [client]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, [contenteditable]");
      const wanted = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      if (!wanted && (event.key !== "/" || typing)) return;
      event.preventDefault();
      setPalette(true);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return (
    <div className="frame">
      <header className="topbar">
        <span className="brand"><span><ShieldCheck className="icon" aria-hidden /></span><b>Interlock</b></span>
        <TopBar progress={progress} openPalette={() => setPalette(true)} />
      </header>
      <Rail />
      <main className="main"><Outlet /></main>
      {palette && <Palette close={() => setPalette(false)} />}
    </div>
  );
}
