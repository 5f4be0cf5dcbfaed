import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import type { Measure, Verdict } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { growingSet, linearizableSet } from "./set.ts";

const add = (value: HistoryValue, from: number, more: Partial<Deed> = {}): Deed => ({
  f: "add",
  value,
  from,
  to: from + 1,
  ...more,
});
const read = (from: number, value: HistoryValue, more: Partial<Deed> = {}): Deed => ({
  f: "read",
  value,
  from,
  to: from + 1,
  ...more,
});
const judge = (...deeds: readonly Deed[]): Verdict => check(growingSet, historyOf(deeds));
const judgeStrictly = (...deeds: readonly Deed[]): Verdict => check(linearizableSet, historyOf(deeds));

/** The figures of x; lags in milliseconds, none where nothing stayed. */
function measures(
  counts: readonly [added: number, stayed: number, lost: number, neverRead: number, stale: number],
  lagsMs?: readonly [median: number, worst: number],
  of = "x",
): readonly Measure[] {
  const names = ["added", "that stayed", "lost", "never read", "stale for a while"];
  const figures = names.map(
    (name, at): Measure => ({ name: `elements ${name}`, of, value: counts[at] ?? 0, unit: "count" }),
  );
  const lags = (lagsMs ?? []).map((ms, at): Measure => {
    const name = `lag until visible, ${at === 0 ? "median" : "worst"}`;
    return { name, of, value: ms * 1e6, unit: "ns", samples: counts[1] };
  });
  return [...figures, ...lags];
}

const anomaliesOf = (verdict: Verdict): readonly (readonly [string, string, readonly number[]])[] =>
  verdict.word === "invalid"
    ? verdict.anomalies.map(({ kind, says, evidence }) => [kind, says, evidence])
    : [];
const measuresOf = (verdict: Verdict): readonly Measure[] =>
  "measures" in verdict ? (verdict.measures ?? []) : [];

