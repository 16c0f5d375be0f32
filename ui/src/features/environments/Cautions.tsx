// Says what in the matrix is old, or could not be asked at all.
import type { ErrorEnvelope, OverviewView } from "../../contract";
import { Caution } from "../../components/state";
import { Ago, Told, told } from "../../components/time";
import { plural } from "../../components/words";

export function Cautions({ overview, failure }: { overview: OverviewView; failure: ErrorEnvelope | null }) {
  const silent = overview.scopes.filter((scope) => scope.tone !== "ok");
  if (failure) {
    return <Caution><span><b>Shown is what was last known.</b> {failure.message} {failure.hints[0]}</span></Caution>;
  }
  if (silent.length === 0) return null;
  if (silent.length === overview.scopes.length) {
    const seen = overview.scopes.flatMap((scope) => scope.at ?? []).toSorted().at(-1);
    return (
      <Caution>
        <span>
          <b>No scope answers.</b> {seen ? <>Shown is what was seen <Ago at={seen} suffix=" ago" />.</> : "Nothing was seen there so far."}{" "}
          <Told text={silent[0]?.reason ?? "No reason was given."} />
        </span>
      </Caution>
    );
  }
  return (
    <Caution>
      <span>
        <b>{plural(silent.length, "scope")} of {overview.scopes.length} {silent.length === 1 ? "is" : "are"} not current:</b>{" "}
        {silent.slice(0, 3).map((scope) => `${scope.environment} ${scope.region} (${told(scope.reason ?? "no answer")})`).join("; ")}
        {silent.length > 3 && ` and ${silent.length - 3} more`}. What is shown from there is the last known.
      </span>
    </Caution>
  );
}
