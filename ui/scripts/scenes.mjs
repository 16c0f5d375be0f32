// Every screen in every state that is worth a look.

const click = (role, name) => (browser) => browser.run(`
  const wanted = arguments[1];
  const found = [...document.querySelectorAll(arguments[0])].find((e) => (e.getAttribute("aria-label") ?? e.textContent).trim().startsWith(wanted));
  if (!found) throw new Error("nothing is called " + wanted);
  found.focus();
  const at = { bubbles: true, cancelable: true, pointerType: "mouse", button: 0, detail: 1 };
  found.dispatchEvent(new PointerEvent("pointerdown", at)); found.dispatchEvent(new PointerEvent("pointerup", at)); found.click();
`, role, name);
const keys = (text) => (browser) => browser.keys(text);

export const scenes = [
  { name: "environments", address: "/environments" },
  { name: "environments-drawer", address: "/environments?service=payments-api&environment=prod" },
  { name: "environments-drawer-failed", address: "/environments?service=statements&environment=dev" },
  { name: "environments-comfortable", address: "/environments", density: "comfortable" },
  { name: "environments-why", address: "/environments", steps: [click("button", "Why transfers")] },
  { name: "environments-sources", address: "/environments", steps: [click("button", "Freshness")] },
  { name: "environments-identity", address: "/environments", steps: [click("button", "Acting as")] },
  { name: "environments-first", address: "/environments", scene: "first" },
  { name: "environments-stale", address: "/environments", scene: "stale" },
  { name: "environments-frozen", address: "/environments", scene: "frozen" },
  { name: "environments-loading", address: "/environments", scene: "loading" },
  { name: "environments-failing", address: "/environments", scene: "failing" },
  { name: "environments-broken", address: "/environments", scene: "broken" },
  { name: "environments-none", address: "/environments?filter=nothing-like-this" },
  { name: "environments-large", address: "/environments", scene: "large" },
  { name: "environments-refreshing", address: "/environments", steps: [click("button", "Refresh")] },
  { name: "prepare", address: "/environments?service=payments-api&environment=prod", steps: [click("button", "Promote 9.3.1")] },
  { name: "palette", address: "/environments", steps: [(browser) => browser.press("\uE009", "k"), keys("pay")] },
  { name: "compare", address: "/compare?service=payments-api&left=prod&right=qa" },
  { name: "compare-variables", address: "/compare?service=payments-api&left=prod&right=qa&tab=variables" },
  { name: "compare-commits", address: "/compare?service=payments-api&left=prod&right=qa&tab=commits" },
  { name: "compare-raw", address: "/compare?service=payments-api&left=prod&right=qa&tab=raw", wait: 1500 },
  { name: "compare-unknown", address: "/compare?service=edge-waf&left=prod&right=qa" },
  { name: "compare-same", address: "/compare?service=users-pool&left=prod&right=qa" },
  { name: "compare-revision", address: "/compare?service=payments-api&left=prod&right=v9.3.1%40prod" },
  { name: "compare-failing", address: "/compare", scene: "failing" },
  { name: "inbox", address: "/promotions" },
  { name: "inbox-first", address: "/promotions", scene: "first" },
  { name: "promotion-decide", address: "/promotions/PR-7K2M9Q" },
  { name: "promotion-gates", address: "/promotions/PR-7K2M9Q", steps: [click("[role=tab]", "Gates")] },
  { name: "promotion-manifest", address: "/promotions/PR-7K2M9Q", steps: [click("[role=tab]", "Manifest")] },
  { name: "promotion-approved", address: "/promotions/PR-9QF3HZ" },
  { name: "promotion-confirm", address: "/promotions/PR-9QF3HZ", steps: [click("button", "Promote customer-portal")] },
  { name: "promotion-own", address: "/promotions/PR-2MB6RC" },
  { name: "promotion-voided", address: "/promotions/PR-6PZ4QS" },
  { name: "promotion-window", address: "/promotions/PR-7K2M9Q?tab=window" },
  { name: "promotion-window-frozen", address: "/promotions/PR-7K2M9Q?tab=window", scene: "frozen" },
  { name: "promotion-waive", address: "/promotions/PR-7K2M9Q", steps: [click("button", "Waive a gate")] },
  { name: "promotion-waived", address: "/promotions/PR-7K2M9Q?tab=gates", steps: [click("button", "Waive a gate"), keys("The table is empty, and nobody writes to it before Monday."), click("button", "Waive the gate")] },
  { name: "promotion-glass", address: "/promotions/PR-7K2M9Q", steps: [click("button", "Break the glass")] },
  { name: "promotion-withdraw", address: "/promotions/PR-2MB6RC", steps: [click("button", "Take the request back")] },
  { name: "promotion-review-owed", address: "/promotions/PR-8GL4SS?tab=changes" },
  { name: "running-emergency", address: "/promotions/PR-8GL4SS", wait: 1500 },
  { name: "promotion-missing", address: "/promotions/PR-NOPE" },
  { name: "running", address: "/promotions/PR-4XW8TD", wait: 2500 },
  { name: "running-failed", address: "/promotions/PR-5TN1VA", wait: 1500 },
  { name: "running-unknown", address: "/promotions/PR-1LK9UW", wait: 1500 },
  { name: "running-done", address: "/promotions/PR-8CJ0LE", wait: 1500 },
  { name: "audit", address: "/audit" },
  { name: "audit-open", address: "/audit", steps: [(browser) => browser.run("document.querySelector('.record button').click()")] },
  { name: "audit-ignored", address: "/audit?kind=ignored" },
  { name: "audit-first", address: "/audit", scene: "first" },
  { name: "settings", address: "/settings" },
  { name: "settings-tested", address: "/settings", steps: [click("button", "Test every"), (browser) => browser.run("return 1"), (browser) => browser.run("return 1"), (browser) => browser.run("return 1")] },
  { name: "settings-mismatch", address: "/settings", scene: "mismatch" },
];
