import { never } from "../../harness/history/history.ts";
import type { ModelProblem, RegisterProblem } from "../search/problem.ts";
import { after } from "./every-order.test-support.ts";
import type { SmallKind, SmallOperation } from "./small-histories.test-support.ts";

/** What the search is given of a small history, written down without the product's help; with what it stands for. */
export interface SmallProblem extends RegisterProblem {
  readonly operations: readonly SmallOperation[];
}

/** A small history as the search takes it: only what failed, and reads of unknown outcome, are left out. */
export function problemOfSmall(all: readonly SmallOperation[]): SmallProblem {
  const operations = all
    .filter(({ f, outcome }) => outcome !== "failed" && !(f === "read" && outcome === "unknown"))
    .sort((one, other) => one.from - other.from);
  const column = (numberOf: (operation: SmallOperation) => number): Int32Array =>
    Int32Array.from(operations, numberOf);
  return {
    operations,
    length: operations.length,
    call: column(({ from }) => from),
    ret: column(({ to }) => to),
    needs: column(({ f, a, outcome }) => (f === "read" || (f === "cas" && outcome !== "refused") ? a : -1)),
    refuses: column(({ a, outcome }) => (outcome === "refused" ? a : -1)),
    leaves: column(leftBy),
  };
}

function leftBy({ f, a, b, outcome }: SmallKind): number {
  if (f === "read" || outcome === "refused") return -1;
  return f === "cas" ? b : f === "delete" ? 0 : a;
}

/** The same as operations of a model of registers: those that do and answer the same are of one class. */
export function modelProblemOf({ operations, length, call, ret }: SmallProblem): ModelProblem {
  const classes: SmallOperation[] = [];
  const classOf = Int32Array.from(operations, (operation) => {
    const known = classes.findIndex((one) => isSameKind(one, operation));
    return known >= 0 ? known : classes.push(operation) - 1;
  });
  return {
    length,
    call,
    ret,
    classOf,
    isReadOnly: Uint8Array.from(classes, ({ f, outcome }) => (f === "read" || outcome === "refused" ? 1 : 0)),
    step: (state, operationClass) => {
      const operation = classes[operationClass];
      return operation === undefined ? -1 : after(operation, state);
    },
  };
}

function isSameKind(one: SmallKind, other: SmallKind): boolean {
  return one.f === other.f && one.a === other.a && one.b === other.b && one.outcome === other.outcome;
}

/** Whether an order explains the answers of all operations, and respects their spans. */
export function isExplanation({ operations }: SmallProblem, order: Int32Array): boolean {
  const taken = new Set<number>();
  let state = 0;
  let latestCall = -1;
  for (const at of order) {
    const operation = operations[at];
    if (operation === undefined || taken.has(at) || operation.to < latestCall) return false;
    taken.add(at);
    latestCall = Math.max(latestCall, operation.from);
    state = after(operation, state);
    if (state < 0) return false;
  }
  return operations.every(({ to }, at) => to === never || taken.has(at));
}
