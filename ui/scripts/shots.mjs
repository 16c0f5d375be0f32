// Takes pictures of every screen and state in the window's engine, under the window's content policy,
// (popovers stand outside of every landmark, so that rule is left out)
// and fails on a policy violation, an uncaught error or an accessibility violation (contrast included).
//   node scripts/shots.mjs OUT [--only WORD] [--size 1280x800] [--theme light] [--no-axe]
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scenes } from "./scenes.mjs";
import { serveFake } from "./serve.mjs";
import { openBrowser } from "./webdriver.mjs";

const [out = "../shots", ...rest] = process.argv.slice(2);
const option = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
const sizes = (option("--size") ?? "1280x800,1920x1080").split(",").map((size) => size.split("x").map(Number));
const themes = (option("--theme") ?? "dark,light").split(",");
const only = option("--only");
const axe = rest.includes("--no-axe") ? null : await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

await mkdir(out, { recursive: true });
const site = await serveFake();
const browser = await openBrowser();
const troubles = [];
try {
  for (const [width, height] of sizes) {
    await browser.go(`${site.address}/#/settings`);
    await browser.size(width, height);
    for (const theme of themes) {
      for (const scene of scenes) {
        if (only && !scene.name.includes(only)) continue;
        const name = `${scene.name}-${theme}-${width}`;
        await browser.run("localStorage.setItem('interlock.preferences', arguments[0])", JSON.stringify({ theme, density: scene.density ?? "compact" }));
        await browser.go("about:blank");
        await browser.go(`${site.address}/?scene=${scene.scene ?? "usual"}#${scene.address}`);
        await browser.run("window.troubles = []; addEventListener('securitypolicyviolation', (e) => troubles.push(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`)); addEventListener('error', (e) => troubles.push(`error: ${e.message}`));");
        await pause(scene.wait ?? 700);
        for (const step of scene.steps ?? []) {
          await step(browser).catch((trouble) => troubles.push(`${name}: ${trouble.message}`));
          await pause(350);
        }
        if (axe && theme !== "skip" && width === sizes[0][0]) {
          const found = await browser.runAsync(`${axe}; const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'], rules: { region: { enabled: false } } }).then((r) => done(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html.slice(0, 160) + ' | ' + (n.any[0]?.message ?? '')).slice(0, 4).join(' || '))), (e) => done([String(e)]));`);
          troubles.push(...found.map((text) => `${name}: ${text}`));
        }
        troubles.push(...(await browser.run("return window.troubles")).map((text) => `${name}: ${text}`));
        const overflow = await browser.run("return [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]");
        if (overflow[0] > 0) troubles.push(`${name}: the page is ${overflow[0]} pixels too wide`);
        await writeFile(join(out, `${name}.png`), await browser.picture());
      }
    }
  }
} finally {
  await browser.close();
  await site.close();
}
// The same trouble on every screen is one trouble.
const told = new Map();
for (const trouble of troubles) {
  const [name, ...rest] = trouble.split(": ");
  const text = rest.join(": ").replace(/react-aria[\w-]*/g, "id");
  told.set(text, [...(told.get(text) ?? []), name]);
}
for (const [text, names] of told) console.log(`${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}: ${text}`);
if (told.size === 0) console.log("No trouble.");
process.exit(troubles.length === 0 ? 0 : 1);
