// The matrix before its first answer: the same lines, so that nothing jumps.
import type React from "react";

export function MatrixSkeleton({ columns }: { columns: number }) {
  return (
    <div className="matrix" aria-busy="true" style={{ "--envs": columns } as React.CSSProperties}>
      <span className="sr" role="status">Loading the environments</span>
      <div className="mx-head"><div className="mx-line">
        {Array.from({ length: columns + 1 }, (_, index) => <div key={index}><div className="skeleton" style={{ width: 90, margin: "6px 0" }} /></div>)}
      </div></div>
      {Array.from({ length: 12 }, (_, row) => (
        <div key={row} className="mx-line mx-row">
          {Array.from({ length: columns + 1 }, (__, column) => (
            <div key={column}><div className="skeleton" style={{ width: `${45 + ((row * 7 + column * 13) % 40)}%` }} /></div>
          ))}
        </div>
      ))}
    </div>
  );
}
