import type { Checker } from "../../harness/contracts/checker.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import type { SearchModel } from "./evidence.ts";
import { modelLinearizability } from "./model-linearizability.ts";
import { queueModel, unorderedQueueModel } from "./queue-model.ts";
import { judgeByRules } from "./queue-rules.ts";

/**
 * Judges queues by rules where these decide, which takes no budget, and by search where they do not: where values
 * are enqueued more than once, above all.
 *
 * @param search Another one, to see what is left to it.
 */
export function queueLinearizability(order: "first in, first out" | "any", search?: SearchModel): Checker {
  const isOrdered = order !== "any";
  const bySearch = isOrdered
    ? modelLinearizability(queueModel, search)
    : modelLinearizability(unorderedQueueModel, search);
  return {
    ...bySearch,
    run: (history, task, budget) =>
      judgeByRules(history, rowsOfKey(history, task.key), isOrdered) ?? bySearch.run(history, task, budget),
  };
}
