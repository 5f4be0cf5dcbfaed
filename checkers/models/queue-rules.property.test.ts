import assert from "node:assert/strict";
import type { Checker } from "../../harness/contracts/checker.ts";
import { ampleBudget, check } from "../../harness/contracts/checker.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import type { Call } from "./calls.test-support.ts";
import { callsAt, callsOf } from "./calls.test-support.ts";
import { modelLinearizability } from "./model-linearizability.ts";
import { queueLinearizability } from "./queue-linearizability.ts";
import { queueModel, unorderedQueueModel } from "./queue-model.ts";
import { judgeByRules } from "./queue-rules.ts";
import { anyQueue, workingQueue } from "./random-queue.test-support.ts";
import { referenceSearch } from "./reference-search.test-support.ts";

/** Histories of each kind. Chosen: a second or two; 80,000 others agreed once. */
const histories = 1_200;

const kinds = [
  ["first in, first out", modelLinearizability(queueModel, referenceSearch)],
  ["any", modelLinearizability(unorderedQueueModel, referenceSearch)],
] as const;

/** What the rules say of the one key of a history. */
function byRules(calls: readonly Call[], order: (typeof kinds)[number][0]): Verdict | null {
  return judgeByRules(
    callsOf(calls),
    calls.map((_, row) => row),
    order !== "any",
  );
}

describe("queues judged by rules", () => {
  for (const [order, reference] of kinds) {
    it(`agree with every order tried, and give evidence that is a violation by itself: ${order}`, () => {
      const words = { valid: 0, invalid: 0, search: 0 };
      for (let seed = 0; seed < histories; seed += 1) {
        const calls = drawn(seed);
        words[compared(calls, order, reference)] += 1;
      }
      assert.ok(words.valid > 300 && words.invalid > 300 && words.search > 0, JSON.stringify(words));
    });
  }
});

/** What the rules say, held against every order tried. */
function compared(
  calls: readonly Call[],
  order: (typeof kinds)[number][0],
  reference: Checker,
): "valid" | "invalid" | "search" {
  const verdict = byRules(calls, order);
  if (verdict === null) {
    assert.ok(isHard(calls), JSON.stringify(calls));
    return "search";
  }
  const expected = check(reference, callsOf(calls));
  if (verdict.word === "valid") {
    assert.deepEqual(verdict, expected, JSON.stringify(calls));
    return "valid";
  }
  assert.ok(verdict.word === "invalid" && expected.word === "invalid", JSON.stringify(calls));
  for (const { evidence, says } of verdict.anomalies) {
    const witness = check(reference, callsOf(callsAt(calls, evidence)));
    assert.equal(witness.word, "invalid", `${says} ${JSON.stringify(calls)}`);
  }
  return "invalid";
}

/** Small histories of queues that work and of such as do not, with unknown outcomes and without. */
function drawn(seed: number): Call[] {
  const unknown = [0, 15, 40][seed % 3] ?? 0;
  const draw = { operations: 2 + (seed % 7), clients: 1 + (seed % 4), unknown };
  return seed % 5 === 0 ? workingQueue(draw, 3, seed) : anyQueue(draw, [0, 15, 40][seed % 11] ?? 25, seed);
}

/** Nothing was answered; or a dequeue was not, and another one found nothing. */
function isHard(calls: readonly Call[]): boolean {
  const answered = calls.filter(({ to }) => to !== null);
  const isOpen = calls.some(({ f, to }) => f === "dequeue" && to === null);
  return (
    answered.length === 0 || (isOpen && answered.some(({ f, result }) => f === "dequeue" && result === null))
  );
}

describe("the linearizability of queues", () => {
  it("is decided by rules where many values wait, of which a search finds no end", () => {
    const size = { operations: 2_000, clients: 5 };
    const noSearch = (): never => {
      throw new RangeError("a search");
    };
    for (const [order] of kinds) {
      for (const unknown of [0, 1]) {
        const calls = workingQueue({ ...size, unknown }, 20, 5);
        const checked = calls.filter(({ to }) => to !== null).length;
        const verdict = check(queueLinearizability(order, noSearch), callsOf(calls), ampleBudget);
        assert.deepEqual(verdict, { word: "valid", checked });
      }
    }
  });
});
