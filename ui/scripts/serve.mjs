// Builds the user interface on the fake bank and serves it on loopback with the window's own content policy.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { tmpdir } from "node:os";
import { mkdtemp, rm } from "node:fs/promises";
import { build } from "vite";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml" };

async function policy() {
  const config = JSON.parse(await readFile(new URL("../../tauri.conf.json", import.meta.url), "utf8"));
  const { "connect-src": _, ...rest } = config.app.security.csp;
  return Object.entries(rest).map(([name, value]) => `${name} ${value}`).join("; ");
}

export async function serveFake() {
  process.env.VITE_HOST = "fake";
  const folder = await mkdtemp(join(tmpdir(), "interlock-ui-"));
  await build({ root: new URL("..", import.meta.url).pathname, logLevel: "warn", build: { outDir: folder, emptyOutDir: true } });
  const csp = await policy();
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    try {
      const file = path === "/" ? "/index.html" : path;
      const body = await readFile(join(folder, file));
      response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", "content-security-policy": csp });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
