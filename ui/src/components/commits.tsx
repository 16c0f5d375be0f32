// Commits, newest first, as the source said them; on demand, which environments have one.
import { useState } from "react";
import { Button } from "react-aria-components";
import type { CommitPlacesView, CommitPlaceView, CommitView, PresenceName, Tone, MergeRequestView } from "../contract";
import { useAsk } from "../host/queries";
import { OutLink } from "./outlink";
import { ErrorPanel } from "./state";
import { Ago } from "./time";
import { Chip } from "./tone";

type Props = { commits: CommitView[]; note: string | null; limit?: number; service?: string };

export function Commits({ commits, note, limit = commits.length, service }: Props) {
  return (
    <div className="col">
      {note && <span className="dim">{note}</span>}
      {commits.length === 0 && !note && <span className="dim">No commit differs.</span>}
      <ul className="commits">
        {commits.slice(0, limit).map((commit) => <Commit key={commit.id} commit={commit} service={service} />)}
      </ul>
      {commits.length > limit && <span className="faint">and {commits.length - limit} more in Compare</span>}
    </div>
  );
}

function Commit({ commit, service }: { commit: CommitView; service?: string }) {
  const [asked, setAsked] = useState(false);
  const short = commit.id.slice(0, 8);
  return (
    <li>
      <code className="faint" title={commit.id}>{short}</code>
      <span>{commit.title}{asked && service && <><Places revision={commit.id} service={service} /><Files commit={commit} /></>}</span>
      <span className="faint">
        {commit.author}, <Ago at={commit.at} suffix=" ago" />{commit.mergeRequest && <> <span className="mono">{commit.mergeRequest}</span></>}
        {commit.tickets.map((ticket) => <span key={ticket}> <span className="chip">{ticket}</span></span>)}
        {commit.fileCount > 0 && <> {commit.fileCount} {commit.fileCount === 1 ? "file" : "files"}</>}
        {service && <> <Button className="btn small bare" aria-expanded={asked} aria-label={`Where ${short} is`} onPress={() => setAsked(!asked)}>Where</Button></>}
      </span>
    </li>
  );
}

const words: Record<PresenceName, string> = { yes: "has it", no: "has it not", partly: "has it in part", "not-deployed": "not deployed", unknown: "not known" };
const tones: Record<PresenceName, Tone> = { yes: "ok", no: "waiting", partly: "waiting", "not-deployed": "neutral", unknown: "unknown" };

function Places({ revision, service }: { revision: string; service: string }) {
  const places = useAsk("commit_places", { revision, service });
  if (places.error) return <ErrorPanel error={places.error} retry={() => void places.refetch()} />;
  return (
    <span className="col" role="status" aria-label={`Environments with ${revision.slice(0, 8)}`}>
      <span className="row wrap">{places.data ? places.data.places.map((place) => <Place key={place.environment} place={place} />) : <span className="dim">Asking…</span>}</span>
      {places.data && <Requests view={places.data} />}
    </span>
  );
}

function Files({ commit }: { commit: CommitView }) {
  const more = commit.fileCount - commit.files.length;
  return (
    <ul className="files" aria-label={`Files of ${commit.id.slice(0, 8)}`}>
      {commit.files.map((file) => <li key={file} className="mono faint">{file}</li>)}
      {more > 0 && <li className="faint">and {more} more</li>}
    </ul>
  );
}

function Requests({ view }: { view: CommitPlacesView }) {
  if (view.mergeRequestsNote) return <span className="dim">Merge requests are not known: {view.mergeRequestsNote}</span>;
  return view.mergeRequests.map((request) => (
    <span key={request.url} className="row wrap">
      <OutLink url={request.url}>{request.reference}</OutLink> {request.title} <span className="faint">by {request.author}{request.mergedBy && `, merged by ${request.mergedBy}`}; {approvals(request)}</span>
      {request.checks.map((check) => (
        <Chip key={check.name + (check.url ?? "")} tone={check.tone} title={check.status}>{check.url ? <OutLink url={check.url}>{check.name}</OutLink> : check.name} {check.status}</Chip>
      ))}
    </span>
  ));
}

function approvals(request: MergeRequestView): string {
  if (request.reviewNote) return `approvals and checks are not known: ${request.reviewNote}`;
  const people = request.approvedBy.length > 0 ? `approved by ${request.approvedBy.join(", ")}` : "nobody approved it";
  return request.approvalsMissing ? `${people}, ${request.approvalsMissing} more were asked for` : people;
}

function Place({ place }: { place: CommitPlaceView }) {
  return <Chip tone={tones[place.presence]} title={place.reason ?? place.version ?? undefined}>{place.environment} {words[place.presence]}</Chip>;
}
