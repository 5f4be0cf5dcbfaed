import type { HistoryValue } from "../../harness/history/values.ts";
import { sameValue } from "../../harness/history/values.ts";
import type { Model, ModelOperation } from "./model.ts";
import { nondeterministic } from "./nondeterministic.ts";

/** First in, first out. A `dequeue` answers null where there is nothing. */
export const queueModel: Model<readonly HistoryValue[]> = {
  name: "queue",
  partition: "key",
  initial: [],
  functions: ["enqueue", "dequeue"],
  step(waiting, operation) {
    if (operation.f === "enqueue") return [...waiting, enqueued(operation)];
    const { result } = operation;
    const [first = null, ...rest] = waiting;
    return result === undefined || sameValue(first, result) ? rest : null;
  },
};

/** A queue that hands its values out in any order, each as often as it was put in. */
export const unorderedQueueModel: Model<readonly (readonly string[])[]> = nondeterministic({
  name: "unordered-queue",
  partition: "key",
  initial: [[]],
  functions: ["enqueue", "dequeue"],
  step: stepUnordered,
});

function stepUnordered(
  waiting: readonly string[],
  operation: ModelOperation,
): readonly (readonly string[])[] {
  if (operation.f === "enqueue") return [[...waiting, JSON.stringify(enqueued(operation))].sort()];
  const { result } = operation;
  if (waiting.length === 0) return result === undefined || result === null ? [waiting] : [];
  const taken = result === undefined ? waiting : [JSON.stringify(result)];
  return taken.filter((text) => waiting.includes(text)).map((text) => without(waiting, text));
}

function without(waiting: readonly string[], text: string): readonly string[] {
  const at = waiting.indexOf(text);
  return waiting.filter((_, place) => place !== at);
}

function enqueued({ value }: ModelOperation): HistoryValue {
  if (value === null) throw new TypeError("null cannot be enqueued: it is what an empty queue answers");
  return value;
}
