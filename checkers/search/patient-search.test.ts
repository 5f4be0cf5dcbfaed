import assert from "node:assert/strict";
import { faultOfOrder, registerApply } from "./plain-search.test-support.ts";
import { falsifiedProblem } from "./random-problem.test-support.ts";
import { searchRegister } from "./search.ts";

const crowded = { operations: 1_000, clients: 10, values: 20, pending: 5, cas: 20, wrong: 0 };

/**
 * What the search says of a key in which one read was falsified, without the orders, which are replayed here. How
 * many steps it takes is part of the contract: a verdict must be the same wherever it is given.
 */
function outcomeOf(shape: typeof crowded, seed: number, steps: number): unknown {
  const problem = falsifiedProblem(shape, seed);
  const outcome = searchRegister(problem, { steps, bytes: 100_000_000 });
  const apply = registerApply(problem);
  if (outcome.answer === "linearizable") {
    assert.equal(faultOfOrder(problem, apply, outcome.order), null);
    return { answer: outcome.answer, steps: outcome.steps, peakBytes: outcome.peakBytes };
  }
  const { partials, ...rest } = outcome;
  for (const { order } of partials) assert.equal(faultOfOrder(problem, apply, order, "partial"), null);
  return { ...rest, partials: partials.map(({ order, refused }) => [order.length, ...refused]) };
}

describe("patient search", () => {
  it("refutes by a window what pending operations make too much to search", () => {
    assert.deepEqual(
      outcomeOf({ ...crowded, operations: 400, clients: 5, values: 5, pending: 10, cas: 25 }, 7, 1_000_000),
      {
        answer: "illegal",
        steps: 2_764,
        peakBytes: 322_048,
        partials: [
          [347, 363],
          [346, 363, 368],
        ],
      },
    );
  });

  it("tries windows before whatever could not be passed, with foresight or without", () => {
    assert.deepEqual(outcomeOf(crowded, 6, 1_000_000), {
      answer: "illegal",
      steps: 5_216,
      peakBytes: 476_544,
      partials: [
        [883, 900],
        [883, 900],
        [883, 900],
      ],
    });
  });

  it("tries again with more patience, and shows longer orders than its own", () => {
    assert.deepEqual(outcomeOf(crowded, 13, 1_000_000), {
      answer: "illegal",
      steps: 392_604,
      peakBytes: 3_175_760,
      partials: [
        [904, 939, 940, 941],
        [903, 939, 940, 938, 941],
      ],
    });
  });

  it("spends all its steps, and not one more, before it leaves a part undecided", () => {
    for (const steps of [2_000, 2_001, 9_999, 30_000]) {
      const { peakBytes, ...outcome } = outcomeOf(crowded, 9, steps) as { readonly peakBytes: number };
      assert.ok(peakBytes > 100_000);
      assert.deepEqual(outcome, {
        answer: "undecided",
        spent: "steps",
        steps,
        from: 901,
        to: 905,
        partials: [[880, 903]],
      });
    }
  });

  it("decides within a share of the steps where an order is found after some dead ends", () => {
    assert.deepEqual(outcomeOf(crowded, 1, 1_000_000), {
      answer: "linearizable",
      steps: 20_188,
      peakBytes: 650_568,
    });
  });

  it("stays within its bytes, whatever it tries", () => {
    const problem = falsifiedProblem(crowded, 9);
    for (const bytes of [30_000, 200_000, 400_000, 600_000]) {
      const outcome = searchRegister(problem, { steps: 1_000_000, bytes });
      assert.ok(outcome.answer === "undecided" && outcome.spent === "bytes");
      assert.ok(outcome.peakBytes <= bytes, `${outcome.peakBytes} of ${bytes}`);
    }
  });
});
