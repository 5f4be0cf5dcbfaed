import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { replicationOf } from "./replication.ts";

/**
 * Whether every one of these reads must meet every one of these writes: strict quorums without stand-ins, as the
 * header and the operations state them. False where they do not say.
 */
export function mustMeet(history: History, writes: readonly number[], reads: readonly number[]): boolean {
  const key = history.keys[cell(history.key, writes[0] ?? 0)];
  const { n, w, r, isSloppy } = replicationOf(history, key?.keyspace ?? "");
  if (n === null || isSloppy) return false;
  const fewest = (rows: readonly number[], usual: number | null, given: "w" | "r"): number =>
    rows.reduce((least, row) => Math.min(least, history.details.get(row)?.[given] ?? usual ?? 0), n);
  return fewest(writes, w, "w") + fewest(reads, r, "r") > n;
}
