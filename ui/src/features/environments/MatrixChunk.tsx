// A batch of lines. It is rendered again only when its own rows, its active or its selected cell change.
import { memo } from "react";
import type { EnvironmentView } from "../../contract";
import { MatrixCell } from "./MatrixCell";
import type { Chunk } from "./lines";

type Props = { chunk: Chunk; environments: EnvironmentView[]; active: string | null; selected: string | null };

export const MatrixChunk = memo(function MatrixChunk({ chunk, environments, active, selected }: Props) {
  return (
    <div className="mx-chunk" style={{ top: chunk.top, height: chunk.height }} role="presentation">
      {chunk.lines.map((line) => line.kind === "group" ? (
        <div key={`group ${line.name}`} className="mx-group" role="row">
          <span role="rowheader" aria-colspan={environments.length + 1}>{line.name}</span>
        </div>
      ) : (
        <div key={line.row.service} className="mx-line mx-row" role="row" aria-rowindex={line.index + 2}>
          <div role="rowheader" title={`${line.row.service}, ${line.row.team}`}>
            <span className="mx-service ellipsis">{line.row.service}</span>
            <span className="mx-owner ellipsis">{line.row.team}</span>
          </div>
          {line.row.cells.map((cell, column) => (
            <MatrixCell
              key={cell.environment}
              cell={cell}
              service={line.row.service}
              place={`${line.index}:${column}`}
              active={active === `${line.index}:${column}`}
              selected={selected === `${line.row.service}/${environments[column]?.name}`}
            />
          ))}
        </div>
      ))}
    </div>
  );
});
