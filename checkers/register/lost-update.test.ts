import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { lostUpdate } from "./lost-update.ts";

const write = (value: number, from: number, more: Partial<Deed> = {}): Deed => ({
  f: "write",
  value,
  from,
  to: from + 1,
  ...more,
});
const cas = (found: number | null, next: number | null, from: number, more: Partial<Deed> = {}): Deed => ({
  f: "cas",
  value: [found, next],
  from,
  to: from + 1,
  ...more,
});
const read = (value: number | null, from: number): Deed => ({ f: "read", value, from, to: from + 1 });
const judge = (...deeds: readonly Deed[]): Verdict => check(lostUpdate, historyOf(deeds));
const found = (verdict: Verdict): readonly (readonly number[])[] =>
  verdict.word === "invalid" ? verdict.anomalies.map(({ evidence }) => evidence) : [];
const nothingJudged = {
  word: "notChecked",
  because: "no compare-and-set took effect from a value that was written once",
};

describe("lost-update", () => {
  it("finds nothing wrong with a chain, with refusals, and with winners from different values", () => {
    assert.deepEqual(judge(write(1, 1), cas(1, 2, 3), cas(1, 3, 5, { type: "fail" }), cas(2, 4, 7)), {
      word: "valid",
      checked: 2,
    });
    assert.deepEqual(judge(cas(null, 1, 1), cas(1, 2, 3)), { word: "valid", checked: 2 });
  });

  it("names both winners", () => {
    assert.deepEqual(judge(write(1, 1), cas(1, 2, 3, { to: 6 }), cas(1, 3, 4)), {
      word: "invalid",
      anomalies: [
        {
          kind: "lost update",
          says:
            "two compare-and-sets took effect from x=1, so that one lost what the other did: " +
            "p1 set x from 1 to 2 (acknowledged at 6.000 ms), and p2 set x from 1 to 3 (acknowledged at 5.000 ms)",
          evidence: [0, 2, 3],
          keyspace: "",
          key: "x",
        },
      ],
    });
    assert.deepEqual(found(judge(cas(null, 2, 3, { to: 6 }), cas(null, 3, 4))), [[0, 1]]);
    assert.deepEqual(found(judge(read(null, 1), cas(null, 2, 3, { to: 6 }), cas(null, 3, 4))), [[2, 3]]);
    // Each further winner is named with the first one.
    assert.deepEqual(found(judge(write(1, 1), cas(1, 2, 3), cas(1, 3, 5), cas(1, 4, 7))), [
      [0, 2, 4],
      [0, 2, 6],
    ]);
  });

  it("counts one of unknown outcome where what it set was seen, by a read or by another one", () => {
    const open = cas(1, 2, 3, { to: null });
    assert.deepEqual(judge(write(1, 1), open, cas(1, 3, 5)), { word: "valid", checked: 1 });
    assert.deepEqual(found(judge(write(1, 1), open, cas(1, 3, 5, { to: 8 }), read(2, 6), read(2, 9))), [
      [0, 2, 3, 4],
    ]);
    assert.deepEqual(found(judge(write(1, 1), open, cas(1, 3, 5), cas(2, 4, 7))), [[0, 2, 3, 5]]);
    assert.deepEqual(judge(write(1, 1), open, cas(1, 3, 5), cas(2, 4, 7, { type: "fail" })), {
      word: "valid",
      checked: 1,
    });
    // Who else wrote that may have been the one who was seen.
    assert.deepEqual(judge(write(1, 1), open, write(2, 0.1, { to: null }), cas(1, 3, 5), read(2, 7)), {
      word: "valid",
      checked: 1,
    });
    const unread = { ...read(2, 7), type: "info" } as const;
    assert.deepEqual(judge(write(1, 1), open, cas(1, 3, 5), unread), { word: "valid", checked: 1 });
  });

  it("names one that found a value which had been replaced before it began", () => {
    assert.deepEqual(judge(write(1, 1), write(2, 3), cas(1, 3, 5)), {
      word: "invalid",
      anomalies: [
        {
          kind: "lost update",
          says:
            "p2 set x from 1 to 3 (acknowledged at 6.000 ms), but that had been replaced before it began: " +
            "p1 wrote x=2 (acknowledged at 4.000 ms)",
          evidence: [0, 2, 4],
          keyspace: "",
          key: "x",
        },
      ],
    });
    assert.deepEqual(found(judge(write(1, 1), cas(null, 2, 3))), [[0, 2]]);
    assert.deepEqual(found(judge(write(1, 1), { f: "delete", from: 3, to: 4 }, cas(1, 2, 5))), [[0, 2, 4]]);
    assert.deepEqual(found(judge(write(1, 1), write(2, 3), cas(1, 3, 5, { to: null }), read(3, 7))), [
      [0, 2, 4, 5],
    ]);
    // The newest of those that had ended is the one to name.
    const late = [write(1, 1), write(2, 3), write(4, 2.5, { to: 4.5 }), cas(1, 3, 5)];
    assert.deepEqual(found(judge(...late)), [[0, 3, 6]]);
  });

  it("leaves room for what ran beside it", () => {
    const cases: readonly (readonly Deed[])[] = [
      [write(1, 1, { to: 3.5 }), write(2, 3), cas(1, 3, 5)],
      [write(1, 1, { to: null }), write(2, 3), cas(1, 3, 5)],
      [write(1, 1), write(2, 3, { to: 5.5 }), cas(1, 3, 5)],
      [write(1, 1), write(2, 3, { type: "info" }), cas(1, 3, 5)],
      [write(1, 1), write(2, 3, { type: "fail" }), cas(1, 3, 5)],
      [write(1, 1), read(1, 3), cas(1, 3, 5)],
    ];
    for (const deeds of cases) assert.deepEqual(judge(...deeds), { word: "valid", checked: 1 });
  });

  it("says nothing of what several wrote, nor of nothing where anything deletes", () => {
    assert.deepEqual(judge(write(1, 1), write(1, 3), cas(1, 2, 5), cas(1, 3, 7)), nothingJudged);
    assert.deepEqual(judge(write(1, 1), cas(1, 1, 3), cas(1, 1, 5)), nothingJudged);
    assert.deepEqual(judge(cas(5, 2, 1), cas(5, 3, 3)), nothingJudged);
    const gone: Deed = { f: "delete", from: 3, to: 4 };
    assert.deepEqual(judge(cas(null, 2, 1), gone, cas(null, 3, 5)), nothingJudged);
    assert.deepEqual(judge(cas(null, 2, 1), cas(2, null, 3), cas(null, 3, 5)), { word: "valid", checked: 1 });
    assert.deepEqual(found(judge(cas(null, 2, 1), { ...gone, type: "fail" }, cas(null, 3, 5))), [[0, 4]]);
  });

  it("says what it is called, and what it assumes", () => {
    const { name, assumes } = lostUpdate;
    const expected = [
      "null is never written",
      "a compare-and-set that was refused left everything as it was",
    ];
    assert.deepEqual({ name, assumes }, { name: "lost-update", assumes: expected });
  });

  it("needs no witness of one that was acknowledged, and takes none that is itself unknown", () => {
    assert.deepEqual(found(judge(write(1, 1), cas(1, 2, 3), read(2, 4.2), cas(1, 3, 5, { to: 8 }))), [
      [0, 2, 5],
    ]);
    const open = cas(1, 2, 3, { to: null });
    assert.equal(judge(write(1, 1), open, cas(2, 4, 4, { to: null }), cas(1, 3, 5)).word, "valid");
  });

  it("says what it can't judge", () => {
    assert.deepEqual(judge(write(1, 1), read(1, 3)), nothingJudged);
    assert.deepEqual(judge(write(1, 1), cas(1, 2, 3, { type: "fail" })), nothingJudged);
    assert.deepEqual(judge({ f: "add", value: 1, from: 1, to: 2 }), {
      word: "notChecked",
      because: "x is no register: it has other operations",
    });
  });
});
