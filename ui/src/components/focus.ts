// Where the keyboard goes when what had the focus is gone, and which keys are somebody else's.
import { useEffect, useRef } from "react";

/** How long closing dialogs take to give the focus back themselves. */
const SETTLED = 80;

/**
 * Looks, whenever the signal changes, whether the focus was lost with a control that went away; it then
 * goes to the part of the screen where that control stood.
 */
export function useFocusKept(signal: string) {
  const part = useRef<HTMLElement | null>(null);
  const first = useRef(true);
  useEffect(() => {
    const onFocus = (event: FocusEvent) => {
      const found = event.target instanceof Element ? event.target.closest<HTMLElement>("aside, main") : null;
      if (found) part.current = found;
    };
    document.addEventListener("focusin", onFocus);
    return () => document.removeEventListener("focusin", onFocus);
  }, []);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return undefined;
    }
    const timer = setTimeout(() => {
      if (document.activeElement && document.activeElement !== document.body) return;
      const stands = part.current?.isConnected ? part.current : document.querySelector<HTMLElement>("main");
      stands?.focus({ preventScroll: true });
    }, SETTLED);
    return () => clearTimeout(timer);
  }, [signal]);
}

/** Whether a key belongs to a field, or to a menu, list or dialog that lies above the screen. */
export function isTaken(event: KeyboardEvent): boolean {
  return event.target instanceof Element
    && (event.target.matches("input, textarea, [contenteditable]") || event.target.closest(".popover, .overlay") !== null);
}

/** Moves the focus for a key that was pressed, and shows it even if the mouse was used before. */
export function focusByKey(element: HTMLElement) {
  element.setAttribute("data-focus-visible", "");
  element.addEventListener("blur", () => element.removeAttribute("data-focus-visible"), { once: true });
  element.focus();
}
