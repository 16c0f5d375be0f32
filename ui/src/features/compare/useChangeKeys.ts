// `n` and `p` walk over the changes on the screen.
import { useEffect } from "react";

export function useChangeKeys() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches("input, textarea, [contenteditable]")) return;
      if ((event.key !== "n" && event.key !== "p") || event.ctrlKey || event.metaKey || event.altKey) return;
      const changes = [...document.querySelectorAll<HTMLElement>("[data-change]")];
      const at = changes.indexOf(document.activeElement as HTMLElement);
      const next = changes[event.key === "n" ? Math.min(at + 1, changes.length - 1) : Math.max(at - 1, 0)];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
