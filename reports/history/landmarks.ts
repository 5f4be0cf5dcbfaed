import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import type { ToldAnomaly } from "./anomaly-section.ts";
import type { Landmark } from "./overview.ts";
import type { NumberedWindow } from "./parts.ts";
import { mostWindows } from "./parts.ts";

/** Where the overview leads: an anomaly stands where the last of its evidence began. */
export function landmarksOf(
  told: readonly ToldAnomaly[],
  windows: readonly NumberedWindow[],
  history: History,
): Landmark[] {
  const anomalies = told.flatMap(({ anomaly, evidence }, at): Landmark[] => {
    const last = evidence.at(-1);
    if (last === undefined) return [];
    const { invokeIndex: index, invokedUs } = last;
    const says = `${anomaly.kind}: ${anomaly.says}`;
    return [{ index, timeNs: invokedUs * 1_000, id: `anomaly-${at + 1}`, says, kind: "anomaly" }];
  });
  const undecided = windows.slice(0, mostWindows).flatMap(({ id, window: { from, key } }): Landmark[] => {
    const row = rowFrom(history, from);
    return [
      {
        index: from,
        timeNs: history.invokedNs[row] ?? 0,
        id,
        says: `undecided at ${key}`,
        kind: "undecided",
      },
    ];
  });
  return [...anomalies, ...undecided];
}

/** The first row that began at an index or later. */
function rowFrom({ invokeIndex, length }: History, index: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cell(invokeIndex, middle) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}
