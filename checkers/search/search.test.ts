import assert from "node:assert/strict";
import { ampleBudget } from "../../harness/contracts/checker.ts";
import { faultOfOrder, registerApply } from "./plain-search.test-support.ts";
import type { SearchOutcome } from "./problem.ts";
import type { Short } from "./problem-of.test-support.ts";
import { problemOf } from "./problem-of.test-support.ts";
import { searchRegister } from "./search.ts";

type Partials = readonly { readonly order: readonly number[]; readonly refused: readonly number[] }[];

function search(...operations: readonly Short[]): SearchOutcome {
  return searchRegister(problemOf(...operations), ampleBudget);
}

/** The order that was found, after it was replayed; or the partial ones. */
function found(...operations: readonly Short[]): readonly number[] | Partials {
  const problem = problemOf(...operations);
  const outcome = searchRegister(problem, ampleBudget);
  if (outcome.answer !== "linearizable") {
    return outcome.partials.map(({ order, refused }) => ({ order: [...order], refused: [...refused] }));
  }
  assert.equal(faultOfOrder(problem, registerApply(problem), outcome.order), null);
  return [...outcome.order];
}

const both = (isLinearizable: boolean, ...operations: readonly Short[]): void => {
  assert.equal(search(...operations).answer, isLinearizable ? "linearizable" : "illegal");
  found(...operations);
};

