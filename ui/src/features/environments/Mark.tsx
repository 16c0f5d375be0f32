// A short mark under a version: what about it, in a word or two.
import { CircleAlert, CloudOff, GitCommitHorizontal, type LucideIcon } from "lucide-react";
import type { MarkerKind, MarkerView } from "../../contract";
import { told } from "../../components/time";
import { ToneIcon, toneIcons } from "../../components/tone";

const icons: Partial<Record<MarkerKind, LucideIcon>> = { behind: GitCommitHorizontal, danger: CircleAlert, incomplete: CloudOff };

export function Mark({ mark }: { mark: Pick<MarkerView, "kind" | "tone" | "label" | "detail"> }) {
  return (
    <span className={`mark tone-${mark.tone}`} title={told(mark.detail)}>
      <ToneIcon tone={mark.tone} small as={icons[mark.kind] ?? toneIcons[mark.tone]} /><span className="ellipsis">{mark.label}</span>
    </span>
  );
}
