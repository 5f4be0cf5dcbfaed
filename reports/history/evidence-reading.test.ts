import assert from "node:assert/strict";
import { faultBands } from "./fault-bands.ts";
import { findOperations } from "./found-operations.ts";
import { invented, operationsOf, staleRead } from "./histories.test-support.ts";
import { historyFacts } from "./history-facts.ts";
import { precedences } from "./precedence.ts";
import { surroundingsOf } from "./surroundings.ts";
import { keptOf } from "./told-operations.ts";
import { clashOf } from "./zones.ts";

describe("facts of a history", () => {
  it("count operations, outcomes, keys and processes, and tell how long they took", () => {
    const history = invented([
      ...staleRead,
      { process: 0, f: "write", value: 3, from: 17, to: 18, type: "fail" },
      { process: 1, f: "write", value: 4, from: 19, to: 20, type: "info", key: "y" },
      { process: 3, f: "enqueue", value: 5, from: 21, to: null },
    ]);
    assert.deepEqual(historyFacts(history), {
      operations: 6,
      ok: 3,
      failed: 1,
      unknown: 2,
      keys: 2,
      processes: 4,
      clock: { fromNs: 1e6, toNs: 21e6 },
      firstIndex: 0,
      lastIndex: 10,
      functions: [
        { name: "read", asked: 1, ok: 1, failed: 0, unknown: 0, tookNs: { median: 4e6, p99: 4e6 } },
        { name: "write", asked: 4, ok: 2, failed: 1, unknown: 1, tookNs: { median: 3e6, p99: 3e6 } },
        { name: "enqueue", asked: 1, ok: 0, failed: 0, unknown: 1, tookNs: null },
      ],
    });
  });

  it("know no clock where all times are the same, and nothing of an empty history", () => {
    const { clock, functions } = historyFacts(invented(staleRead, [], false));
    assert.deepEqual([clock, functions.map(({ tookNs }) => tookNs)], [null, [null, null]]);
    assert.deepEqual(historyFacts(invented([])), {
      operations: 0,
      ok: 0,
      failed: 0,
      unknown: 0,
      keys: 0,
      processes: 0,
      clock: null,
      firstIndex: 0,
      lastIndex: 0,
      functions: [],
    });
  });
});

describe("operations by their evidence", () => {
  const history = invented([
    ...staleRead,
    { process: 3, f: "write", value: 1, from: 20, to: 21 },
    { process: 4, f: "cas", value: [2, 7], from: 22, to: 23 },
    { process: 5, f: "read", result: 7, from: 24, to: 25 },
    { process: 5, f: "read", result: null, from: 26, to: 27 },
  ]);

  it("are found by index, with those who wrote what they read and had begun by then", () => {
    const found = findOperations(history, [4, 10, 12, 999]);
    assert.deepEqual(found.rowsOf([4, 999, 10]), [2, 5]);
    assert.deepEqual([found.writersFor(2), found.writersFor(5), found.writersFor(6)], [[0], [4], []]);
    assert.deepEqual(
      [found.isWriterFor(0, 2), found.isWriterFor(1, 2), found.isWriterFor(4, 5)],
      [true, false, true],
    );
  });

  it("are kept within bounds: the first, what is wanted, and the last", () => {
    const many = Array.from({ length: 100 }, (_, at) => at * 2);
    assert.deepEqual(keptOf(many.slice(0, 24)), many.slice(0, 24));
    assert.deepEqual(keptOf(many, [40]), [0, 40, ...many.slice(-22)]);
  });
});

