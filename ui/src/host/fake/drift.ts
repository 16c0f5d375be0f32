// Looks for drift: takes its time stack by stack, and can be left.
import type { CellDetailView, CellRequest, DriftReportView, DriftRequest, HostEvent } from "../../contract";

const keyOf = ({ service, environment }: CellRequest) => `${service} ${environment}`;

export function createLooking(patience: number, tell: (event: HostEvent) => void, cancelled: () => never) {
  const running = new Set<string>();
  return {
    async at({ service, environment, detect }: DriftRequest, detail: CellDetailView): Promise<DriftReportView> {
      if (detect) {
        const about = { kind: "drift-progress", service, environment, last: null } as const;
        const key = keyOf({ service, environment });
        const total = detail.driftKnown.length;
        running.add(key);
        for (let done = 0; done < total && running.has(key); done += 1) {
          tell({ ...about, done, total, running: true });
          await new Promise((resolve) => setTimeout(resolve, patience / total));
        }
        tell({ ...about, done: 0, total: 0, running: false });
        if (!running.delete(key)) return cancelled();
      }
      const resourcesOf = (stack: string) => detail.drift.filter((row) => row.stack === stack);
      return { service, environment, stacks: detail.driftKnown.map((known) => ({ known, account: "333333333333", resources: resourcesOf(known.stack) })) };
    },
    stop(cell: CellRequest) {
      running.delete(keyOf(cell));
      return {};
    },
  };
}
