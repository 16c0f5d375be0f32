// Counts of differences: small, coloured, and in words for those who do not see them.
import type { CountsView } from "../../contract";

const kinds: [keyof CountsView, string, string, string][] = [
  ["dangers", "!", "tone-bad", "to decide first"], ["replaced", "R", "tone-waiting", "replaced"], ["removed", "-", "tone-bad", "removed"], ["changed", "~", "tone-running", "changed"], ["added", "+", "tone-ok", "added"], ["unknown", "?", "tone-unknown", "unknown"],
];

export function Counts({ counts }: { counts: CountsView }) {
  const shown = kinds.filter(([key]) => counts[key] > 0);
  if (shown.length === 0) return <span className="faint right">{counts.expected > 0 ? "as expected" : "same"}</span>;
  return (
    <span className="counts">
      {shown.map(([key, sign, tone, word]) => (
        <b key={key} className={`chip ${tone}`} title={`${counts[key]} ${word}`}>
          <span aria-hidden>{sign}{counts[key]}</span><span className="sr">{counts[key]} {word}</span>
        </b>
      ))}
    </span>
  );
}
