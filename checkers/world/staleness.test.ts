import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Measure, Verdict } from "../../harness/history/verdict.ts";
import { staleness, stalenessOf } from "./staleness.ts";
import { wilsonInterval } from "./wilson.ts";
import type { Operation } from "./world-history.test-support.ts";
import { worldHistory } from "./world-history.test-support.ts";

const write = (value: number, from: number, to: number | null): Operation => ({
  f: "write",
  value,
  from,
  to,
});
const read = (value: number | null, from: number, to: number): Operation => ({ f: "read", value, from, to });
/** The same operations at another key, later. */
const at = (key: string, byMs: number, operations: readonly Operation[]): Operation[] =>
  operations.map((one) => ({
    ...one,
    key,
    from: one.from + byMs,
    to: one.to === null ? null : one.to + byMs,
  }));
const judged = (happenings: readonly Operation[]): Verdict => check(staleness, worldHistory({}, happenings));
const nothing: Verdict = {
  word: "notChecked",
  because: "no read of a register with unique values began after an acknowledged write",
};
const share = (name: string, of: string, hits: number, samples: number): Measure => ({
  name,
  ...(of === "" ? {} : { of }),
  value: hits / samples,
  unit: "ratio",
  ...wilsonInterval(hits, samples),
  samples,
});
const leftOut = (value: number, of = ""): Measure => ({
  name: "keys left out of staleness",
  ...(of === "" ? {} : { of }),
  value,
  unit: "count",
});
const byAge = (of: string, hits: number, samples: number): Measure =>
  share("stale reads by age of the newest write", `from ${of} ms after the write`, hits, samples);
const behind = (of: string, hits: number, samples: number): Measure =>
  share("reads by versions behind", of, hits, samples);

/** Versions behind of the reads of a history, in no order. */
const versionsBehind = (happenings: readonly Operation[]): readonly number[] => {
  const [only] = stalenessOf(worldHistory({}, happenings));
  return (only?.behind ?? []).flatMap((count, versions) => Array.from({ length: count }, () => versions));
};

