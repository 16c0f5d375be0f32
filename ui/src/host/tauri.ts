// The desktop: every command goes to the core, events come from it.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { eventChannel, firstLookName, type FirstLook, type HostEvent } from "../contract";
import type { Host } from "./host";

export const host: Host = {
  call: (name, request) => invoke(name, { request }),
  listen(handler) {
    const stop = listen<HostEvent>(eventChannel, (event) => handler(event.payload));
    // What happened before the core knew of this listener was not heard.
    void stop.then(() => handler({ kind: "overview-changed" }));
    return () => void stop.then((unlisten) => unlisten());
  },
  firstLook() {
    const given = (window as { [firstLookName]?: FirstLook })[firstLookName];
    Reflect.deleteProperty(window, firstLookName);
    // A page that is loaded again is given the same once more, and it is old by then.
    const [opening] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    return opening?.type === "reload" ? undefined : given;
  },
};
