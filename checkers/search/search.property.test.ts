import assert from "node:assert/strict";
import fc from "fast-check";
import { ampleBudget } from "../../harness/contracts/checker.ts";
import { searchBytes } from "../wasm/search-bytes.ts";
import { bytesOfBase64, searchMaker } from "../wasm/search-instance.ts";
import type { Apply } from "./plain-search.test-support.ts";
import { asModel, faultOfOrder, hasOrder, registerApply } from "./plain-search.test-support.ts";
import type { RegisterProblem, SearchOutcome, SearchSpans } from "./problem.ts";
import { randomProblem } from "./random-problem.test-support.ts";
import { refute } from "./refute.ts";
import { searchModel, searchRegister } from "./search.ts";
import { Searcher } from "./searcher.ts";

/** Keys of at most so many operations, from quiet to crowded, right and wrong. */
function anyProblem(most: number): fc.Arbitrary<RegisterProblem> {
  return fc
    .record({
      seed: fc.nat(),
      operations: fc.integer({ min: 1, max: most }),
      clients: fc.integer({ min: 1, max: 6 }),
      values: fc.constantFrom(0, 1, 2, 3),
      pending: fc.constantFrom(0, 5, 20, 60),
      cas: fc.constantFrom(0, 0, 20, 60),
      wrong: fc.constantFrom(0, 30, 90),
    })
    .map(({ seed, ...shape }) => randomProblem(shape, seed));
}

/** Both answers must be right, and each order must be what it says. */
function assertRight(spans: SearchSpans, apply: Apply, outcome: SearchOutcome): void {
  assert.equal(outcome.answer, hasOrder(spans, apply) ? "linearizable" : "illegal");
  if (outcome.answer === "linearizable") {
    assert.equal(faultOfOrder(spans, apply, outcome.order), null);
    return;
  }
  const lengths = outcome.partials.map(({ order }) => order.length);
  assert.deepEqual(
    lengths,
    [...lengths].sort((a, b) => b - a),
  );
  assert.ok(lengths.length >= 1 && lengths.length <= 4);
  for (const { order, refused } of outcome.partials) {
    assert.equal(faultOfOrder(spans, apply, order, "partial"), null);
    assert.ok(refused.length > 0 && refused.every((operation) => !order.includes(operation)));
  }
}

describe("search of a random key", () => {
  it("of a register agrees with every order tried", () => {
    const tally = { linearizable: 0, illegal: 0, undecided: 0 };
    fc.assert(
      fc.property(anyProblem(12), (problem) => {
        const outcome = searchRegister(problem, ampleBudget);
        tally[outcome.answer] += 1;
        assertRight(problem, registerApply(problem), outcome);
      }),
      { seed: 1, numRuns: 6_000 },
    );
    assert.ok(Math.min(tally.linearizable, tally.illegal) > 1_000, JSON.stringify(tally));
  });

  it("of a model agrees with every order tried", () => {
    fc.assert(
      fc.property(anyProblem(12), (problem) => {
        assertRight(problem, registerApply(problem), searchModel(asModel(problem), ampleBudget));
      }),
      { seed: 2, numRuns: 3_000 },
    );
  });

  it("gives the same outcome whatever was searched before", () => {
    fc.assert(
      fc.property(anyProblem(60), anyProblem(200), (problem, other) => {
        const before = searchRegister(problem, ampleBudget);
        searchRegister(other, { steps: 50, bytes: 1_000_000 });
        searchModel(asModel(other), { steps: 50, bytes: 1_000_000 });
        assert.deepEqual(searchRegister(problem, ampleBudget), before);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("agrees with the search of a model on crowded keys of 100 operations", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0, 4), fc.constantFrom(0, 25), (seed, values, cas) => {
        const shape = { operations: 100, clients: 8, values, pending: 6, cas, wrong: seed % 2 };
        const problem = randomProblem(shape, seed);
        const { answer } = searchRegister(problem, ampleBudget);
        assert.equal(searchModel(asModel(problem), ampleBudget).answer, answer);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it("takes values and places for names and ranks only", () => {
    fc.assert(
      fc.property(anyProblem(30), (problem) => {
        const far = (column: Int32Array, stretch: number): Int32Array =>
          column.map((cell) => (cell <= 0 || cell === 0x7fff_ffff ? cell : cell * stretch));
        const stretched: RegisterProblem = {
          length: problem.length,
          call: far(problem.call, 70_001),
          ret: far(problem.ret, 70_001),
          needs: far(problem.needs, 9_999_991),
          refuses: far(problem.refuses, 9_999_991),
          leaves: far(problem.leaves, 9_999_991),
        };
        assert.deepEqual(searchRegister(stretched, ampleBudget), searchRegister(problem, ampleBudget));
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it("decides a key of a hundred thousand operations, with an order to show for it", () => {
    const shape = { operations: 100_000, clients: 8, values: 4, pending: 0, cas: 20, wrong: 0 };
    const problem = randomProblem(shape, 6);
    const outcome = searchRegister(problem, ampleBudget);
    assert.ok(outcome.answer === "linearizable");
    assert.equal(faultOfOrder(problem, registerApply(problem), outcome.order), null);
    const wrong = { ...problem, needs: problem.needs.slice() };
    const read = wrong.needs.findLastIndex((value, at) => value > 0 && problem.leaves[at] === -1);
    wrong.needs[read] = 99;
    const refuted = searchRegister(wrong, ampleBudget);
    assert.ok(refuted.answer === "illegal");
    assert.equal(
      faultOfOrder(wrong, registerApply(wrong), refuted.partials[0]?.order ?? new Int32Array(1), "partial"),
      null,
    );
    assert.ok(refuted.partials[0]?.refused.includes(read));
  });
});

describe("refutation by a window", () => {
  it("never refutes a key that has an order, and refutes some that have none", () => {
    const searcher = new Searcher(searchMaker(() => bytesOfBase64(searchBytes)));
    const tally = { right: 0, refuted: 0, open: 0 };
    fc.assert(
      fc.property(anyProblem(14), fc.nat(), (problem, pick) => {
        const due = pick % problem.length;
        const { from } = refute(searcher, problem, due, ampleBudget, 1);
        const isRight = hasOrder(problem, registerApply(problem));
        assert.ok(!(isRight && from >= 0), "a key that has an order was refuted");
        assert.ok(from < due);
        tally[isRight ? "right" : from >= 0 ? "refuted" : "open"] += 1;
      }),
      { seed: 7, numRuns: 4_000 },
    );
    assert.ok(Math.min(tally.right, tally.refuted, tally.open) > 200, JSON.stringify(tally));
  });
});
