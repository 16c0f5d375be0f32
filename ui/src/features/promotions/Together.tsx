// Which services go in one promotion: all that differ, those that cannot go with the reason.
import { ArrowRight } from "lucide-react";
import type { RowView } from "../../contract";
import { Told } from "../../components/time";
import { plural } from "../../components/words";

export type Candidate = { service: string; now: string | null; next: string | null; reason: string | null };

/** Every service that the environment before runs otherwise, in the order of the matrix. */
export function candidates(rows: RowView[], to: string): Candidate[] {
  return rows.flatMap((row) => {
    const cell = row.cells.find((item) => item.environment === to);
    if (!cell) return [];
    const { promote } = cell;
    const one = (next: string | null, reason: string | null): Candidate[] => [{ service: row.service, now: cell.version, next, reason }];
    switch (promote.state) {
      case "none": return [];
      case "allowed": return one(promote.version, null);
      case "open": return one(null, `${promote.promotion} is ${promote.label}`);
      case "refused": return one(null, promote.reasons.map((reason) => reason.text).join("; "));
    }
  });
}

type Props = { listed: Candidate[]; chosen: string[]; isDisabled: boolean; onChange: (chosen: string[]) => void };

export function Together({ listed, chosen, isDisabled, onChange }: Props) {
  const able = listed.filter((item) => item.reason === null);
  if (listed.length < 2) return <ul className="together" aria-label="Services">{listed.map((item) => <li key={item.service} className="row"><Change item={item} /></li>)}</ul>;
  const all = able.length > 0 && able.every((item) => chosen.includes(item.service));
  const toggle = (service: string) => onChange(chosen.includes(service) ? chosen.filter((name) => name !== service) : [...chosen, service]);
  return (
    <fieldset className="together" disabled={isDisabled}>
      <legend className="sr">Services that go together</legend>
      <label className="row">
        <input type="checkbox" checked={all} onChange={() => onChange(all ? chosen.slice(0, 1) : able.map((item) => item.service))} />
        <span>Everything that differs and can go</span>
        <span className="faint right">{plural(able.length, "service")}</span>
      </label>
      <ul>
        {listed.map((item) => (
          <li key={item.service}>
            <label className="row" title={item.reason ?? undefined}>
              <input type="checkbox" checked={chosen.includes(item.service)} disabled={item.reason !== null} onChange={() => toggle(item.service)} />
              <Change item={item} />
            </label>
          </li>
        ))}
      </ul>
      {chosen.length > 1 && <p className="faint">They are approved as one and delivered one after the other, each after those that it depends on.</p>}
    </fieldset>
  );
}

function Change({ item }: { item: Candidate }) {
  return (
    <>
      <span className={item.reason === null ? "" : "faint"}>{item.service}</span>
      {item.reason === null
        ? <span className="row right mono dim">{item.now ?? "not there"}<ArrowRight className="icon-s" role="img" aria-label="becomes" />{item.next ?? "?"}</span>
        : <span className="faint right ellipsis"><Told text={item.reason} /></span>}
    </>
  );
}
