// Loading, empty and error states.
import { CircleX, RotateCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import type { ErrorEnvelope } from "../contract";

export function ErrorPanel({ error, retry }: { error: ErrorEnvelope; retry?: () => void }) {
  const place = error.location
    ? [error.location.file, error.location.line, error.location.column].filter((part) => part !== null).join(":")
    : null;
  return (
    <div className="notice bad" role="alert">
      <div className="why"><CircleX className="icon tone-bad" aria-hidden /><b>{error.message}</b></div>
      {place && <div className="mono dim">{place}{error.location?.field ? ` (${error.location.field})` : ""}</div>}
      {error.hints.length > 0 && <ul className="hints">{error.hints.map((hint) => <li key={hint}>{hint}</li>)}</ul>}
      <div className="row wrap">
        {retry && error.retryable && <Button className="btn" onPress={retry}><RotateCw className="icon" aria-hidden />Try again</Button>}
        <span className="faint right mono">{error.code} {error.correlation}</span>
      </div>
    </div>
  );
}

/** A strip above a screen: what it shows is not the whole truth. */
export function Caution({ children }: { children: ReactNode }) {
  return <div className="strip" role="status"><TriangleAlert className="icon tone-waiting" aria-hidden />{children}</div>;
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return <div className="empty"><h2>{title}</h2>{children}</div>;
}

const widths = [62, 88, 74, 91, 55, 80, 68, 84];

export function Loading({ what, lines = 6 }: { what: string; lines?: number }) {
  return (
    <div className="page" aria-busy="true">
      <span className="sr" role="status">Loading {what}</span>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="skeleton" style={{ width: `${widths[index % widths.length]}%`, height: index === 0 ? 30 : 18 }} />
      ))}
    </div>
  );
}
