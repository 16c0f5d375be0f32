// What a person chose about looks; kept on this machine only.
import { useSyncExternalStore } from "react";

export type Preferences = { theme: "dark" | "light"; density: "compact" | "comfortable" };

const key = "interlock.preferences";
const watchers = new Set<() => void>();

function read(): Preferences {
  const fallback: Preferences = {
    theme: matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark",
    density: "compact",
  };
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Preferences>) };
  } catch {
    return fallback;
  }
}

let current = read();

function show() {
  document.documentElement.dataset["theme"] = current.theme;
  document.documentElement.dataset["density"] = current.density;
}
show();

export function setPreferences(change: Partial<Preferences>) {
  current = { ...current, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // Without storage the choice lasts as long as the window.
  }
  show();
  for (const watcher of watchers) watcher();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => current,
  );
}
