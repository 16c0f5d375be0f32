// Exactly what is approved, element by element, and the bytes whose digest it is.
import { ChevronRight } from "lucide-react";
import type { ManifestElementView, PromotionView } from "../../contract";

export function Manifest({ view }: { view: PromotionView }) {
  const groups = [...new Set(view.elements.map((element) => element.group))];
  if (view.elements.length === 0) return <span className="dim">No manifest was made yet.</span>;
  return (
    <>
      <p className="dim">The SHA-256 of the exact bytes below is what people approve: <code className="whole-digest">{view.digest}</code></p>
      <table className="grid-table">
        <thead><tr><th scope="col">Element</th><th scope="col">Value</th></tr></thead>
        {groups.map((group) => (
          <tbody key={group}>
            <tr><th colSpan={2} scope="rowgroup" className="group">{group}</th></tr>
            {view.elements.filter((element) => element.group === group).map((element) => (
              <Element key={element.name} element={element} moved={view.voided?.moved.some((moved) => moved.element === `${element.name} of ${group}`) ?? false} />
            ))}
          </tbody>
        ))}
      </table>
      <details className="res"><summary><ChevronRight className="icon turn" aria-hidden />The document as it is kept</summary><pre className="res-body">{view.manifest}</pre></details>
    </>
  );
}

function Element({ element, moved }: { element: ManifestElementView; moved: boolean }) {
  return (
    <tr className={moved ? "moved" : ""}>
      <th scope="row">{element.name}{moved && <span className="tone-waiting"> moved</span>}</th>
      <td className="mono">{element.value}</td>
    </tr>
  );
}
