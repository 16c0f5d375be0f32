// Commits, newest first, as the source said them.
import type { CommitView } from "../contract";
import { Ago } from "./time";

type Props = { commits: CommitView[]; note: string | null; limit?: number };

export function Commits({ commits, note, limit = commits.length }: Props) {
  return (
    <div className="col">
      {note && <span className="dim">{note}</span>}
      {commits.length === 0 && !note && <span className="dim">No commit differs.</span>}
      <ul className="commits">
        {commits.slice(0, limit).map((commit) => (
          <li key={commit.id}>
            <code className="faint" title={commit.id}>{commit.id.slice(0, 8)}</code>
            <span>{commit.title}</span>
            <span className="faint">{commit.author}, <Ago at={commit.at} suffix=" ago" />{commit.mergeRequest && <> <span className="mono">{commit.mergeRequest}</span></>}</span>
          </li>
        ))}
      </ul>
      {commits.length > limit && <span className="faint">and {commits.length - limit} more in Compare</span>}
    </div>
  );
}
