// Loading, empty and error states.
import { CircleX, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import type { ErrorEnvelope } from "../contract";

export function ErrorPanel({ error, retry }: { error: ErrorEnvelope; retry?: () => void }) {
  const place = error.location
    ? [error.location.file, error.location.line, error.location.column].filter((part) => part !== null).join(":")
    : null;
  return (
    <div className="notice bad" role="alert">
      <div className="row"><CircleX className="icon tone-bad" aria-hidden /><b>{error.message}</b></div>
      {place && <div className="mono dim">{place}{error.location?.field ? ` (${error.location.field})` : ""}</div>}
      {error.hints.map((hint) => <div key={hint} className="dim">{hint}</div>)}
      <div className="row">
        {retry && <button type="button" className="btn" onClick={retry}><RotateCw className="icon" aria-hidden />Try again</button>}
        <span className="faint right">{error.code}, {error.correlation}</span>
      </div>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return <div className="empty"><h2>{title}</h2>{children}</div>;
}

export function Loading({ what }: { what: string }) {
  return (
    <div className="page" aria-busy="true">
      <span className="sr" role="status">Loading {what}</span>
      {[90, 70, 80, 55, 75, 60].map((width, index) => (
        // The list never changes, so its places are its names.
        <div key={index} className="skeleton" style={{ width: `${width}%`, height: index === 0 ? 34 : 18 }} />
      ))}
    </div>
  );
}
