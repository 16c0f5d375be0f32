// The outlines of the matrix are the package's, stroke for stroke.
import { describe, expect, test } from "vitest";
import { outlineOf, type ShapeName } from "../components/shape";

type Node = [kind: string, attributes: Record<string, string>];
const modules = import.meta.glob<{ __iconData: { node: Node[] } }>([
  "/node_modules/lucide-react/dist/esm/icons/{circle-check,loader-circle,hand,circle-x,circle-exclamation-point}.mjs",
  "/node_modules/lucide-react/dist/esm/icons/{snowflake,circle-dashed,minus,git-commit-horizontal,cloud-off,arrow-right}.mjs",
]);

function stroke([kind, at]: Node): string {
  const n = (key: string) => Number(at[key]);
  switch (kind) {
    case "path": return (at["d"] ?? "").replace(/^m(-?[\d.]+) ?(-?[\d.]+) ?/, "M$1 $2l");
    case "circle": return `M${n("cx") - n("r")} ${n("cy")}a${n("r")} ${n("r")} 0 1 0 ${2 * n("r")} 0a${n("r")} ${n("r")} 0 1 0 ${-2 * n("r")} 0`;
    case "line": return `M${n("x1")} ${n("y1")}L${n("x2")} ${n("y2")}`;
    default: throw new Error(`no outline for ${kind}`);
  }
}

describe("outlines of the matrix", () => {
  const all = Object.entries(modules).map(([path, load]) => [path.replace(/^.*\/|\.mjs$/g, "") as ShapeName, load] as const);

  test("every one of them is looked up", () => expect(all).toHaveLength(11));

  test.each(all)("%s is drawn as in the package", async (name, load) => {
    expect(outlineOf(name)).toBe((await load()).__iconData.node.map(stroke).join(""));
  });
});
