// The frame around every screen: rail, top bar, progress.
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { isTaken, useFocusKept } from "../../components/focus";
import type { HostEvent } from "../../contract";
import { followHost } from "../../host/queries";
import { KeysDialog } from "./Keys";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";

export type Progress = Extract<HostEvent, { kind: "overview-progress" }>;

export function Frame() {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);
  const [above, setAbove] = useState<"palette" | "keys" | null>(null);
  useFocusKept(useRouterState({ select: (state) => state.location.pathname }));

  useEffect(() => followHost(client, (event) => {
    if (event.kind === "overview-progress") setProgress(event.done >= event.total ? null : event);
    if (event.kind === "overview-changed") setProgress(null);
  }), [client]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const held = event.ctrlKey || event.metaKey || event.altKey;
      const search = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      const wanted = search || (event.key === "/" && !held) ? "palette" : event.key === "?" && !held ? "keys" : null;
      // A dialog that waits for an answer keeps the keyboard.
      if (!wanted || (search ? document.querySelector(".overlay") : isTaken(event))) return;
      event.preventDefault();
      setAbove(wanted);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return (
    <div className="frame">
      <button type="button" className="btn skip" onClick={() => document.querySelector("main")?.focus()}>Go to the content</button>
      <header className="topbar">
        <span className="brand"><span><ShieldCheck className="icon" aria-hidden /></span><b>Interlock</b></span>
        <TopBar progress={progress} openPalette={() => setAbove("palette")} />
      </header>
      <Rail />
      <main className="main" tabIndex={-1}><Outlet /></main>
      {above === "palette" && <Palette close={() => setAbove(null)} showKeys={() => setAbove("keys")} />}
      {above === "keys" && <KeysDialog close={() => setAbove(null)} />}
    </div>
  );
}
