// `n` and `p` walk over the changes on the screen.
import { useEffect } from "react";
import { focusByKey, isTaken } from "../../components/focus";

export function useChangeKeys() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event) || (event.key !== "n" && event.key !== "p") || event.ctrlKey || event.metaKey || event.altKey) return;
      const changes = [...document.querySelectorAll<HTMLElement>("[data-change]")];
      const at = changes.indexOf(document.activeElement as HTMLElement);
      const next = changes[event.key === "n" ? Math.min(at + 1, changes.length - 1) : Math.max(at - 1, 0)];
      if (!next) return;
      focusByKey(next);
      next.scrollIntoView({ block: "nearest" });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
