import assert from "node:assert/strict";
import fc from "fast-check";
import { ampleBudget, check } from "../../harness/contracts/checker.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import { linearizability } from "../register/linearizability.ts";
import type { Call } from "./calls.test-support.ts";
import { callsAt, callsOf } from "./calls.test-support.ts";
import { counterModel } from "./counter-model.ts";
import { kvModel } from "./kv-model.ts";
import type { Model } from "./model.ts";
import { modelLinearizability } from "./model-linearizability.ts";
import { multiRegisterModel } from "./multi-register-model.ts";
import { mutexModel } from "./mutex-model.ts";
import { queueModel, unorderedQueueModel } from "./queue-model.ts";
import { referenceSearch } from "./reference-search.test-support.ts";
import { casRegisterModel } from "./register-model.ts";
import { setModel } from "./set-model.ts";

/** What an operation may ask and answer. */
type Kind = readonly [f: string, value: HistoryValue, results: readonly HistoryValue[]];

const small = [1, 2, null] as const;

/** The kinds of operations that histories of a model are drawn from. */
const models: readonly (readonly [Model, readonly Kind[]])[] = [
  [
    casRegisterModel,
    [
      ["read", null, small],
      ["write", 1, [1]],
      ["write", 2, [2]],
      ["cas", [1, 2], [null]],
      ["delete", null, [null]],
    ],
  ],
  [
    queueModel,
    [
      ["enqueue", 1, [1]],
      ["enqueue", 2, [2]],
      ["dequeue", null, small],
    ],
  ],
  [
    unorderedQueueModel,
    [
      ["enqueue", 1, [1]],
      ["enqueue", 2, [2]],
      ["dequeue", null, small],
    ],
  ],
  [
    setModel,
    [
      ["add", 1, [1]],
      ["remove", 1, [1]],
      ["add", 2, [2]],
      ["contains", 1, [true, false]],
      ["read", null, [[], [1], [2], [1, 2]]],
    ],
  ],
  [
    mutexModel,
    [
      ["acquire", null, [null]],
      ["release", null, [null]],
    ],
  ],
  [
    kvModel,
    [
      ["put", "a", ["a"]],
      ["append", "b", ["b"]],
      ["get", null, ["", "a", "ab", "b"]],
    ],
  ],
  [
    counterModel,
    [
      ["increment", 1, [1]],
      ["increment", -1, [-1]],
      ["read", null, [0, 1, 2]],
    ],
  ],
  [
    multiRegisterModel,
    [
      [
        "txn",
        [
          ["w", "x", 1],
          ["w", "y", 1],
        ],
        [null],
      ],
      [
        "txn",
        [
          ["r", "x", null],
          ["w", "y", 2],
        ],
        [
          [
            ["r", "x", 1],
            ["w", "y", 2],
          ],
          [
            ["r", "x", null],
            ["w", "y", 2],
          ],
        ],
      ],
      ["txn", [["r", "y", null]], [[["r", "y", 1]], [["r", "y", 2]], [["r", "y", null]]]],
    ],
  ],
] as readonly (readonly [Model, readonly Kind[]])[];

/** Histories with spans, answers and outcomes drawn freely. */
function anyCalls(kinds: readonly Kind[], most: number): fc.Arbitrary<Call[]> {
  return fc.integer({ min: 1, max: most }).chain((count) => {
    const ticks = Array.from({ length: 2 * count }, (_, tick) => tick);
    const draft = fc.record({
      kind: fc.constantFrom(...kinds),
      answer: fc.nat(3),
      type: fc.constantFrom("ok", "ok", "ok", "ok", "info", "fail", "pending" as const),
    });
    return fc
      .tuple(
        fc.shuffledSubarray(ticks, { minLength: 2 * count }),
        fc.array(draft, { minLength: count, maxLength: count }),
      )
      .map(([places, drafts]) =>
        drafts.map(({ kind: [f, value, results], answer, type }, at): Call => {
          const [one = 0, other = 0] = places.slice(2 * at, 2 * at + 2);
          const from = Math.min(one, other);
          const call = { f, value, result: results[answer % results.length] ?? null, from };
          return type === "pending"
            ? { ...call, to: null }
            : { ...call, to: Math.max(one, other), type: type as "ok" | "info" | "fail" };
        }),
      );
  });
}

describe("linearizability of any model", () => {
  for (const [model, kinds] of models) {
    const checker = modelLinearizability(model);
    const reference = modelLinearizability(model, referenceSearch);

    it(`agrees with every order tried: ${model.name}`, () => {
      const words = new Set<string>();
      fc.assert(
        fc.property(anyCalls(kinds, 7), (calls) => {
          const history = callsOf(calls);
          const verdict = check(checker, history);
          const expected = check(reference, history);
          words.add(verdict.word);
          assert.equal(verdict.word, expected.word);
          if (verdict.word !== "invalid") assert.deepEqual(verdict, expected);
        }),
        { numRuns: 300, seed: 11 },
      );
      assert.deepEqual([...words].sort(), ["invalid", "notChecked", "valid"]);
    });

    it(`gives evidence that is a violation by itself: ${model.name}`, () => {
      let judged = 0;
      fc.assert(
        fc.property(anyCalls(kinds, 7), (calls) => {
          const verdict = check(checker, callsOf(calls));
          if (verdict.word !== "invalid") return;
          const [{ evidence, partialOrders = [], keyspace }] = verdict.anomalies;
          const witness = callsAt(calls, evidence);
          assert.equal(witness.length, evidence.length);
          const again = check(reference, callsOf(witness));
          assert.ok(again.word === "invalid");
          assert.equal(keyspace, "");
          assert.ok(partialOrders.length > 0);
          for (const { order, refused } of partialOrders) {
            assert.ok([...order, ...refused].every((index) => evidence.includes(index)));
            assert.equal(new Set([...order, ...refused]).size, order.length + refused.length);
            assert.ok(refused.length > 0);
          }
          judged += 1;
        }),
        { numRuns: 150, seed: 12 },
      );
      assert.ok(judged > 20, `${judged} witnesses`);
    });
  }

  it("agrees on a register with the judge of registers", () => {
    const kinds = models[0]?.[1] ?? [];
    fc.assert(
      fc.property(anyCalls(kinds, 10), (calls) => {
        const history = callsOf(calls);
        const own = check(modelLinearizability(casRegisterModel), history, ampleBudget);
        assert.equal(own.word, check(linearizability, history).word);
      }),
      { numRuns: 500, seed: 13 },
    );
  });
});