describe("search of a register", () => {
  it("finds an order for nothing at all", () => {
    const { peakBytes, ...outcome } = search();
    assert.deepEqual(outcome, { answer: "linearizable", steps: 0, order: new Int32Array(0) });
    assert.ok(peakBytes < 1_000, `${peakBytes}`);
  });

  it("takes operations that follow one another as they came", () => {
    assert.deepEqual(
      found(["r0", 0, 1], ["w1", 2, 3], ["r1", 4, 5], ["c1>2", 6, 7], ["x1", 8, 9]),
      [0, 1, 2, 3, 4],
    );
  });

  it("gives the longest order and what could not come next", () => {
    assert.deepEqual(found(["w1", 0, 1], ["w2", 2, 3], ["r1", 4, 7], ["r2", 5, 6]), [
      { order: [0, 1, 3], refused: [2] },
    ]);
  });

  it("gives longest orders that end in different states", () => {
    assert.deepEqual(found(["w1", 0, 2], ["w2", 1, 3], ["r3", 4, 5], ["r1", 6, 8], ["r2", 7, 9]), [
      { order: [1, 0], refused: [2] },
      { order: [0, 1], refused: [2] },
    ]);
  });

  it("starts from another value where it is told to", () => {
    const problem = problemOf(["r7", 0, 1]);
    assert.equal(searchRegister(problem, ampleBudget).answer, "illegal");
    assert.equal(searchRegister({ ...problem, initial: 7 }, ampleBudget).answer, "linearizable");
  });

  it("never takes a read before it was called, or after it returned", () => {
    both(false, ["w1", 0, 1], ["w2", 2, 3], ["r1", 4, 5]);
    both(true, ["w1", 0, 1], ["w2", 2, 4], ["r1", 3, 5]);
    both(false, ["r1", 0, 1], ["w1", 2, 3]);
  });

  it("goes on where the first candidate returns right after its call", () => {
    // Trap of the linked list: the saved next entry was the return that had just been lifted out.
    both(true, ["w1", 0, 1], ["w2", 2, 9], ["r1", 3, 4], ["r2", 5, 6], ["w3", 7, 8], ["r3", 10, 11]);
    both(false, ["w1", 0, 1], ["w2", 2, 9], ["r1", 3, 4], ["r2", 5, 6], ["w3", 7, 8], ["r1", 10, 11]);
  });

  it("does not ask for reads without a return", () => {
    both(true, ["w1", 0, 1], ["r9", 2], ["r1", 3, 4]);
    both(true, ["w1", 0, 1], ["x1", 2], ["r1", 3, 4]);
    both(true, ["w1", 0, 1], ["c1>1", 2], ["r1", 3, 4]);
  });

  it("lets writes of unknown outcome take effect late, once, or never", () => {
    both(true, ["w1", 0], ["r0", 1, 2], ["r1", 3, 4]);
    both(true, ["w1", 0], ["r0", 1, 2]);
    both(false, ["w1", 0], ["r1", 1, 2], ["w2", 3, 4], ["r2", 5, 6], ["r1", 7, 8]);
    both(true, ["w1", 0], ["r1", 1, 2], ["w2", 3, 4], ["r2", 5, 6], ["w1", 7], ["r1", 8, 9]);
    both(false, ["r1", 0, 1], ["w1", 2]);
  });

  it("counts equal writes of unknown outcome", () => {
    const use = (times: number): Short[] =>
      Array.from({ length: times }, (_, at): Short[] => [
        ["r1", 10 + 6 * at, 11 + 6 * at],
        ["w2", 12 + 6 * at, 13 + 6 * at],
        ["r2", 14 + 6 * at, 15 + 6 * at],
      ]).flat();
    both(true, ["w1", 0], ["w1", 1], ["w1", 2], ...use(3));
    both(false, ["w1", 0], ["w1", 1], ["w1", 2], ...use(4));
  });

  it("lets a write of unknown outcome explain a refusal, though nobody read it", () => {
    both(true, ["w1", 0, 1], ["w2", 2], ["x1", 3, 4]);
    both(false, ["w1", 0, 1], ["x1", 2, 3], ["w2", 4]);
    both(true, ["w1", 0, 1], ["w2", 2], ["x1", 3, 4], ["w1", 5, 6], ["r1", 7, 8]);
    both(false, ["w1", 0, 1], ["w2", 2], ["x1", 3, 4], ["w1", 5, 6], ["x1", 7, 8]);
  });

  it("lets a cas of unknown outcome take effect or not", () => {
    both(true, ["w1", 0, 1], ["c1>2", 2], ["r1", 3, 4], ["r2", 5, 6]);
    both(false, ["w1", 0, 1], ["c1>2", 2], ["r2", 3, 4], ["w1", 5, 6], ["r2", 7, 8]);
    both(true, ["w1", 0, 1], ["c1>2", 2], ["c1>2", 3], ["r2", 4, 5], ["w1", 6, 7], ["r2", 8, 9]);
    both(true, ["w1", 0], ["c1>2", 1], ["c2>3", 2], ["r3", 3, 4]);
    both(false, ["w1", 0], ["c2>3", 1], ["r3", 2, 3]);
  });

  it("makes chains of cas, and hides one behind a write", () => {
    both(true, ["c0>1", 0, 9], ["c1>2", 1, 8], ["c2>3", 2, 7], ["r3", 3, 10]);
    both(false, ["c0>1", 0, 1], ["c0>2", 2, 3]);
    both(true, ["c0>1", 0, 5], ["w2", 1, 4], ["r2", 2, 3], ["r2", 6, 7]);
    both(false, ["c0>1", 0, 5], ["w2", 1, 4], ["r2", 2, 3], ["r1", 6, 7]);
  });

  it("never takes a cas that needs and refuses the same value", () => {
    const problem = { ...problemOf(["w1", 0, 1], ["c1>2", 2, 3]), refuses: Int32Array.of(-1, 1) };
    assert.equal(searchRegister(problem, ampleBudget).answer, "illegal");
    const other = { ...problem, refuses: Int32Array.of(-1, 3) };
    assert.equal(searchRegister(other, ampleBudget).answer, "linearizable");
  });

  it("leaves out what neither asks nor changes anything", () => {
    const problem = { ...problemOf(["w1", 0, 1], ["r5", 2, 3]), needs: Int32Array.of(-1, -1) };
    const outcome = searchRegister(problem, ampleBudget);
    assert.deepEqual(outcome.answer === "linearizable" ? [...outcome.order] : outcome, [0]);
  });

  it("puts writes that nobody saw before the one that hid them", () => {
    assert.deepEqual(found(["w1", 0, 5], ["w2", 1, 2], ["r2", 3, 4], ["r2", 6, 7]), [0, 1, 2, 3]);
  });

  it("puts a write before another of the value that is there already", () => {
    // Each of these was once called illegal: a write of the same value still hides what is before it.
    both(true, ["w2", 0, 1], ["w3", 2, 3], ["w1", 4, 9], ["w3", 5, 6], ["r3", 7, 8], ["r3", 10, 11]);
    both(
      true,
      ["r0", 0, 3],
      ["w1", 6, 9],
      ["w1", 7, 10],
      ["w2", 8, 12],
      ["r1", 11, 14],
      ["w1", 1],
      ["w2", 2],
    );
    both(true, ["w1", 0, 1], ["w2", 2, 9], ["w1", 3, 8], ["c1>3", 4, 7], ["r3", 5, 6], ["r3", 10, 11]);
    both(true, ["w1", 0, 1], ["w2", 2, 9], ["w1", 3], ["c1>3", 4, 7], ["r3", 5, 6], ["r3", 10, 11]);
    both(true, ["w1", 0, 1], ["w2", 2, 9], ["w1", 3, 8], ["c1>3", 4], ["r3", 5, 6], ["r3", 10, 11]);
  });

  it("keeps a state that is still needed and nobody brings back", () => {
    both(true, ["w1", 0, 9], ["w2", 1, 8], ["r1", 2, 3], ["r1", 4, 5], ["r2", 6, 7]);
    both(false, ["w1", 0, 9], ["w2", 1, 8], ["r1", 2, 3], ["r2", 4, 5], ["r1", 6, 7]);
  });

  it("takes more operations that are open at once than a word has bits", () => {
    for (const open of [31, 32, 63, 64, 65, 128, 129, 200]) {
      const writes = Array.from({ length: open }, (_, at): Short => [`w${at + 1}`, at, 1000 + at]);
      const reads = Array.from(
        { length: open },
        (_, at): Short => [`r${open - at}`, 300 + 2 * at, 301 + 2 * at],
      );
      both(true, ...writes, ...reads);
      both(false, ...writes, ...reads, ["r1", 2000, 2001], ["r2", 2002, 2003]);
      const lost = writes.map(([what, call]): Short => [what, call]);
      both(true, ...lost, ...reads);
      both(false, ...lost, ...reads, [`r${open}`, 2000, 2001]);
    }
  });
});

