// Says what in the matrix is old, or could not be asked at all.
import type { ErrorEnvelope, OverviewView, ScopeView } from "../../contract";
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
        <b>{plural(silent.length, "scope")} of {overview.scopes.length} {silent.length === 1 ? "is" : "are"} not current.</b>{" "}
        {byReason(silent).map(([reason, places]) => `${places.join(", ")}: ${told(reason)}`).join(" ")}{" "}
        {silent.some((scope) => scope.at) ? "What is shown from there is the last known." : "Nothing was seen there so far."}
      </span>
    </Caution>
  );
}

/** Reasons, each with the scopes that give it. */
function byReason(scopes: ScopeView[]): [string, string[]][] {
  const reasons = new Map<string, string[]>();
  for (const scope of scopes) {
    const reason = (scope.reason ?? "no answer").replace(/[.]?$/, ".");
    reasons.set(reason, [...(reasons.get(reason) ?? []), `${scope.environment} ${scope.region}`]);
  }
  return [...reasons];
}
