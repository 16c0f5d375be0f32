// Which services the matrix showed when the window was closed: shown again when it opens without an address.
const key = "interlock.last-view";
const kept = ["filter", "team", "view"];

/** Puts the last view into the address, unless the address says something itself. */
export function bringBack() {
  if (location.hash.length > 2) return;
  try {
    const last = localStorage.getItem(key);
    // The matrix is named at once: a redirect to it would load the routes twice.
    history.replaceState(null, "", `#/environments${last ? `?${last}` : ""}`);
  } catch {
    // Without storage the window opens with every service.
  }
}

/** Keeps what the matrix shows; a drawer, and other screens, are not kept. */
export function keep(path: string, search: Record<string, unknown>) {
  if (path !== "/environments") return;
  const words = new URLSearchParams();
  for (const name of kept) if (typeof search[name] === "string") words.set(name, search[name]);
  try {
    localStorage.setItem(key, words.toString());
  } catch {
    // The same.
  }
}
