// Whether the whole log holds together, and what that does and does not prove.
import { ShieldCheck, ShieldX } from "lucide-react";
import { Button } from "react-aria-components";
import type { VerificationView } from "../../contract";

export function Verification({ verification, onIgnored }: { verification: VerificationView; onIgnored: () => void }) {
  const sound = verification.tone === "ok";
  const Icon = sound ? ShieldCheck : ShieldX;
  return (
    <section className={`notice ${sound ? "good" : "bad"}`} aria-label="Verification" role={sound ? undefined : "alert"}>
      <div className="row wrap">
        <Icon className={`icon tone-${verification.tone}`} aria-hidden />
        <b>{verification.summary}</b>
        {verification.firstBad !== null && <span className="tone-bad">first bad entry: {verification.firstBad}</span>}
        {verification.ignored > 0 && (
          <Button className="btn quiet" onPress={onIgnored}>{verification.ignored === 1 ? "1 entry counts for nothing" : `${verification.ignored} entries count for nothing`}</Button>
        )}
        <span className="faint right">root <code title={verification.root}>{verification.root.slice(0, 16)}</code></span>
      </div>
      <p className="dim">
        Kept on this machine. Every entry is signed, so an altered or forged one is noticed; a log that was cut at its end is told
        only from a checkpoint that is kept elsewhere (<code>interlock ledger checkpoint</code>).
      </p>
    </section>
  );
}