describe("surroundings", () => {
  it("are what overlaps on the same key, nearest first, of few further processes", () => {
    const history = invented([
      { process: 0, f: "write", value: 1, from: 1, to: 40 },
      { process: 1, f: "write", value: 2, from: 2, to: 3 },
      { process: 2, f: "write", value: 3, from: 4, to: null },
      { process: 3, f: "write", value: 4, from: 5, to: 20 },
      { process: 4, f: "write", value: 5, from: 6, to: 19, key: "other" },
      { process: 5, f: "read", result: 4, from: 10, to: 30 },
      { process: 6, f: "write", value: 6, from: 12, to: null },
      { process: 7, f: "write", value: 7, from: 31, to: 32 },
    ]);
    const most = { operations: 9, processes: 9 };
    assert.deepEqual(surroundingsOf(history, [5], most), { rows: [0, 3], areAll: true });
    assert.deepEqual(surroundingsOf(history, [0, 5], most), { rows: [1, 2, 3], areAll: true });
    assert.deepEqual(surroundingsOf(history, [0, 7], most), { rows: [1, 2, 3, 5, 6], areAll: true });
    assert.deepEqual(surroundingsOf(history, [0, 7], { operations: 2, processes: 9 }), {
      rows: [1, 2],
      areAll: false,
    });
    assert.deepEqual(surroundingsOf(history, [0, 7], { operations: 9, processes: 1 }), {
      rows: [1],
      areAll: false,
    });
  });
});

describe("zones that exclude each other", () => {
  it("are those of two values, each seen before the other's last call", () => {
    const evidence = operationsOf(invented(staleRead));
    const [one, two, read] = evidence;
    assert.deepEqual(clashOf(evidence), {
      a: { value: 1, f: one, s: read },
      b: { value: 2, f: two, s: two },
    });
  });

  it("know that the initial value comes before everything", () => {
    const evidence = operationsOf(
      invented([
        { process: 0, f: "write", value: 1, from: 1, to: 2 },
        { process: 1, f: "read", result: null, from: 3, to: 4 },
      ]),
    );
    const [write, read] = evidence;
    assert.deepEqual(clashOf(evidence), {
      a: { value: 1, f: write, s: write },
      b: { value: null, f: null, s: read },
    });
  });

  it("are not there where an order exists, with cas or deletes, or on two keys", () => {
    const good = operationsOf(invented(staleRead.slice(0, 2)));
    assert.equal(clashOf(good), null);
    const cas = operationsOf(
      invented([...staleRead, { process: 5, f: "cas", value: [1, 2], from: 20, to: 21 }]),
    );
    assert.equal(clashOf(cas), null);
    const keys = operationsOf(invented(staleRead.map((call, at) => ({ ...call, key: `k${at}` }))));
    assert.equal(clashOf(keys), null);
    assert.equal(clashOf([]), null);
  });

  it("say nothing of writes that failed and of reads without an answer", () => {
    const evidence = operationsOf(
      invented([
        { process: 0, f: "write", value: 1, from: 1, to: 4 },
        { process: 1, f: "write", value: 2, from: 6, to: 9, type: "fail" },
        { process: 2, f: "read", result: 1, from: 12, to: 16 },
        { process: 3, f: "read", from: 17, to: null },
      ]),
    );
    assert.equal(clashOf(evidence), null);
  });
});

describe("real-time precedence", () => {
  it("leaves out what follows from the rest, and what never ended", () => {
    const [a, b, c, open] = operationsOf(
      invented([
        { process: 0, f: "write", value: 1, from: 1, to: 2 },
        { process: 1, f: "write", value: 2, from: 3, to: 4 },
        { process: 2, f: "read", result: 1, from: 5, to: 6 },
        { process: 3, f: "write", value: 3, from: 7, to: null },
      ]),
    );
    assert.ok(a !== undefined && b !== undefined && c !== undefined && open !== undefined);
    assert.deepEqual(precedences([a, b, c, open]), [
      { first: a, second: b },
      { first: b, second: c },
      { first: c, second: open },
    ]);
    assert.deepEqual(precedences([open, a]), [{ first: a, second: open }]);
  });
});

describe("faults of a history", () => {
  it("run from strike to mend, or to the end, under a short name", () => {
    const history = invented(staleRead, [
      { kind: "cut", where: ["n1→n2", "n2→n1", "n1→n3"], from: 2, to: 5 },
      { kind: "pause", where: ["n3"], from: 7, to: null },
    ]);
    assert.deepEqual(faultBands(history), [
      { label: "cut n1→n2, n2→n1 +1", from: { index: 1, timeNs: 2e6 }, until: { index: 3, timeNs: 5e6 } },
      { label: "pause n3", from: { index: 5, timeNs: 7e6 }, until: null },
    ]);
  });
});
