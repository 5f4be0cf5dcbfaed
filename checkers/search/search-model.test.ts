import assert from "node:assert/strict";
import { ampleBudget } from "../../harness/contracts/checker.ts";
import { never } from "../../harness/history/history.ts";
import type { ModelProblem } from "./problem.ts";
import { searchModel } from "./search.ts";

/** What is in the queue afterwards; null where the answer is not one that it gives. */
function queueAfter(queue: string, what: number): string | null {
  if (what < 10) return queue + String(what);
  if (what === 20) return queue === "" ? queue : null;
  if (queue === "" || (what < 20 && !queue.startsWith(String(what - 10)))) return null;
  return queue.slice(1);
}

/**
 * A queue of digits. Classes: 0 to 9 enqueue that digit, 10 to 19 dequeue it, 20 sees that it is empty, 21 takes
 * whatever is first. States are numbered as they occur.
 */
function queueKey(...operations: readonly (readonly [what: number, call: number, ret?: number])[]): {
  readonly problem: ModelProblem;
  readonly asked: string[];
} {
  const states = [""];
  const asked: string[] = [];
  const numberOf = (state: string): number => {
    const known = states.indexOf(state);
    return known >= 0 ? known : states.push(state) - 1;
  };
  const problem: ModelProblem = {
    length: operations.length,
    call: Int32Array.from(operations, ([, call]) => call),
    ret: Int32Array.from(operations, ([, , ret]) => ret ?? never),
    classOf: Int32Array.from(operations, ([what]) => what),
    isReadOnly: Uint8Array.from({ length: 22 }, (_, what) => (what === 20 ? 1 : 0)),
    step: (number, what) => {
      const state = states[number] ?? "?";
      asked.push(`${state}:${what}`);
      const next = queueAfter(state, what);
      return next === null ? -1 : numberOf(next);
    },
  };
  return { problem, asked };
}

function answerOf(...operations: readonly (readonly [what: number, call: number, ret?: number])[]): unknown {
  const { problem } = queueKey(...operations);
  const outcome = searchModel(problem, ampleBudget);
  if (outcome.answer === "linearizable") return [...outcome.order];
  return outcome.partials.map(({ order, refused }) => [[...order], [...refused]]);
}

describe("search of a model", () => {
  it("finds an order for nothing at all", () => {
    assert.deepEqual(answerOf(), []);
  });

  it("finds the order that explains what came out", () => {
    assert.deepEqual(answerOf([1, 0, 5], [2, 1, 4], [12, 6, 7], [11, 8, 9]), [1, 0, 2, 3]);
    assert.deepEqual(answerOf([20, 0, 9], [1, 1, 2], [11, 3, 4], [20, 5, 6]), [0, 1, 2, 3]);
  });

  it("says what cannot come next", () => {
    assert.deepEqual(answerOf([1, 0, 1], [2, 2, 3], [12, 4, 5]), [[[0, 1], [2]]]);
    assert.deepEqual(answerOf([1, 0, 1], [20, 2, 4], [11, 3, 5], [11, 6, 7]), [[[0, 2, 1], [3]]]);
  });

  it("lets operations of unknown outcome take effect late, once, or never", () => {
    assert.deepEqual(answerOf([1, 0], [20, 1, 2], [11, 3, 4], [20, 5, 6]), [1, 0, 2, 3]);
    assert.deepEqual(answerOf([1, 0], [11, 3, 4], [11, 5, 6]), [[[0, 1], [2]]]);
    assert.deepEqual(answerOf([1, 0], [1, 1], [11, 3, 4], [11, 5, 6]), [0, 2, 1, 3]);
    assert.deepEqual(answerOf([1, 0, 1], [21, 2], [20, 3, 4]), [0, 1, 2]);
    assert.deepEqual(answerOf([20, 0], [1, 1, 2], [11, 3, 4]), [1, 2]);
  });

  it("asks once for each state and class, however large the table grows", () => {
    const { problem, asked } = queueKey(
      ...Array.from({ length: 1500 }, (_, at) => [at % 10, 2 * at, 2 * at + 1] as const),
      ...Array.from({ length: 1500 }, (_, at) => [10 + (at % 10), 3000 + 2 * at, 3001 + 2 * at] as const),
    );
    const outcome = searchModel(problem, ampleBudget);
    assert.equal(outcome.answer, "linearizable");
    assert.equal(new Set(asked).size, asked.length);
    assert.equal(asked.length, 3000);
  });

  it("says when the budget is spent", () => {
    const { problem } = queueKey([1, 0, 8], [2, 1, 7], [3, 2, 6], [13, 9, 10], [12, 11, 12], [14, 13, 14]);
    assert.deepEqual(
      { ...searchModel(problem, { ...ampleBudget, steps: 1 }), peakBytes: 0 },
      {
        answer: "undecided",
        spent: "steps",
        steps: 1,
        peakBytes: 0,
        from: 0,
        to: 2,
        partials: [{ order: Int32Array.of(2), refused: Int32Array.of(1, 0) }],
      },
    );
    const little = searchModel(problem, { ...ampleBudget, bytes: 100 });
    assert.deepEqual(little, {
      answer: "undecided",
      spent: "bytes",
      steps: 0,
      peakBytes: 96,
      from: 0,
      to: 5,
      partials: [],
    });
    const less = searchModel(problem, { ...ampleBudget, bytes: 20 });
    assert.deepEqual(less, {
      answer: "undecided",
      spent: "bytes",
      steps: 0,
      peakBytes: 0,
      from: 0,
      to: 5,
      partials: [],
    });
  });
});
