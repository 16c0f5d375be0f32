// The desktop: every command goes to the core, events come from it.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { eventChannel, type HostEvent } from "../contract";
import type { Host } from "./host";

export const host: Host = {
  call: (name, request) => invoke(name, { request }),
  listen(handler) {
    const stop = listen<HostEvent>(eventChannel, (event) => handler(event.payload));
    // What happened before the core knew of this listener was not heard.
    void stop.then(() => handler({ kind: "overview-changed" }));
    return () => void stop.then((unlisten) => unlisten());
  },
};
