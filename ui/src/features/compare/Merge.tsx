// The merge view. It lives in a shadow root: there the editor's styles are adopted sheets and no style element is needed.
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { MergeView, uncollapseUnchanged } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { Decoration, EditorView, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

import type { Spot } from "./spot";

type Props = { left: string | null; right: string | null; labels: [string, string]; fold: boolean; spot?: Spot };

const look = EditorView.theme({
  "&": { fontSize: "12px", color: "var(--text)", backgroundColor: "var(--panel)" },
  ".cm-content": { fontFamily: "var(--mono)", fontFeatureSettings: '"calt" 0' },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--faint)", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "34px" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: "var(--del-bg)" },
  "&.cm-merge-b .cm-changedLine": { backgroundColor: "var(--add-bg)" },
  "&.cm-merge-a .cm-changedText": { background: "none", borderBottom: "2px solid var(--bad)" },
  "&.cm-merge-b .cm-changedText": { background: "none", borderBottom: "2px solid var(--ok)" },
  ".cm-collapsedLines": { background: "var(--raise)", color: "var(--dim)", padding: "3px 12px" },
  ".cm-collapsedLines:before": { content: '"… "' },
  ".cm-collapsedLines:after": { content: '" …"' },
  ".cm-changeGutter": { width: "3px" },
  "&.cm-merge-a .cm-changedLineGutter": { background: "var(--bad)" },
  "&.cm-merge-b .cm-changedLineGutter": { background: "var(--ok)" },
  ".cm-spot": { boxShadow: "inset 3px 0 0 var(--accent)" },
  "&.cm-focused": { outline: "none" },
  ".cm-content:focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
});
const colours = syntaxHighlighting(HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--run)" },
  { tag: [tags.comment, tags.meta], color: "var(--faint)" },
  { tag: [tags.typeName, tags.tagName, tags.keyword], color: "var(--drift)" },
]));

const language = (text: string) => (text.trimStart().startsWith("{") ? json() : yaml());

/** Marks the line that somebody came for. */
function marked(text: string | null, line: number | undefined): Extension {
  if (text === null || line === undefined) return [];
  return EditorView.decorations.of((view) => {
    const at = Math.min(line, view.state.doc.lines);
    return Decoration.set([Decoration.line({ class: "cm-spot" }).range(view.state.doc.line(at).from)]);
  });
}

/** Brings a line into the middle, out of a folded passage where it is in one. */
function goTo(editor: EditorView, line: number) {
  const at = editor.state.doc.line(Math.min(line, editor.state.doc.lines)).from;
  editor.dispatch({ effects: uncollapseUnchanged.of(at) });
  editor.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center" }) });
}

export function Merge({ left, right, labels, fold, spot }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = place.current;
    if (!host) return undefined;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    const inside = document.createElement("div");
    root.replaceChildren(inside);
    const side = (text: string | null, label: string, line: number | undefined) => ({
      doc: text ?? "",
      extensions: [
        lineNumbers(), look, colours, language(text ?? ""), EditorState.readOnly.of(true), EditorView.editable.of(false), EditorView.lineWrapping, marked(text, line),
        EditorView.contentAttributes.of({ "aria-label": text === null ? `${label}: no text` : label, tabindex: "0", role: "textbox", "aria-readonly": "true", "aria-multiline": "true" }),
      ],
    });
    const view = new MergeView({
      a: side(left, `Template, ${labels[0]}`, spot?.side === "left" ? spot.line : undefined),
      b: side(right, `Template, ${labels[1]}`, spot?.side === "right" ? spot.line : undefined),
      parent: inside,
      root,
      ...(fold ? { collapseUnchanged: { margin: 4, minSize: 8 } } : {}),
      gutter: true,
    });
    if (spot && (spot.side === "left" ? left : right) !== null) goTo(spot.side === "left" ? view.a : view.b, spot.line);
    return () => view.destroy();
  }, [left, right, labels[0], labels[1], fold, spot?.side, spot?.line]);
  return <div ref={place} className="raw" role="region" aria-label="Templates side by side" />;
}
