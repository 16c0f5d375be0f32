// The promotion control of a cell: goes, is open already, or says why not. A plain button: there are thousands of
// them, and the matrix hears their presses in one place.
import type { PromoteView } from "../../contract";
import { Shape } from "../../components/shape";

type Props = { promote: PromoteView; environment: string; service: string };

export function PromoteControl({ promote, environment, service }: Props) {
  switch (promote.state) {
    case "none":
      return null;
    case "open":
      return (
        <button type="button" className="go open" tabIndex={-1} aria-label={`Open promotion ${promote.promotion} of ${service} into ${environment}: ${promote.label}`} title={`${promote.promotion}: ${promote.label}`}>
          <Shape name="hand" className="icon" />
        </button>
      );
    case "allowed":
      return (
        <button type="button" className="go" tabIndex={-1} aria-label={`Promote ${service} from ${promote.from} to ${environment}`} title={`Promote ${promote.version ?? ""} from ${promote.from}`}>
          <Shape name="arrow-right" className="icon" />
        </button>
      );
    case "refused":
      return (
        <button type="button" className="go no" tabIndex={-1} aria-label={`Why ${service} cannot be promoted to ${environment}`} title={`Not now: ${promote.reasons.map((reason) => reason.text).join("; ")}`}>
          <Shape name="arrow-right" className="icon" />
        </button>
      );
  }
}