describe("budget of a search", () => {
  const two = problemOf(["w1", 0, 4], ["w2", 1, 5], ["r1", 2, 7], ["r2", 3, 6], ["r3", 8, 9], ["w4", 10, 11]);

  it("in steps leaves the part undecided that begins where the longest order ends", () => {
    const { peakBytes, ...outcome } = searchRegister(two, { ...ampleBudget, steps: 0 });
    assert.ok(peakBytes > 0);
    assert.deepEqual(outcome, {
      answer: "undecided",
      spent: "steps",
      steps: 0,
      from: 4,
      to: 4,
      partials: [
        { order: Int32Array.of(0, 2, 1, 3), refused: Int32Array.of(4) },
        { order: Int32Array.of(1, 3, 0, 2), refused: Int32Array.of(4) },
      ],
    });
  });

  it("in bytes is said to be spent before anything was searched", () => {
    const outcome = searchRegister(two, { ...ampleBudget, bytes: 64 });
    assert.deepEqual(outcome, {
      answer: "undecided",
      spent: "bytes",
      steps: 0,
      peakBytes: 0,
      from: 0,
      to: 5,
      partials: [],
    });
  });

  it("in bytes is never exceeded, and enough of it gives the answer", () => {
    const answers = new Set<string>();
    for (let bytes = 0; bytes < 2_000_000; bytes = bytes < 4_000 ? bytes + 40 : bytes * 2) {
      const outcome = searchRegister(two, { ...ampleBudget, bytes });
      assert.ok(outcome.peakBytes <= bytes, `${outcome.peakBytes} of ${bytes}`);
      answers.add(outcome.answer);
    }
    assert.deepEqual([...answers], ["undecided", "illegal"]);
  });
});
