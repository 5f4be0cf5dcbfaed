import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { counter } from "./counter.ts";

const final = { phases: [{ at: 90, phase: "final" as const }] };
const increment = (value: number, from: number, to: number | null, type: Deed["type"] = "ok"): Deed => ({
  f: "increment",
  value,
  from,
  to,
  type,
});

describe("counter", () => {
  it("takes a sum in which unknown increments count or don't", () => {
    const deeds = [increment(5, 1, 2), increment(-2, 3, 4, "info"), increment(3, 5, null)];
    for (const value of [3, 5, 6, 8]) {
      const history = historyOf([...deeds, { f: "read", value, from: 91, to: 92 }], final);
      assert.deepEqual(check(counter, history), { word: "valid", checked: 1 });
    }
  });

  it("names an acknowledged increment that is not counted", () => {
    const history = historyOf(
      [increment(5, 1, 2), increment(2, 3, 4), { f: "read", value: 5, from: 91, to: 92 }],
      final,
    );
    assert.deepEqual(check(counter, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "lost increment",
          says: "p2 read x=5 at 92.000 ms, but at rest the increments of x add up to 7",
          evidence: [0, 2, 5],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("names an increment that is counted twice, before the rest too", () => {
    const atRest = historyOf([increment(5, 1, 2), { f: "read", value: 10, from: 91, to: 92 }], final);
    const before = historyOf([
      increment(5, 1, null),
      { f: "read", value: 10, from: 3, to: 4 },
      increment(5, 5, 6),
    ]);
    for (const [history, says] of [
      [atRest, "p1 read x=10 at 92.000 ms, but at rest the increments of x add up to 5"],
      [before, "p1 read x=10 at 4.000 ms, but by then the increments of x add up to 0 to 5"],
    ] as const) {
      const verdict = check(counter, history);
      assert.ok(verdict.word === "invalid");
      assert.deepEqual(
        verdict.anomalies.map(({ kind, says: said }) => [kind, said]),
        [["doubled increment", says]],
      );
    }
  });

  it("counts no increment that definitely failed", () => {
    const deeds = [increment(5, 1, 2), increment(7, 3, 4, "fail")];
    const history = historyOf([...deeds, { f: "read", value: 5, from: 91, to: 92 }], final);
    assert.deepEqual(check(counter, history), { word: "valid", checked: 1 });
  });

  it("takes a counter that shows nothing for 0", () => {
    const history = historyOf(
      [increment(5, 1, 2, "info"), { f: "read", value: null, from: 91, to: 92 }],
      final,
    );
    assert.deepEqual(check(counter, history), { word: "valid", checked: 1 });
  });

  it("leaves other keys alone, and says what it can't judge", () => {
    const register = historyOf([{ f: "write", value: 1, from: 1, to: 2 }]);
    assert.deepEqual(check(counter, register), { word: "notChecked", because: "x is no counter" });
    const unread = historyOf([increment(1, 1, 2)]);
    assert.deepEqual(check(counter, unread), { word: "notChecked", because: "no read of x was answered" });
    const odd = check(counter, historyOf([increment(0.5, 1, 2), { f: "read", value: 1, from: 3, to: 4 }]));
    assert.ok(odd.word === "invalid" && odd.anomalies[0].kind === "broken assumption");
    const text = check(counter, historyOf([increment(1, 1, 2), { f: "read", value: "1", from: 3, to: 4 }]));
    assert.ok(text.word === "invalid" && text.anomalies[0].kind === "phantom value");
  });
});
