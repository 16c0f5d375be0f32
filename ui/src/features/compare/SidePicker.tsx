// Chooses a side: what runs in an environment, or a Git revision with an environment's variables.
import { useState } from "react";

type Props = { label: string; value: string; environments: string[]; onChange: (value: string) => void };

export function SidePicker({ label, value, environments, onChange }: Props) {
  const at = value.lastIndexOf("@");
  const environment = at > 0 ? value.slice(at + 1) : value;
  const [revision, setRevision] = useState(at > 0 ? value.slice(0, at) : "");
  const [asksRevision, setAsksRevision] = useState(at > 0);
  const apply = (text: string) => onChange(text.trim() === "" ? environment : `${text.trim()}@${environment}`);
  return (
    <span className="row" role="group" aria-label={label}>
      <select className="field" aria-label={`${label}: environment`} value={environment} onChange={(event) => onChange(asksRevision && revision ? `${revision}@${event.target.value}` : event.target.value)}>
        {environments.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
      <select
        className="field"
        aria-label={`${label}: point`}
        value={asksRevision ? "revision" : "now"}
        onChange={(event) => {
          const wanted = event.target.value === "revision";
          setAsksRevision(wanted);
          if (!wanted) onChange(environment);
        }}
      >
        <option value="now">now</option>
        <option value="revision">at revision</option>
      </select>
      {asksRevision && (
        <input
          className="field mono"
          aria-label={`${label}: commit, tag or branch`}
          placeholder="commit, tag or branch"
          value={revision}
          onChange={(event) => setRevision(event.target.value)}
          onBlur={() => apply(revision)}
          onKeyDown={(event) => event.key === "Enter" && apply(revision)}
        />
      )}
    </span>
  );
}
