// A short mark under a version: what about it, in a word or two.
import type { MarkerKind, MarkerView } from "../../contract";
import { told } from "../../components/time";
import { Shape, type ShapeName } from "../../components/shape";
import { toneShapes } from "../../components/tone";

const shapes: Partial<Record<MarkerKind, ShapeName>> = { behind: "git-commit-horizontal", danger: "circle-exclamation-point", incomplete: "cloud-off" };

export function Mark({ mark }: { mark: Pick<MarkerView, "kind" | "tone" | "label" | "detail"> }) {
  return (
    <span className={`mark tone-${mark.tone}`} title={told(mark.detail)}>
      <Shape name={shapes[mark.kind] ?? toneShapes[mark.tone]} className={`icon-s tone-${mark.tone}`} /><span className="ellipsis">{mark.label}</span>
    </span>
  );
}
