// What is asked beside the environment: a revision, a time, a change set, files.
import { CalendarClock, FileUp, GitCommitHorizontal } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "react-aria-components";
import { Choice } from "../../components/choice";
import type { FileRef } from "../../contract";
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

/** Templates and variable documents; their names say which stack of the service they are for. */
export function FilesSide({ label, files, onChange }: { label: string; files: FileRef[]; onChange: (files: FileRef[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string | null>(null);
  const read = async (list: FileList | null) => {
    if (!list || list.length === 0) return;
    try {
      // Bytes that are no UTF-8 are an error here: replaced letters would be found as differences.
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      const all = await Promise.all([...list].map(async (file) => ({ name: file.name, text: decoder.decode(await file.arrayBuffer()) })));
      setError(null);
      onChange(all);
    } catch {
      setError("A file cannot be read as UTF-8 text.");
    }
  };
  const names = files.map((file) => file.name).join(", ");
  return (
    <>
      <Button className="btn" aria-label={names ? `${label}: choose other files than ${names}` : `${label}: choose files`} onPress={() => input.current?.click()}>
        <FileUp className="icon" aria-hidden /><span className="mono ellipsis" title={names}>{names || "choose files"}</span>
      </Button>
      <input ref={input} type="file" multiple hidden aria-label={`${label}: files`} accept=".yaml,.yml,.json,.template,.txt" onChange={(event) => void read(event.target.files)} />
      {error && <span className="dim" role="alert">{error}</span>}
    </>
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
