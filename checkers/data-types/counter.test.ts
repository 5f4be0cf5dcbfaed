import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { AnomalyKind, Verdict } from "../../harness/history/verdict.ts";
import type { Deed, Scene } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { counter, linearizableCounter } from "./counter.ts";

const final: Scene = { phases: [{ at: 90, phase: "final" }] };
const increment = (
  value: Deed["value"],
  from: number,
  to: number | null,
  type: Deed["type"] = "ok",
): Deed => ({
  f: "increment",
  value: value ?? null,
  from,
  to,
  type,
});
const read = (value: Deed["value"], from: number, to: number): Deed => ({
  f: "read",
  value: value ?? null,
  from,
  to,
});
const valid = (checked: number): Verdict => ({ word: "valid", checked });
const wrong = (kind: AnomalyKind, says: string, evidence: readonly number[]): Verdict => ({
  word: "invalid",
  anomalies: [{ kind, says, evidence, keyspace: "", key: "x" }],
});

describe("counter", () => {
  it("takes a sum in which unknown increments count or don't", () => {
    const deeds = [increment(5, 1, 2), increment(-2, 3, 4, "info"), increment(3, 5, null)];
    for (const value of [3, 5, 6, 8]) {
      assert.deepEqual(check(counter, historyOf([...deeds, read(value, 91, 92)], final)), valid(1));
    }
    for (const [value, kind, evidence] of [
      [2, "lost increment", [0, 6]],
      [9, "doubled increment", [0, 4, 6]],
    ] as const) {
      const says = `p3 read x=${value} at 92.000 ms, but at rest the increments of x add up to 3 to 8`;
      const history = historyOf([...deeds, read(value, 91, 92)], final);
      assert.deepEqual(check(counter, history), wrong(kind, says, evidence));
    }
  });

  it("names an acknowledged increment that is not counted, and none that was acknowledged later", () => {
    const deeds = [increment(5, 1, 2), increment(2, 3, 4), increment(1, 89, 91)];
    const history = historyOf([...deeds, read(5, 92, 93), read(7, 94, 95)], final);
    assert.deepEqual(
      check(counter, history),
      wrong(
        "lost increment",
        "p3 read x=5 at 93.000 ms, but at rest the increments of x add up to 7 to 8",
        [0, 2, 7],
      ),
    );
  });

  it("holds nothing against a read that began before the rest, however late it ends", () => {
    const deeds = [increment(5, 1, 2), read(0, 89, 91), read(0, 3, 4)];
    assert.deepEqual(check(counter, historyOf(deeds, final)), valid(2));
    assert.deepEqual(check(counter, historyOf([increment(5, 1, 2), read(0, 3, 4)])), valid(1));
  });

  it("names a decrement that is not counted, and one that is counted twice", () => {
    const deeds = [increment(5, 1, 2), increment(0, 3, 4), increment(-3, 5, 6)];
    assert.deepEqual(
      check(counter, historyOf([...deeds, read(5, 91, 92)], final)),
      wrong(
        "lost increment",
        "p3 read x=5 at 92.000 ms, but at rest the increments of x add up to 2",
        [4, 7],
      ),
    );
    assert.deepEqual(
      check(counter, historyOf([...deeds, read(-4, 7, 8)])),
      wrong(
        "doubled increment",
        "p3 read x=-4 at 8.000 ms, but by then the increments of x add up to -3 to 5",
        [4, 6],
      ),
    );
  });

  it("names an increment that is counted twice, before the rest too", () => {
    assert.deepEqual(
      check(counter, historyOf([increment(5, 1, 2), read(10, 91, 92)], final)),
      wrong(
        "doubled increment",
        "p1 read x=10 at 92.000 ms, but at rest the increments of x add up to 5",
        [0, 3],
      ),
    );
    assert.deepEqual(
      check(counter, historyOf([increment(5, 1, null), read(10, 3, 4), increment(5, 5, 6)])),
      wrong(
        "doubled increment",
        "p1 read x=10 at 4.000 ms, but by then the increments of x add up to 0 to 5",
        [0, 1],
      ),
    );
  });

  it("names a value that no increment could bring about", () => {
    const says = "p1 read x=-1 at 4.000 ms, but by then the increments of x add up to 0 to 5";
    assert.deepEqual(
      check(counter, historyOf([increment(5, 1, 2), read(-1, 3, 4)])),
      wrong("phantom value", says, [2]),
    );
    const early = "p0 read x=5 at 2.000 ms, but by then the increments of x add up to 0";
    assert.deepEqual(
      check(counter, historyOf([read(5, 1, 2), increment(5, 3, 4)])),
      wrong("phantom value", early, [0]),
    );
    for (const [value, shown] of [
      ["5", '"5"'],
      [2.5, "2.5"],
      [[5], "[5]"],
    ] as const) {
      assert.deepEqual(
        check(counter, historyOf([increment(5, 1, 2), read(value, 3, 4)])),
        wrong("phantom value", `p1 read x=${shown} at 4.000 ms: a counter shows a whole number`, [2]),
      );
    }
  });

  it("names five increments as examples, the first ones", () => {
    const deeds = Array.from({ length: 7 }, (_, at) => increment(1, 2 * at, 2 * at + 1));
    const verdict = check(counter, historyOf([...deeds, read(9, 91, 92)], final));
    assert.deepEqual(verdict.word === "invalid" && verdict.anomalies[0].evidence, [0, 2, 4, 6, 8, 15]);
    const lost = check(counter, historyOf([...deeds, read(0, 91, 92)], final));
    assert.deepEqual(lost.word === "invalid" && lost.anomalies[0].evidence, [0, 2, 4, 6, 8, 15]);
  });

  it("counts no increment that definitely failed, whatever it says", () => {
    const deeds = [increment(5, 1, 2), increment(7, 3, 4, "fail"), increment("much", 5, 6, "fail")];
    assert.deepEqual(check(counter, historyOf([...deeds, read(5, 91, 92)], final)), valid(1));
    assert.deepEqual(
      check(counter, historyOf([...deeds, read(12, 91, 92)], final)),
      wrong(
        "doubled increment",
        "p3 read x=12 at 92.000 ms, but at rest the increments of x add up to 5",
        [0, 7],
      ),
    );
  });

  it("takes a counter that shows nothing for 0", () => {
    const history = historyOf([increment(5, 1, 2, "info"), read(null, 91, 92)], final);
    assert.deepEqual(check(counter, history), valid(1));
  });

  it("leaves other keys alone, and says what it can't judge", () => {
    const notChecked = (because: string): Verdict => ({ word: "notChecked", because });
    for (const checker of [counter, linearizableCounter]) {
      const register = historyOf([increment("odd", 3, 4), { f: "write", value: 1, from: 1, to: 2 }]);
      assert.deepEqual(check(checker, register), notChecked("x is no counter"));
      const nothing = historyOf([increment(1, 1, 2, "fail"), read(0, 3, 4)]);
      assert.deepEqual(check(checker, nothing), notChecked("x is no counter"));
      const unread = historyOf([increment(1, 1, 2), { ...read(1, 3, 4), type: "info" }]);
      assert.deepEqual(check(checker, unread), notChecked("no read of x was answered"));
    }
  });

  it("says which amount breaks what it assumes", () => {
    const odd = historyOf([increment(1, 1, 2), increment(0.5, 3, 4), increment(0.5, 5, 6), read(1, 7, 8)]);
    const said = "p1 called increment on x (acknowledged at 4.000 ms): an amount is a whole number";
    assert.deepEqual(check(counter, odd), wrong("broken assumption", said, [2]));
    const large = Number.MAX_SAFE_INTEGER;
    const huge = historyOf([increment(large, 1, 2), increment(-1, 3, 4), read(1, 5, 6)]);
    const why = "the amounts add up to more than can be counted exactly";
    assert.deepEqual(
      check(counter, huge),
      wrong("broken assumption", `p1 called increment on x (acknowledged at 4.000 ms): ${why}`, [2]),
    );
    assert.deepEqual(check(counter, historyOf([increment(large, 1, 2), read(large, 5, 6)])), valid(1));
    assert.equal(check(counter, historyOf([increment("1", 1, 2), read(1, 3, 4)])).word, "invalid");
  });

  it("states its name and what it assumes", () => {
    const assumes = ["the counter starts at 0", "amounts are whole numbers, and so is their sum"];
    assert.deepEqual([counter.name, counter.assumes], ["counter", assumes]);
    assert.deepEqual(
      [linearizableCounter.name, linearizableCounter.assumes],
      ["linearizable-counter", assumes],
    );
  });
});

