import assert from "node:assert/strict";
import type { Budget } from "../../harness/contracts/checker.ts";
import type { ModelProblem, SearchOutcome, SearchPartial } from "../search/problem.ts";
import { ModelStop } from "./automaton.ts";
import type { Call } from "./calls.test-support.ts";
import { callsOf, inTurn } from "./calls.test-support.ts";
import type { Evidence, EvidenceLimits } from "./evidence.ts";
import { fewestIllegal } from "./evidence.ts";
import { ObjectOperations } from "./object-problem.ts";
import { queueModel } from "./queue-model.ts";
import { casRegisterModel } from "./register-model.ts";

const roomy = 1_000_000;
const partials: readonly SearchPartial[] = [{ order: Int32Array.of(9), refused: Int32Array.of(8) }];
const found: readonly SearchPartial[] = [{ order: Int32Array.of(0), refused: Int32Array.of(1) }];

/** What a search was asked, so that it can be compared. */
interface Asked {
  readonly classes: readonly number[];
  readonly call: readonly number[];
  readonly ret: readonly number[];
  readonly steps: number;
}

/** The evidence of a search that answers as it is told, and all that it was asked. */
function asking(
  calls: readonly Call[],
  answer: (asked: Asked, number: number) => Partial<SearchOutcome>,
  steps = 1_600,
): { readonly rows: readonly number[]; readonly partials: Evidence["partials"]; readonly asked: Asked[] } {
  const history = callsOf(calls);
  const rows = calls.map((_, row) => row);
  const asked: Asked[] = [];
  const search = (problem: ModelProblem, budget: Budget): SearchOutcome => {
    assert.equal(budget.bytes, roomy);
    const each = {
      classes: [...problem.classOf],
      call: [...problem.call],
      ret: [...problem.ret],
      steps: budget.steps,
    };
    asked.push(each);
    const outcome = {
      answer: "illegal",
      partials: found,
      steps: 1,
      peakBytes: 0,
      ...answer(each, asked.length),
    };
    return outcome as SearchOutcome;
  };
  const whole = new ObjectOperations(history, queueModel, rows, roomy);
  const evidence = fewestIllegal(whole, partials, search, { steps, bytes: roomy });
  return { rows: evidence.operations.map(({ row }) => row), partials: evidence.partials, asked };
}

const never = 0x7fff_ffff;
const undecided = { answer: "undecided", spent: "steps", from: 0, to: 0 } as const;
const puts = (count: number): readonly Call[] =>
  inTurn(Array.from({ length: count }, (_, value) => ({ f: "enqueue", value })));

/** Calls and returns as text, the latter with a dash where there is none. */
function spans({ call, ret }: Asked): string {
  return call.map((at, place) => `${at}-${ret[place] === never ? "" : ret[place]}`).join(" ");
}

