import type { Budget } from "../../harness/contracts/checker.ts";
import { never } from "../../harness/history/history.ts";
import { searchOrder } from "./search.ts";
import type { SearchOperation } from "./search-operations.ts";

/** Most operations that are tried one by one. Chosen: 100 searches of 100 operations take well under a second. */
const mostTried = 100;
/** Steps of one such search. An undecided one keeps its operation. */
const stepsPerTrial = 20_000;

/**
 * Takes operations away for as long as no order exists of the rest. Only what cannot explain anybody's answer
 * may go: if the whole had an order, so would what is left, and the other way round that is the proof.
 */
export function shrinkIllegal(
  operations: readonly SearchOperation[],
  budget: Budget,
): readonly SearchOperation[] {
  let kept = operations;
  if (kept.length > mostTried) return kept;
  let before = kept.length + 1;
  while (kept.length < before) {
    before = kept.length;
    for (let at = kept.length - 1; at >= 0; at -= 1) {
      const fewer = kept.filter((_, place) => place !== at);
      const candidate = kept[at];
      if (candidate === undefined || !canGo(candidate, fewer)) continue;
      if (searchOrder(fewer, { ...budget, steps: stepsPerTrial }) === "illegal") kept = fewer;
    }
  }
  return kept;
}

function canGo({ leaves, ret }: SearchOperation, others: readonly SearchOperation[]): boolean {
  if (leaves < 0 || ret === never) return leaves < 0 || others.every(({ needs }) => needs !== leaves);
  return others.every(({ needs, refuses }) => needs !== leaves && refuses < 0);
}