describe("linearizable counter", () => {
  const deeds = [increment(5, 1, 2), increment(-2, 3, 6), increment(4, 5, 9)];

  it("takes every read between what was acknowledged when it began and what had begun when it ended", () => {
    for (const value of [3, 5, 7, 9]) {
      assert.deepEqual(check(linearizableCounter, historyOf([...deeds, read(value, 4, 8)])), valid(1));
    }
    for (const value of [3, 7]) {
      assert.deepEqual(check(linearizableCounter, historyOf([...deeds, read(value, 7, 8)])), valid(1));
    }
  });

  it("names what it leaves out and what it counts twice, in the middle of a run", () => {
    const low = "p3 read x=2 at 8.000 ms, but by then the increments of x add up to 3 to 7";
    assert.deepEqual(
      check(linearizableCounter, historyOf([...deeds, read(2, 7, 8)])),
      wrong("lost increment", low, [0, 5]),
    );
    const high = "p3 read x=8 at 8.000 ms, but by then the increments of x add up to 3 to 7";
    assert.deepEqual(
      check(linearizableCounter, historyOf([...deeds, read(8, 7, 8)])),
      wrong("lost increment", high, [2, 5]),
    );
    const twice = "p3 read x=10 at 8.000 ms, but by then the increments of x add up to 3 to 9";
    assert.deepEqual(
      check(linearizableCounter, historyOf([...deeds, read(10, 4, 8)])),
      wrong("doubled increment", twice, [0, 3, 4]),
    );
  });

  it("is no less strict at rest", () => {
    const late = [increment(5, 1, 2), increment(3, 91, 92), read(5, 93, 94)];
    assert.deepEqual(check(counter, historyOf(late, final)), valid(1));
    assert.deepEqual(
      check(linearizableCounter, historyOf(late, final)),
      wrong(
        "lost increment",
        "p2 read x=5 at 94.000 ms, but at rest the increments of x add up to 8",
        [0, 3, 5],
      ),
    );
  });
});
