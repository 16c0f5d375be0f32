// Stands in until the fake bank is written.
import type { Host } from "../host";
export const host: Host = { call: () => Promise.reject(new Error("no fake yet")), listen: () => () => undefined };