describe("staleness", () => {
  it("measures how often reads are stale, by age and by versions, with intervals", () => {
    const history = [
      write(1, 0, 1),
      write(2, 2, 3),
      read(2, 3.5, 3.6),
      read(1, 3.7, 3.8),
      read(1, 4, 4.1),
      write(3, 5, 6),
      read(3, 7, 7.1),
      read(null, 8, 8.1),
    ];
    assert.deepEqual(judged(history), {
      word: "valid",
      checked: 5,
      measures: [
        share("stale reads", "", 3, 5),
        byAge("0", 1, 2),
        byAge("1", 1, 2),
        byAge("2", 1, 1),
        behind("0", 2, 5),
        behind("1", 2, 5),
        behind("3", 1, 5),
        leftOut(0),
      ],
    });
  });

  it("counts the age from the end of the newest acknowledged write to the beginning of the read", () => {
    const agesMs = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
    const fresh = agesMs.map((ageMs) => read(1, 2 + ageMs, 2.1 + ageMs));
    const stale = agesMs.slice(1).map((ageMs) => read(null, 1.5 + ageMs, 1.6 + ageMs));
    const [only] = stalenessOf(worldHistory({}, [write(1, 0, 2), ...fresh, ...stale]));
    const counted = agesMs.map((ageMs, index) => {
      const isLast = index === agesMs.length - 1;
      return { fromNs: ageMs * 1e6, reads: isLast ? 1 : 2, stale: isLast ? 0 : 1 };
    });
    assert.deepEqual(only?.byAge, counted);
    // Acknowledged later, and yet not newer: it had begun before.
    const [crossed] = stalenessOf(worldHistory({}, [write(1, 0, 10), write(2, 1, 2), read(2, 12, 13)]));
    assert.deepEqual(crossed?.byAge[4], { fromNs: 10e6, reads: 1, stale: 0 });
    assert.deepEqual([only?.keyspace, only?.reads, only?.stale, only?.keysLeftOut], ["", 27, 13, 0]);
  });

  it("calls nothing behind what was written beside it, and counts only what had been acknowledged", () => {
    const beside = [write(1, 0, 3), write(2, 1, 2)];
    assert.deepEqual(versionsBehind([...beside, read(1, 4, 5), read(2, 6, 7)]), [0, 0]);
    assert.deepEqual(versionsBehind([write(1, 0, 1), write(2, 2, 5), read(1, 4, 6)]), [0]);
    assert.deepEqual(versionsBehind([write(1, 0, 1), write(2, 2, 5), write(3, 3, 4), read(1, 4.5, 6)]), [1]);
    assert.deepEqual(versionsBehind([write(1, 0, 1), write(2, 2, 9), write(3, 3, 4), read(2, 4.5, 6)]), [0]);
    assert.deepEqual(versionsBehind([write(1, 0, 1), write(2, 2, 9), write(3, 3, 4), read(2, 10, 11)]), [0]);
  });

  it("takes a write of unknown outcome for as new as can be, and a failed one for nothing", () => {
    const unknown: Operation = { f: "write", value: 1, from: 0, to: 1, type: "info" };
    assert.deepEqual(versionsBehind([unknown, write(2, 2, 3), read(1, 4, 5)]), [0]);
    assert.deepEqual(versionsBehind([write(1, 0, null), write(2, 2, 3), read(1, 4, 5)]), [0]);
    const failed: Operation = { f: "write", value: 3, from: 4, to: 5, type: "fail" };
    assert.deepEqual(versionsBehind([write(1, 0, 1), failed, read(1, 6, 7)]), [0]);
    assert.deepEqual(judged([failed, read(null, 6, 7)]), nothing);
    assert.deepEqual(judged([unknown, read(null, 6, 7)]), nothing);
  });

  it("leaves out reads of what nobody had begun to write, and reads without an answer", () => {
    const odd: Operation[] = [
      read(9, 2, 3),
      read(5, 4, 5),
      { f: "read", value: null, from: 6, to: 7, type: "fail" },
      { f: "read", value: null, from: 8, to: null },
    ];
    assert.deepEqual(judged([write(1, 0, 1), ...odd, write(5, 9, 10)]), nothing);
    assert.deepEqual(versionsBehind([write(1, 0, 1), read(5, 2, 4), write(5, 3, 6)]), [0]);
    assert.deepEqual(judged([read(null, 0, 1), write(1, 2, 3)]), nothing);
    assert.deepEqual(judged([write(1, 0, 2), read(null, 1, 3)]), nothing);
  });

  it("follows a compare-and-set as the write that it is", () => {
    const swap = (from: number, type: "ok" | "fail"): Operation => ({
      f: "cas",
      value: [1, 2],
      from,
      to: from + 1,
      type,
    });
    assert.deepEqual(versionsBehind([write(1, 0, 1), swap(2, "ok"), read(1, 4, 5), read(2, 6, 7)]), [0, 1]);
    assert.deepEqual(versionsBehind([write(1, 0, 1), swap(2, "fail"), read(1, 4, 5)]), [0]);
  });

  it("leaves out keys with deletes, repeated values, nulls or other operations, and counts them", () => {
    const history = [write(1, 0, 1), read(1, 2, 3)];
    const others: Operation[] = [
      { f: "delete", from: 4, to: 5 },
      { f: "write", value: null, from: 4, to: 5 },
      { f: "write", value: 1, from: 4, to: null },
      { f: "add", value: 7, from: 4, to: 5 },
      { f: "append", value: 7, from: 4, to: 5, type: "fail" },
    ];
    for (const other of others) assert.deepEqual(judged([...history, other]), nothing);
    const failed: Operation[] = [
      { f: "delete", from: 4, to: 5, type: "fail" },
      { f: "write", value: 1, from: 6, to: 7, type: "fail" },
    ];
    assert.equal(judged([...history, ...failed]).word, "valid");
    // The same values at other keys are others; what follows a key that was left out is measured as ever.
    const many = others.flatMap((other, index) => at(`y${index}`, 10 * index, [...history, other]));
    assert.deepEqual(judged([...many, ...at("z", 60, history)]), {
      word: "valid",
      checked: 1,
      measures: [share("stale reads", "", 0, 1), byAge("1", 0, 1), behind("0", 1, 1), leftOut(5)],
    });
  });

  it("measures keyspaces apart, and says of which it speaks", () => {
    const inK = [write(1, 0, 1), read(null, 2, 3)].map((one) => ({ ...one, keyspace: "k" }));
    const verdict = judged([
      ...inK,
      write(1, 4, 5),
      read(1, 5.5, 6),
      { f: "add", key: "s", keyspace: "l", from: 7, to: 8 },
    ]);
    assert.deepEqual(verdict, {
      word: "valid",
      checked: 2,
      measures: [
        share("stale reads", "k", 1, 1),
        share("stale reads by age of the newest write", "k: from 1 ms after the write", 1, 1),
        share("reads by versions behind", "k: 1", 1, 1),
        leftOut(0, "k"),
        share("stale reads", "", 0, 1),
        byAge("0", 0, 1),
        behind("0", 1, 1),
        leftOut(0),
      ],
    });
  });

  it("counts what is ten versions behind, or more, together", () => {
    const writes = Array.from({ length: 12 }, (_, at) => write(at + 1, 2 * at, 2 * at + 1));
    const reads = [read(1, 30, 31), read(2, 32, 33), read(3, 34, 35), read(null, 36, 37)];
    const verdict = judged([...writes, ...reads]);
    assert.deepEqual(
      "measures" in verdict && verdict.measures?.filter(({ name }) => name === "reads by versions behind"),
      [behind("9", 1, 4), behind("10 or more", 3, 4)],
    );
  });

  it("counts every version, however many there are", () => {
    const count = 40;
    const writes = Array.from({ length: count }, (_, index) => write(index + 1, 2 * index, 2 * index + 1));
    for (let value = 1; value <= count; value += 1) {
      const [only] = versionsBehind([...writes, read(value, 100, 101)]);
      assert.equal(only, Math.min(count - value, 10));
    }
  });

  it("states its name and what it assumes", () => {
    const assumes = ["each value is written once: keys of which that is not true are left out"];
    assert.deepEqual([staleness.name, staleness.assumes], ["staleness", assumes]);
  });
});
