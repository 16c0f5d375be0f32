// Chooses a side: what runs in an environment, or a Git revision with an environment's variables.
import { GitCommitHorizontal, Server } from "lucide-react";
import { useState } from "react";
import { Choice } from "../../components/choice";
import { fromSide, toSide } from "./sides";

type Props = { label: string; value: string; environments: string[]; onChange: (value: string) => void };
type Point = "now" | "revision";

export function SidePicker({ label, value, environments, onChange }: Props) {
  const side = toSide(value);
  const environment = side.kind === "environment" ? side.name : side.environment;
  const [revision, setRevision] = useState(side.kind === "revision" ? side.revision : "");
  const [point, setPoint] = useState<Point>(side.kind === "revision" ? "revision" : "now");
  const told = (wanted: string, of: string) =>
    fromSide(wanted.trim() === "" ? { kind: "environment", name: of } : { kind: "revision", revision: wanted.trim(), environment: of });
  const apply = () => {
    if (told(revision, environment) !== value) onChange(told(revision, environment));
  };
  return (
    <span className="side" role="group" aria-label={label}>
      <Choice
        label={`${label}: environment`}
        icon={<Server className="icon" aria-hidden />}
        value={environment}
        options={environments.map((name) => ({ id: name, label: name }))}
        onChange={(name) => onChange(told(point === "revision" ? revision : "", name))}
      />
      <Choice<Point>
        label={`${label}: point`}
        value={point}
        options={[{ id: "now", label: "now", detail: "what runs there" }, { id: "revision", label: "at revision", detail: "from Git" }]}
        onChange={(wanted) => {
          setPoint(wanted);
          if (wanted === "now") {
            setRevision("");
            if (side.kind === "revision") onChange(environment);
          }
        }}
      />
      {point === "revision" && (
        <label className="box">
          <GitCommitHorizontal className="icon" aria-hidden />
          <input
            className="mono"
            aria-label={`${label}: commit, tag or branch`}
            placeholder="commit, tag or branch"
            autoFocus={side.kind === "environment"}
            value={revision}
            onChange={(event) => setRevision(event.target.value)}
            onBlur={apply}
            onKeyDown={(event) => event.key === "Enter" && apply()}
          />
        </label>
      )}
    </span>
  );
}
