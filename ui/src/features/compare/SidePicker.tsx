// Chooses a side: what runs in an environment now or ran at a past time, a Git revision with the
// environment's variables, a change set that waits there, or files of this computer.
import { Server } from "lucide-react";
import { useState } from "react";
import { Choice } from "../../components/choice";
import { keepFiles } from "./chosen";
import { ChangeSetSide, FilesSide, PastSide, RevisionSide } from "./points";
import { environmentOf, toSide } from "./sides";

type Props = { label: string; value: string; service: string | undefined; environments: string[]; onChange: (value: string) => void };
type Point = "environment" | "past" | "revision" | "change-set" | "files";

const points: { id: Point; label: string; detail: string }[] = [
  { id: "environment", label: "now", detail: "what runs there" },
  { id: "past", label: "at a time", detail: "what ran there" },
  { id: "revision", label: "at revision", detail: "from Git" },
  { id: "change-set", label: "with change set", detail: "once it was executed" },
  { id: "files", label: "with files", detail: "from this computer" },
];

export function SidePicker({ label, value, service, environments, onChange }: Props) {
  const side = toSide(value);
  const environment = environmentOf(value);
  const [point, setPoint] = useState<Point>(side.kind);
  const change = (wanted: string) => {
    if (wanted !== value) onChange(wanted);
  };
  return (
    <span className="side" role="group" aria-label={label}>
      <Choice
        label={`${label}: environment`}
        icon={<Server className="icon" aria-hidden />}
        value={environment}
        options={environments.map((name) => ({ id: name, label: name }))}
        onChange={(name) => {
          if (side.kind === "revision") change(`${side.revision}@${name}`);
          else if (side.kind === "past") change(`${name}@${side.at}`);
          else if (side.kind === "files") change(`${value.slice(0, value.lastIndexOf("@"))}@${name}`);
          // A change set waits in one environment only.
          else change(name);
        }}
      />
      <Choice<Point>
        label={`${label}: point`}
        value={point}
        options={points}
        onChange={(wanted) => {
          setPoint(wanted);
          if (wanted === "environment") change(environment);
        }}
      />
      {point === "revision" && <RevisionSide label={label} revision={side.kind === "revision" ? side.revision : ""} onChange={(revision) => change(revision === "" ? environment : `${revision}@${environment}`)} />}
      {point === "past" && <PastSide label={label} at={side.kind === "past" ? side.at : ""} onChange={(at) => change(`${environment}@${at}`)} />}
      {point === "change-set" && service && <ChangeSetSide label={label} service={service} environment={environment} arn={side.kind === "change-set" ? side.arn : ""} onChange={(arn) => change(`${arn}@${environment}`)} />}
      {point === "files" && <FilesSide label={label} files={side.kind === "files" ? side.files : []} onChange={(files) => change(`${keepFiles(files)}@${environment}`)} />}
    </span>
  );
}
