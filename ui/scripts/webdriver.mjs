// A small WebDriver client for MiniBrowser, the same engine as the desktop's window.
// Run below `dbus-run-session -- xvfb-run -a -s "-screen 0 2000x1300x24"`.
import { spawn } from "node:child_process";
import { createServer } from "node:net";

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

export async function openBrowser() {
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], { stdio: "ignore" });
  const base = `http://127.0.0.1:${port}`;
  const ask = async (method, path, body) => {
    const answer = await fetch(base + path, body === undefined ? { method } : { method, body: JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  };
  for (let tries = 0; ; tries += 1) {
    try {
      await ask("GET", "/status");
      break;
    } catch (trouble) {
      if (tries > 60) throw trouble;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const session = await ask("POST", "/session", { capabilities: { alwaysMatch: { timeouts: { script: 120_000 } } } });
  const at = `/session/${session.sessionId}`;
  return {
    go: (url) => ask("POST", `${at}/url`, { url }),
    reload: () => ask("POST", `${at}/refresh`, {}),
    run: (script, ...args) => ask("POST", `${at}/execute/sync`, { script, args }),
    runAsync: (script, ...args) => ask("POST", `${at}/execute/async`, { script, args }),
    keys: async (text) => {
      const actions = [...text].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
      await ask("POST", `${at}/actions`, { actions: [{ type: "key", id: "keys", actions }] });
    },
    async press(modifier, key) {
      const down = (value) => ({ type: "keyDown", value });
      const up = (value) => ({ type: "keyUp", value });
      await ask("POST", `${at}/actions`, { actions: [{ type: "key", id: "keys", actions: [down(modifier), down(key), up(key), up(modifier)] }] });
    },
    /** Makes the page's inside exactly so large: the browser's own bars are outside of it. */
    async size(width, height) {
      await ask("POST", `${at}/window/rect`, { width, height });
      const [inner, outer] = await ask("POST", `${at}/execute/sync`, { script: "return [innerWidth, innerHeight]", args: [] });
      await ask("POST", `${at}/window/rect`, { width: width + (width - inner), height: height + (height - outer) });
    },
    picture: async () => Buffer.from(await ask("GET", `${at}/screenshot`), "base64"),
    async close() {
      await ask("DELETE", at).catch(() => undefined);
      driver.kill();
    },
  };
}
