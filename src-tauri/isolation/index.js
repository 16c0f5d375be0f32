// The gate between the user interface and the core. It runs in a frame of its own that the
// user interface cannot reach into. Every message passes here before it is encrypted for the
// core: only commands of the table, only plain data, and only in sensible size.
"use strict";

(() => {
  const known = new Set(globalThis.interlockCommands);
  const eventCommands = new Set(["plugin:event|listen", "plugin:event|unlisten"]);
  const limits = Object.freeze({ depth: 12, values: 5_000, characters: 200_000 });

  // Says whether a value is JSON: no functions, no exotic objects, nothing endless.
  function isPlainData(value) {
    let values = 0;
    let characters = 0;
    const visit = (item, depth) => {
      values += 1;
      if (values > limits.values || depth > limits.depth) return false;
      if (item === null || item === undefined || typeof item === "boolean") return true;
      if (typeof item === "number") return Number.isFinite(item);
      if (typeof item === "string") {
        characters += item.length;
        return characters <= limits.characters;
      }
      if (Array.isArray(item)) return item.every((inner) => visit(inner, depth + 1));
      if (typeof item !== "object" || Object.getPrototypeOf(item) !== Object.prototype) return false;
      return Object.entries(item).every(([key, inner]) => visit(key, depth + 1) && visit(inner, depth + 1));
    };
    return visit(value, 0);
  }

  function hasOnly(payload, keys) {
    return (
      typeof payload === "object" && payload !== null && Object.keys(payload).every((key) => keys.includes(key))
    );
  }

  function isAllowed(message) {
    if (typeof message.cmd !== "string" || !isPlainData(message.payload)) return false;
    if (known.has(message.cmd)) return hasOnly(message.payload, ["request"]);
    if (!eventCommands.has(message.cmd)) return false;
    return (
      hasOnly(message.payload, ["event", "target", "handler", "eventId"]) &&
      message.payload.event === globalThis.interlockEvent
    );
  }

  // A refused message goes on as a command that nobody may call, so that its promise is rejected.
  function refused(message) {
    console.error("refused a message to the core:", String(message.cmd));
    return { ...message, cmd: "refused_by_isolation", payload: {}, options: undefined };
  }

  Object.defineProperty(window, "__TAURI_ISOLATION_HOOK__", {
    value: (message) => (isAllowed(message) ? { ...message, options: undefined } : refused(message)),
  });
})();
