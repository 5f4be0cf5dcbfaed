import { check } from "../../harness/contracts/checker.ts";
import type { HistoryHeader } from "../../harness/history/history.ts";
import type { Measure, Verdict } from "../../harness/history/verdict.ts";
import { convergence } from "./convergence.ts";
import type { Happening } from "./world-history.test-support.ts";
import { worldHistory } from "./world-history.test-support.ts";

/** What was done to x before its replicas are dumped. */
export const writes: readonly Happening[] = [
  { f: "write", value: 1, from: 0, to: 1 },
  { f: "write", value: 2, from: 2, to: 3 },
  { f: "delete", from: 4, to: 5 },
];

/** Two replicas of each key. */
export const header: HistoryHeader = { keyspaces: [{ name: "", n: 2, w: 1, r: 1 }] };
/** Three of each. */
export const three: HistoryHeader = { keyspaces: [{ name: "", n: 3, w: 2, r: 2 }] };

/** Keys compared, keys that differ, those of them that were not read since, and replicas that differ from the most. */
export type Counts = readonly [compared: number, differ: number, unread: number, odd: number];

/** The counts as measures of a keyspace. */
export function measures([compared, differ, unread, odd]: Counts, of?: string): Measure[] {
  const about = of === undefined ? {} : { of };
  const count = (name: string, value: number): Measure => ({ name, ...about, value, unit: "count" });
  return [
    count("keys compared at rest", compared),
    count("keys that differ at rest", differ),
    count("keys that differ and were not read since they changed", unread),
    count("replicas that differ from the most of their key", odd),
  ];
}

/** The verdict that the replicas of x differ, and of no other key. */
export function divergence(says: string, evidence: readonly number[], counts: Counts): Verdict {
  return {
    word: "invalid",
    anomalies: [{ kind: "divergence", says, evidence, keyspace: "", key: "x" }],
    measures: measures(counts),
  };
}

/** What convergence says of a history; of two replicas unless said. */
export function judged(happenings: readonly Happening[], of: HistoryHeader = header): Verdict {
  return check(convergence, worldHistory(of, happenings));
}

/** A dump of one node, which holds these values of x. */
export function dump(at: number, node: string, ...values: readonly (number | string | null)[]): Happening {
  return { at, dump: node, holds: { x: values } };
}
