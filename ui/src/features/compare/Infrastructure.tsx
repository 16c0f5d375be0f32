// Entries that differ, unexpected ones first; what the environments' variables explain is folded away.
import { ChevronRight } from "lucide-react";
import type { ComparisonView, DifferenceState, EntryView, PropertyView, Tone } from "../../contract";
import { Chip } from "../../components/tone";
import { stateWords } from "./ServiceTree";

const tones: Record<DifferenceState, Tone> = {
  same: "neutral", changed: "running", "only-left": "bad", "only-right": "ok", unknown: "unknown",
};
const words: Record<DifferenceState, string> = {
  same: "same", changed: "changed", "only-left": "only on the left", "only-right": "added", unknown: "cannot be told",
};

const isExpected = (entry: EntryView) => entry.properties.length > 0 && entry.properties.every((property) => property.expected);

export function Infrastructure({ view }: { view: ComparisonView }) {
  const quiet = view.stacks.every((stack) => stack.state === "same");
  if (quiet) return <div className="notice neutral"><b>Both sides mean the same.</b></div>;
  return view.stacks.map((stack) => {
    const surprising = stack.entries.filter((entry) => !isExpected(entry));
    const expected = stack.entries.filter(isExpected);
    return (
      <section key={stack.name} className="col" aria-label={stack.name}>
        <div className="row"><h2 className="mono">{stack.name}</h2><Chip tone={tones[stack.state]}>{stateWords[stack.state]}</Chip>
          <span className="faint">{stack.left ?? "no stack"} against {stack.right ?? "no stack"}</span></div>
        {stack.reason && <div className="notice">{stack.reason}</div>}
        {surprising.map((entry) => <Entry key={entry.section + entry.name} entry={entry} open />)}
        {expected.length > 0 && (
          <details className="fold">
            <summary>{expected.length} expected {expected.length === 1 ? "difference" : "differences"}, explained by the environments' variables{" "}
              <span className="faint">{expected.slice(0, 5).map((entry) => entry.name).join(", ")}</span></summary>
            <div className="col" style={{ paddingTop: 8 }}>{expected.map((entry) => <Entry key={entry.section + entry.name} entry={entry} />)}</div>
          </details>
        )}
      </section>
    );
  });
}

function Entry({ entry, open = false }: { entry: EntryView; open?: boolean }) {
  return (
    <details className="res" open={open} data-change={open ? "" : undefined}>
      <summary>
        <ChevronRight className="icon turn" aria-hidden />
        <b className="mono">{entry.name}</b>
        <span className="dim">{entry.resourceType ?? entry.section}</span>
        <Chip tone={tones[entry.state]}>{words[entry.state]}</Chip>
        <span className="faint right mono">{entry.location}</span>
      </summary>
      {entry.properties.length > 0 && (
        <div className="prop head"><div>property</div><div>left</div><div>right</div><div>cause</div></div>
      )}
      {entry.properties.map((property) => <Property key={property.path} property={property} />)}
    </details>
  );
}

function Property({ property }: { property: PropertyView }) {
  return (
    <div className={`prop ${property.expected || property.unknown ? "quiet" : ""}`}>
      <div className="mono">{property.path}</div>
      <pre className={property.before === null ? "faint" : "before"}>{property.before ?? (property.unknown ? "unknown" : "absent")}</pre>
      <pre className={property.after === null ? "faint" : "after"}>{property.after ?? (property.unknown ? "unknown" : "absent")}</pre>
      <div className="dim">
        {property.unknown ? <span className="tone-unknown">cannot be compared</span> : property.cause}
        {property.expected && <div className="faint">expected</div>}
      </div>
    </div>
  );
}
