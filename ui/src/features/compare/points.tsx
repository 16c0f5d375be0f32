// What is asked beside the environment: a revision, a time, a change set.
import { CalendarClock, GitCommitHorizontal } from "lucide-react";
import { useState } from "react";
import { Choice } from "../../components/choice";
import { useAsk } from "../../host/queries";
import { instantOf, localTime } from "./sides";

type Asked = { label: string; onChange: (value: string) => void };

export function RevisionSide({ label, revision, onChange }: Asked & { revision: string }) {
  const [text, setText] = useState(revision);
  const apply = () => {
    if (text.trim() !== revision) onChange(text.trim());
  };
  return (
    <label className="box">
      <GitCommitHorizontal className="icon" aria-hidden />
      <input
        className="mono"
        aria-label={`${label}: commit, tag or branch`}
        placeholder="commit, tag or branch"
        autoFocus={revision === ""}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === "Enter" && apply()}
      />
    </label>
  );
}

export function PastSide({ label, at, onChange }: Asked & { at: string }) {
  const [text, setText] = useState(at === "" ? "" : localTime(at));
  const apply = () => {
    const instant = instantOf(text);
    if (instant && text !== localTime(at)) onChange(instant);
  };
  return (
    <label className="box">
      <CalendarClock className="icon" aria-hidden />
      <input
        type="datetime-local"
        aria-label={`${label}: time`}
        autoFocus={at === ""}
        max={localTime(new Date().toISOString())}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === "Enter" && apply()}
      />
    </label>
  );
}

export function ChangeSetSide({ label, service, environment, arn, onChange }: Asked & { service: string; environment: string; arn: string }) {
  const open = useAsk("change_sets_open", { service, environment });
  if (open.error) return <span className="dim" role="alert">{open.error.message}</span>;
  if (!open.data) return <span className="dim">looking for change sets</span>;
  const options = open.data.changeSets.map((set) => ({ id: set.arn, label: set.stack, detail: set.name }));
  if (arn !== "" && !options.some((option) => option.id === arn)) {
    options.unshift({ id: arn, label: arn.split("/")[1] ?? arn, detail: "waits no more, or at another service" });
  }
  if (options.length === 0) return <span className="dim">No change set waits at {service} in {environment}.</span>;
  return <Choice label={`${label}: change set`} value={arn} options={arn === "" ? [{ id: "", label: "choose", detail: `${options.length} waiting` }, ...options] : options} onChange={(wanted) => wanted !== "" && onChange(wanted)} />;
}
