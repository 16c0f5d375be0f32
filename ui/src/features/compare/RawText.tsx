// Template texts side by side. The editor lives in a shadow root: its styles then need no inline style element.
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef, useState } from "react";
import type { SideRef } from "../../contract";
import { ErrorPanel, Loading } from "../../components/state";
import { usePreferences } from "../../components/preferences";
import { useAsk } from "../../host/queries";

type Props = { service: string; left: SideRef; right: SideRef; stacks: string[] };

const look = EditorView.theme({
  "&": { fontSize: "12px", color: "var(--text)", backgroundColor: "var(--panel)" },
  ".cm-content": { fontFamily: "var(--mono)" },
  ".cm-gutters": { backgroundColor: "var(--rail)", color: "var(--faint)", border: "none" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: "var(--del-bg)" },
  "&.cm-merge-b .cm-changedLine": { backgroundColor: "var(--add-bg)" },
});

export function RawText({ service, left, right, stacks }: Props) {
  const [stack, setStack] = useState(stacks[0] ?? "");
  const raw = useAsk("comparison_raw", { service, stack, left, right }, { enabled: stack !== "" });
  return (
    <>
      <div className="row">
        <select className="field" aria-label="Stack" value={stack} onChange={(event) => setStack(event.target.value)}>
          {stacks.map((name) => <option key={name}>{name}</option>)}
        </select>
        {raw.data?.notes.map((note) => <span key={note} className="dim">{note}</span>)}
      </div>
      {raw.error ? <ErrorPanel error={raw.error} retry={() => void raw.refetch()} />
        : raw.data ? <Merge left={raw.data.left ?? ""} right={raw.data.right ?? ""} /> : <Loading what="the texts" />}
    </>
  );
}

function Merge({ left, right }: { left: string; right: string }) {
  const place = useRef<HTMLDivElement>(null);
  const { theme } = usePreferences();
  useEffect(() => {
    const host = place.current;
    if (!host) return undefined;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    const inside = document.createElement("div");
    root.replaceChildren(inside);
    const language = (text: string) => (text.trimStart().startsWith("{") ? json() : yaml());
    const side = (text: string, label: string) => ({
      doc: text,
      extensions: [
        lineNumbers(), look, language(text), EditorState.readOnly.of(true), EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      ],
    });
    const view = new MergeView({
      a: side(left, "Template on the left"),
      b: side(right, "Template on the right"),
      parent: inside,
      root,
      collapseUnchanged: { margin: 4, minSize: 8 },
      gutter: true,
    });
    return () => view.destroy();
  }, [left, right, theme]);
  return <div ref={place} className="raw scroll" role="region" aria-label="Templates side by side" />;
}
