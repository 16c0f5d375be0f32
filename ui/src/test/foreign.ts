// A bank whose every text is hostile: what the host answers is text, and whatever stands in it stays text.
import { readFileSync } from "node:fs";
import { vi } from "vitest";
import { host } from "#host";

/** Texts that become elements, handlers or addresses where somebody takes text for markup. */
export const corpus = [
  "<script>window.reached=1</script>",
  "<img src=x onerror=window.reached=1>",
  "\"><svg/onload=window.reached=1>",
  "<svg><animate onbegin=window.reached=1 attributeName=x dur=1s>",
  "<math><mtext><table><mglyph><style><img src onerror=window.reached=1>",
  "<iframe srcdoc=\"<script>parent.reached=1</script>\"></iframe>",
  "<details open ontoggle=window.reached=1>",
  "<style>@import 'http://evil.example/x.css'</style>",
  "<base href=http://evil.example/><form action=http://evil.example/><button formaction=javascript:window.reached=1>",
  "<a href=javascript:window.reached=1>open</a>",
  "' autofocus onfocus=window.reached=1 x='",
  "</title><plaintext><noscript><p title=\"</noscript><img src=x onerror=window.reached=1>\">",
  "{{constructor.constructor('window.reached=1')()}}${window.reached=1}",
  "javascript:window.reached=1//\u202e<marquee>turned</marquee>",
];

const contract = readFileSync("src/contract/index.ts", "utf8");
const names = (pattern: RegExp) => new Set([...contract.matchAll(pattern)].map(([, name]) => name));
const vocabularies = names(/export type (\w+) = "/g);
const closed = new Set([...contract.matchAll(/(\w+): (?:Array<)?(\w+)/g)].filter(([, , type]) => vocabularies.has(type)).map(([, name]) => name));
/** Fields that the contract calls a text, or a list of them, and nowhere a word of a closed vocabulary. */
const texts = new Set([...names(/(\w+): (?:Array<)?string(?:>)?(?: \| null)?[,;]/g)].filter((name) => !closed.has(name)));
const isTime = (text: string) => /^\d{4}-\d\d-\d\dT/.test(text);

/** Puts a hostile text behind every text of a view. */
function poison(value: unknown, payload: string, field = ""): unknown {
  if (typeof value === "string") return texts.has(field) && value !== "" && !isTime(value) ? value + payload : value;
  if (Array.isArray(value)) return value.map((item) => poison(item, payload, field));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poison(item, payload, name)]));
}

/** The core knows its own names: what comes back from the page is as it was. */
function clean(value: unknown, payload: string): unknown {
  if (typeof value === "string") return value.replaceAll(payload, "");
  if (Array.isArray(value)) return value.map((item) => clean(item, payload));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, clean(item, payload)]));
}

/** Has the host answer like that until mocks are restored; errors are as hostile as answers. */
export function poisonHost(payload: string) {
  const call = host.call.bind(host) as (name: string, request: unknown) => Promise<unknown>;
  const poisoned = (name: string, request: unknown) => call(name, clean(request, payload)).then(
    (answer) => poison(answer, payload),
    (error: unknown) => Promise.reject(poison(error, payload)),
  );
  vi.spyOn(host, "call").mockImplementation(poisoned as typeof host.call);
}

/** Elements, attributes and addresses below a node that a text must not have made. */
export function made(root: ParentNode): string[] {
  const found: string[] = [];
  for (const element of root.querySelectorAll("*")) {
    const name = element.localName;
    if (name === "style" && !element.closest(".raw")) found.push(name);
    if (["script", "iframe", "object", "embed", "base", "form", "math", "plaintext", "noscript", "img", "animate", "marquee", "mtext"].includes(name)) found.push(name);
    for (const attribute of element.attributes) {
      if (/^on|^srcset$|^srcdoc$|^formaction$|^autofocus$/.test(attribute.name)) found.push(`${name} ${attribute.name}`);
      if (["href", "src", "action", "xlink:href"].includes(attribute.name) && /^\s*(javascript|data|http):/i.test(attribute.value)) found.push(`${name} ${attribute.name}=${attribute.value}`);
    }
    if (element.shadowRoot) found.push(...made(element.shadowRoot));
  }
  return found;
}

/** How often a text stands below a node: as text, or as what an attribute says. */
export function shown(root: ParentNode, payload: string): number {
  let times = (root.textContent ?? "").split(payload).length - 1;
  for (const element of root.querySelectorAll("*")) {
    for (const attribute of element.attributes) if (attribute.value.includes(payload)) times += 1;
    if (element.shadowRoot) times += shown(element.shadowRoot as unknown as ParentNode, payload);
  }
  return times;
}