describe("the fewest operations of an illegal history", () => {
  it("are found by cutting at the first completion that is too much", () => {
    const { rows, partials: told, asked } = asking(puts(5), () => ({}));
    assert.deepEqual(
      asked.map((each) => `${spans(each)} in ${each.steps}`),
      ["0-1 2-3 4-5 in 100", "0-1 2-3 in 100", "0-1 in 100", "0-1 in 1600"],
    );
    assert.deepEqual([rows, told], [[0], found]);
  });

  it("keep what was under way at the cut, without its outcome", () => {
    const calls: Call[] = [
      { f: "enqueue", value: 1, from: 0, to: 9 },
      { f: "enqueue", value: 2, from: 1, to: null },
      { f: "enqueue", value: 3, from: 2, to: 4 },
      { f: "dequeue", result: 3, from: 3, to: 5 },
      { f: "enqueue", value: 4, from: 6, to: 7 },
      { f: "enqueue", value: 5, from: 8, to: 10 },
    ];
    const { asked } = asking(calls, (_, number) => (number === 1 ? {} : undecided));
    // At the first cut the last operation had not begun, and the first had not ended.
    assert.deepEqual(asked.map(spans).slice(0, 4), [
      "0- 1- 2-4 3-5 6-7",
      "0- 1- 2-4 3-5",
      "0- 1- 2- 3- 4-6",
      "0- 1- 2- 5-7 8-9",
    ]);
  });

  it("are found by setting free halves before quarters, the latest first", () => {
    const { rows, asked } = asking(puts(4), (_, number) => (number <= 2 ? undecided : {}));
    assert.deepEqual(asked.map(spans), ["0-1 2-3", "0-1 2-3 4-5", "0- 1- 2-3 4-5", "0- 1- 2- 3-", ""]);
    assert.deepEqual(rows, []);
    const odd = asking(puts(5), (_, number) => (number === 12 ? {} : undecided));
    assert.deepEqual(odd.asked.map(spans), [
      "0-1 2-3 4-5",
      "0-1 2-3 4-5 6-7",
      "0- 1- 2-3 4-5 6-7",
      "0- 1- 2-3 8-9 10-11",
      "0- 1-2 3-4 5-6 7-8",
      "0- 1-2 3-4 5-6 7-8",
      "0- 1-2 3-4 5-6 9-10",
      "0- 1-2 3-4 7-8 9-10",
      "0- 1-2 5-6 7-8 9-10",
      "0- 1-2 3-4 5-6 7-8",
      "0-1 2-3 4-5 6-7 8-9",
    ]);
    assert.deepEqual([odd.rows, odd.partials], [[0, 1, 2, 3, 4], partials]);
  });

  it("are those alone without which the rest would be legal", () => {
    const { rows, partials: told } = asking(puts(9), ({ classes }) =>
      classes.includes(1) && classes.includes(6) ? {} : { answer: "linearizable", order: Int32Array.of() },
    );
    assert.deepEqual([rows, told], [[1, 6], found]);
  });

  it("are searched within the budget, a sixteenth of it at a time", () => {
    const steps = (spent: number): number[] =>
      asking(puts(40), () => ({ ...undecided, steps: spent })).asked.map((each) => each.steps);
    const hundreds = (count: number): number[] => Array.from({ length: count }, () => 100);
    assert.deepEqual(steps(100), [...hundreds(16), 1_600]);
    assert.deepEqual(steps(95), [...hundreds(16), 80, 1_600]);
    assert.deepEqual(steps(150), [...hundreds(11), 1_600]);
    assert.deepEqual(
      asking(puts(2), () => undecided, 3).asked.map((each) => each.steps),
      [1, 1, 1, 3],
    );
  });

  it("are searched no more often, nor through more operations, than the limits allow", () => {
    const searches = (count: number, limits?: EvidenceLimits): number => {
      let asked = 0;
      const calls = puts(count);
      const rows = calls.map((_, row) => row);
      const search = (): SearchOutcome => {
        asked += 1;
        return { ...undecided, steps: 0, peakBytes: 0, partials };
      };
      const whole = new ObjectOperations(callsOf(calls), queueModel, rows, roomy);
      const budget = { steps: 1_600, bytes: roomy };
      assert.equal(fewestIllegal(whole, partials, search, budget, limits).operations.length, count);
      return asked;
    };
    // The last one judges what is left.
    assert.equal(searches(300), 401);
    assert.equal(searches(40, { trials: 9, operations: roomy }), 10);
    // Five cuts with 20, 30, 35, 38 and 39 operations; then all 40 are given.
    assert.equal(searches(40, { trials: roomy, operations: 162 }), 6);
    assert.equal(searches(40, { trials: roomy, operations: 163 }), 7);
  });

  it("are all of them where the model cannot be asked about fewer", () => {
    const {
      rows,
      partials: told,
      asked,
    } = asking(puts(40), () => {
      throw new ModelStop("fault", "it is lost");
    });
    assert.deepEqual([rows.length, told, asked.length], [40, partials, 17]);
    const bug = new RangeError("a bug of the search");
    assert.throws(
      () =>
        asking(puts(3), () => {
          throw bug;
        }),
      bug,
    );
  });
});

describe("a search over operations of a register", () => {
  it("leaves out what changes nothing instead of setting it free", () => {
    const history = callsOf(
      inTurn([
        { f: "write", value: 1 },
        { f: "read", result: 1 },
        { f: "cas", value: [5, 6] },
      ]),
    );
    const whole = new ObjectOperations(history, casRegisterModel, [0, 1, 2], roomy);
    const [write, read, cas] = whole.operations;
    assert.ok(write !== undefined && read !== undefined && cas !== undefined);
    assert.equal(whole.unheard(read), null);
    assert.equal(whole.freed(read), null);
    assert.deepEqual(whole.unheard(write), { ...write, ret: never, operationClass: 3 });
    assert.deepEqual(whole.freed(cas), { ...cas, call: -1, ret: never, operationClass: 4 });
    assert.deepEqual(whole.freed(write), { ...write, call: -1, ret: never, operationClass: 3 });
  });
});