describe("set", () => {
  it("counts elements that stay, and those that no read could show", () => {
    assert.deepEqual(judge(add(1, 1), read(3, [1]), add(2, 5)), {
      word: "valid",
      checked: 1,
      measures: measures([2, 1, 0, 1, 0], [0, 0]),
    });
  });

  it("names an element that a read misses and none shows afterwards", () => {
    assert.deepEqual(judge(add(1, 1), add(2, 3), read(5, [1, 2]), read(7, [2])), {
      word: "invalid",
      anomalies: [
        {
          kind: "lost element",
          says:
            "p0 added 1 to x (acknowledged at 2.000 ms), but the read of x that p3 began at 7.000 ms misses it, " +
            "and no later read shows it",
          evidence: [0, 6],
          keyspace: "",
          key: "x",
        },
      ],
      measures: measures([2, 1, 1, 0, 0], [0, 0]),
    });
    const nothing = judge(add(1, 1), read(3, null));
    assert.deepEqual(
      anomaliesOf(nothing).map(([kind, , evidence]) => [kind, evidence]),
      [["lost element", [0, 2]]],
    );
    assert.deepEqual(measuresOf(nothing), measures([1, 0, 1, 0, 0]));
  });

  it("takes a read for proof of an add of unknown outcome", () => {
    const verdict = judge(add(1, 1, { type: "info" }), read(3, [1]), read(5, []));
    assert.deepEqual(anomaliesOf(verdict), [
      [
        "lost element",
        "p0 added 1 to x (outcome unknown at 2.000 ms), and p1 saw it at 4.000 ms, but the read of x that p2 began " +
          "at 5.000 ms misses it, and no later read shows it",
        [0, 2, 4],
      ],
    ]);
    // Nobody saw it: it may not have happened. Nor may what was refused.
    for (const type of ["info", "fail"] as const) {
      const unknown = judge(add(1, 1, { type }), add(2, 3), read(5, [2]));
      assert.deepEqual(
        measuresOf(unknown),
        measures([type === "info" ? 2 : 1, 1, 0, type === "info" ? 1 : 0, 0], [0, 0]),
      );
      assert.equal(unknown.word, "valid");
    }
  });

  it("asks nothing of a read that began before the element was known", () => {
    const beside = judge(add(1, 1, { to: 4 }), read(2, [], { to: 6 }), read(3, []), read(7, [1]));
    assert.deepEqual(beside, { word: "valid", checked: 1, measures: measures([1, 1, 0, 0, 0], [0, 0]) });
    assert.deepEqual(judge(add(1, 1, { to: 4 }), read(2, [])), {
      word: "notChecked",
      because: "no element of x was there for a read to show or to miss",
    });
  });

  it("measures how long elements were missed that were seen after all", () => {
    const verdict = judge(
      add(1, 1),
      add(2, 3),
      add(3, 4.2, { to: 4.4 }),
      read(5, [1]),
      read(7, [1, 3]),
      read(11, [2, 3, 1]),
    );
    assert.deepEqual(verdict, { word: "valid", checked: 3, measures: measures([3, 3, 0, 0, 2], [0.6, 3]) });
    // An even number has its lower median.
    assert.deepEqual(
      measuresOf(judge(add(1, 1), add(2, 3), read(5, [1]), read(7, [1, 2]))),
      measures([2, 2, 0, 0, 1], [0, 1]),
    );
  });

  it("lets a read that ended after the one that misses an element had begun still show it", () => {
    const late = read(3, [1], { to: 6 });
    assert.deepEqual(judge(add(1, 1), late, read(5, [])), {
      word: "valid",
      checked: 1,
      measures: measures([1, 1, 0, 0, 1], [3, 3]),
    });
    assert.equal(judge(add(1, 1), read(3, [1], { to: 4.5 }), read(5, [])).word, "invalid");
    const first = read(2.5, [1], { to: 8 });
    assert.equal(judge(add(1, 1), first, read(3, [1], { to: 4 }), read(5, [])).word, "valid");
  });

  it("goes by the first acknowledgement, and the first read, where there are several", () => {
    const twice = [add(1, 1, { to: 9 }), add(1, 2, { to: 5 })];
    assert.deepEqual(anomaliesOf(judge(...twice, read(6, [])))[0]?.slice(1), [
      "p1 added 1 to x (acknowledged at 5.000 ms), but the read of x that p2 began at 6.000 ms misses it, and no later read shows it",
      [0, 1, 3],
    ]);
    const open = add(1, 1, { to: null });
    const seen = [read(2, [1], { to: 7 }), read(3, [1], { to: 4 })];
    assert.deepEqual(
      measuresOf(judge(open, ...seen, read(5, []), read(8, [1]))),
      measures([1, 1, 0, 0, 1], [1, 1]),
    );
    // The first add failed: the second is the one.
    const failed = [add(1, 1, { type: "fail" }), add(1, 3), read(5, [])];
    assert.deepEqual(anomaliesOf(judge(...failed))[0]?.[2], [2, 4]);
  });

  it("names elements that are there twice, once each", () => {
    assert.deepEqual(judge(add(1, 1), read(3, [1, 1, 1]), read(5, [1, 1])), {
      word: "invalid",
      anomalies: [
        {
          kind: "duplicated element",
          says: "the read of x that p1 began at 3.000 ms shows 1 more than once",
          evidence: [2],
          keyspace: "",
          key: "x",
        },
      ],
      measures: measures([1, 1, 0, 0, 0], [0, 0]),
    });
  });

  it("names elements that nobody had begun to add", () => {
    const one = add(1, 20);
    assert.deepEqual(anomaliesOf(judge(one, read(3, [9]), read(5, [9]))), [
      ["phantom element", "p1 saw 9 in x at 4.000 ms, but nobody added it", [0]],
    ]);
    assert.deepEqual(anomaliesOf(judge(add(9, 1, { type: "fail", error: "down" }), read(3, [9]))), [
      [
        "phantom element",
        "p1 saw 9 in x at 4.000 ms, though p0's add of it had failed (refused at 2.000 ms: down)",
        [0, 2],
      ],
    ]);
    assert.deepEqual(anomaliesOf(judge(read(3, [1]), one, read(30, []))), [
      ["phantom element", "p0 saw 1 in x at 4.000 ms, before p1 began to add it at 20.000 ms", [0, 2]],
    ]);
    // An early add that failed is not the one that was seen.
    const later = [add(1, 1, { type: "fail" }), read(3, [1]), one];
    assert.deepEqual(anomaliesOf(judge(...later))[0]?.[2], [2, 4]);
    assert.equal(judge(add(1, 3, { to: 5 }), read(2, [1], { to: 4 })).word, "valid");
    assert.deepEqual(measuresOf(judge(add(2, 1), read(3, [2, 9]))), measures([1, 1, 0, 0, 0], [0, 0]));
  });

  it("goes by the first of several failed adds, and by the read that ended first", () => {
    const failed = [add(9, 1, { type: "fail" }), add(9, 3, { type: "fail" }), read(5, [9])];
    assert.deepEqual(anomaliesOf(judge(...failed))[0]?.[2], [0, 4]);
    const early = [read(1, [1], { to: 6 }), read(2, [1], { to: 3 }), add(1, 4)];
    assert.deepEqual(anomaliesOf(judge(...early)), [
      ["phantom element", "p1 saw 1 in x at 3.000 ms, before p2 began to add it at 4.000 ms", [1, 3]],
    ]);
    const doubled = anomaliesOf(judge(read(1, [9, 9]), read(3, [9, 9]), add(2, 20)));
    assert.deepEqual(
      doubled.map(([kind, , evidence]) => [kind, evidence]),
      [
        ["duplicated element", [0]],
        ["phantom element", [0]],
      ],
    );
    assert.equal(judge(read(1, [1], { to: 9 }), add(1, 2), read(4, [])).word, "valid");
  });

  it("says what it is called, and what it assumes", () => {
    for (const [{ name, assumes }, title] of [
      [growingSet, "set"],
      [linearizableSet, "linearizable-set"],
    ] as const) {
      assert.deepEqual({ name, assumes }, { name: title, assumes: ["nothing is removed"] });
    }
  });

  it("tells elements apart by their JSON, and texts from it", () => {
    const pair = [1, { a: null }];
    const deeds = [
      add(pair, 1),
      add("[1]", 3),
      add([1], 5),
      add("1", 7),
      add(1, 9),
      add(true, 11),
      add("true", 13),
    ];
    assert.equal(
      measuresOf(judge(...deeds, read(15, [pair, "[1]", [1], "1", 1, true, "true"])))[1]?.value,
      7,
    );
    assert.equal(measuresOf(judge(...deeds, read(15, [pair])))[2]?.value, 6);
  });

  it("judges each key by itself, and keeps all figures", () => {
    const verdict = judge(add(1, 1), read(3, [1]), add(1, 5, { key: "y" }), read(7, [], { key: "y" }));
    assert.equal(verdict.word, "invalid");
    assert.deepEqual(measuresOf(verdict), [
      ...measures([1, 1, 0, 0, 0], [0, 0]),
      ...measures([1, 0, 1, 0, 0], undefined, "y"),
    ]);
    const both = [add(1, 1), read(3, [1]), add(1, 5, { key: "y" }), read(7, [1], { key: "y" })];
    assert.deepEqual(judge(...both, read(9, [], { key: "z" })), {
      word: "valid",
      checked: 2,
      measures: [...measures([1, 1, 0, 0, 0], [0, 0]), ...measures([1, 1, 0, 0, 0], [0, 0], "y")],
    });
    const many = Array.from({ length: 120 }, (_, at) => [
      add(1, 4 * at, { key: `${at}` }),
      read(4 * at + 2, [1], { key: `${at}` }),
    ]);
    assert.equal(measuresOf(judge(...many.flat())).length, 700);
  });

  it("says what it can't judge", () => {
    const notChecked = (because: string): Verdict => ({ word: "notChecked", because });
    assert.deepEqual(judge(read(1, [])), notChecked("x is no set that only grows"));
    assert.deepEqual(
      judge(add(1, 1), { f: "remove", value: 1, from: 3, to: 4 }),
      notChecked("x is no set that only grows"),
    );
    assert.deepEqual(
      judge(add(1, 1), read(3, { milk: 1 })),
      notChecked('x is no set: a read showed {"milk":1}'),
    );
    assert.deepEqual(judge(add(1, 1), read(3, [1]), read(5, 7)), notChecked("x is no set: a read showed 7"));
    assert.equal(judge(add(1, 1), read(3, [1]), read(5, 7, { type: "info" })).word, "valid");
  });

  it("follows each element through many reads", () => {
    const deeds = Array.from({ length: 400 }, (_, at) => add(at, 4 * at));
    const reads = Array.from({ length: 400 }, (_, at) =>
      read(
        4 * at + 2,
        deeds.slice(0, at + 1).map(({ value }) => value ?? null),
      ),
    );
    assert.deepEqual(judge(...deeds, ...reads), {
      word: "valid",
      checked: 400,
      measures: measures([400, 400, 0, 0, 0], [0, 0]),
    });
  });
});

describe("linearizable-set", () => {
  it("names elements that a read misses though they were known, and that are seen after all", () => {
    assert.deepEqual(judgeStrictly(add(1, 1), read(3, []), read(5, [1])), {
      word: "invalid",
      anomalies: [
        {
          kind: "stale element",
          says:
            "p0 added 1 to x (acknowledged at 2.000 ms), but the read of x that p1 began at 3.000 ms misses it; " +
            "p2 saw it at 6.000 ms",
          evidence: [0, 2, 4],
          keyspace: "",
          key: "x",
        },
      ],
      measures: measures([1, 1, 0, 0, 1], [1, 1]),
    });
    assert.equal(judgeStrictly(add(1, 1), read(3, [1])).word, "valid");
  });
});
