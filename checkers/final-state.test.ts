import assert from "node:assert/strict";
import type { History } from "../harness/history/history.ts";
import { never } from "../harness/history/history.ts";
import { dumpedValues, finalIndex, readsAtRest } from "./final-state.ts";
import { historyOf } from "./history-of.test-support.ts";
import { rowsOfKey } from "./rows-of-key.ts";

describe("the state at the end", () => {
  // Made anew for each test, because what is found in a history is kept.
  const finished = (): History =>
    historyOf(
      [
        { f: "write", value: 7, from: 0, to: 1 },
        { f: "write", value: 8, from: 2, to: 3, key: "y" },
        { f: "read", value: 7, from: 4, to: 5 },
        { f: "read", value: 7, from: 8, to: 9 },
        { f: "read", from: 10, to: 11, type: "info" },
        { f: "write", value: 9, from: 12, to: 13 },
        { f: "read", value: 8, from: 14, to: 15, key: "y" },
      ],
      {
        phases: [
          { at: 6, phase: "rest" },
          { at: 7, phase: "final" },
        ],
        dumps: [
          { at: 16, node: "n1", holds: 7 },
          { at: 17, node: "n2", holds: null },
          { at: 18, node: "n3", holds: 7 },
        ],
      },
    );

  it("begins with the last phase, and never where there is none", () => {
    const history = finished();
    assert.equal(finalIndex(history), 7);
    assert.equal(finalIndex(history), 7);
    assert.equal(finalIndex(historyOf([{ f: "write", value: 7, from: 0, to: 1 }])), never);
    const resting = historyOf([], { phases: [{ at: 0, phase: "rest" }] });
    assert.equal(finalIndex(resting), never);
  });

  it("is shown by reads that began later and were answered", () => {
    const history = finished();
    assert.deepEqual(rowsOfKey(history, 0), [0, 2, 3, 4, 5]);
    assert.deepEqual(rowsOfKey(history, 1), [1, 6]);
    assert.deepEqual(readsAtRest(history, rowsOfKey(history, 0)), [3]);
    assert.deepEqual(readsAtRest(history, [1, 6]), [6]);
  });

  it("is what the dumped replicas show, each value once, nothing where a key is absent", () => {
    const history = finished();
    assert.deepEqual(
      [0, 1, 2].map((key) => dumpedValues(history, key)),
      [[1, 0], [0], null],
    );
    assert.equal(dumpedValues(historyOf([{ f: "write", value: 7, from: 0, to: 1 }]), 0), null);
  });

  it("tells values from their text, and objects by what is in them", () => {
    const history = historyOf(
      [
        { f: "write", value: [1, { a: 2 }], from: 0, to: 1 },
        { f: "write", value: 'json [1,{"a":2}]', from: 2, to: 3 },
        { f: "write", value: "1", from: 4, to: 5 },
      ],
      {
        dumps: [
          { at: 6, node: "n1", holds: [1, { a: 2 }] },
          { at: 7, node: "n2", holds: 1 },
        ],
      },
    );
    assert.deepEqual(dumpedValues(history, 0), [1, -1]);
  });

  it("is not shown of a keyspace that was not dumped", () => {
    const history = { ...finished(), keys: ["", "other"].map((keyspace) => ({ keyspace, key: "x" })) };
    assert.deepEqual([dumpedValues(history, 0), dumpedValues(history, 1)], [[1, 0], null]);
  });

  it("has no id for a value that no operation has", () => {
    const strange = historyOf([{ f: "write", value: 7, from: 0, to: 1 }], {
      dumps: [{ at: 2, node: "n1", holds: 99 }],
    });
    assert.deepEqual(dumpedValues(strange, 0), [-1]);
  });
});
