import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import { historyOf } from "../history-of.test-support.ts";
import { keyEvents } from "../key-events.ts";
import { regular } from "./regular.ts";

describe("regular", () => {
  it("lets a read return any write that runs beside it, or the last one before", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1 },
      { f: "write", value: 2, from: 2, to: 9 },
      { f: "read", value: 2, from: 3, to: 4 },
      { f: "read", value: 1, from: 5, to: 6 },
    ]);
    assert.deepEqual(check(regular, history), { word: "valid", checked: 2 });
  });

  it("lets a read return either of two writes that ran beside each other", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 3 },
      { f: "write", value: 2, from: 1, to: 2 },
      { f: "read", value: 1, from: 4, to: 5 },
      { f: "read", value: 2, from: 6, to: 7 },
    ]);
    assert.deepEqual(check(regular, history), { word: "valid", checked: 2 });
  });

  it("names the read of a value that another finished write entirely follows", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1 },
      { f: "write", value: 2, from: 2, to: 3 },
      { f: "read", value: 1, from: 4, to: 5 },
    ]);
    assert.deepEqual(check(regular, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "stale read",
          says: "p2 read x=1 at 5.000 ms, but x=2 had been acknowledged at 3.000 ms",
          evidence: [0, 2, 4],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("names a read of nothing after a finished write", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1 },
      { f: "read", value: null, from: 2, to: 3 },
    ]);
    assert.deepEqual(check(regular, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "stale read",
          says: "p1 found nothing at x at 3.000 ms, but x=1 had been acknowledged at 1.000 ms",
          evidence: [0, 2],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("takes a delete that may have happened as the reason for nothing", () => {
    const history = historyOf([
      { f: "delete", from: 0, to: null },
      { f: "write", value: 1, from: 1, to: 2 },
      { f: "read", value: null, from: 3, to: 4 },
    ]);
    assert.deepEqual(check(regular, history), { word: "valid", checked: 1 });
  });

  it("does not take a delete that failed, or one that ended before the write, as the reason", () => {
    const history = historyOf([
      { f: "delete", from: 0, to: 1 },
      { f: "delete", from: 2, to: 6, type: "fail" },
      { f: "write", value: 1, from: 3, to: 4 },
      { f: "read", value: null, from: 7, to: 8 },
    ]);
    const verdict = check(regular, history);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(verdict.anomalies[0].evidence, [0, 3, 6]);
  });

  it("names a read of a deleted value", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1 },
      { f: "delete", from: 2, to: 3 },
      { f: "read", value: 1, from: 4, to: 5 },
    ]);
    const verdict = check(regular, history);
    assert.ok(verdict.word === "invalid");
    assert.equal(
      verdict.anomalies[0].says,
      "p2 read x=1 at 5.000 ms, but the delete of x had been acknowledged at 3.000 ms",
    );
  });

  it("counts a retried write, written twice, by its later end", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1, type: "info" },
      { f: "write", value: 2, from: 2, to: 3 },
      { f: "write", value: 1, from: 4, to: 5 },
      { f: "read", value: 1, from: 6, to: 7 },
    ]);
    assert.deepEqual(check(regular, history), { word: "valid", checked: 1 });
  });

  it("is not checked where nothing was read", () => {
    const history = historyOf([{ f: "write", value: 1, from: 0, to: 1 }]);
    assert.deepEqual(check(regular, history), { word: "notChecked", because: "nothing was read" });
  });

  it("measures by the write that began last, of those that were finished before the read began", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 3 },
      { f: "write", value: 2, from: 2, to: 9 },
      { f: "write", value: 3, from: 4, to: 5 },
      { f: "write", value: 4, from: 6, to: 7, type: "fail" },
      { f: "write", value: 5, from: 10, to: 13 },
      { f: "read", value: 1, from: 12, to: 14 },
      { f: "read", value: 2, from: 15, to: 16 },
    ]);
    assert.deepEqual(check(regular, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "stale read",
          says: "p5 read x=1 at 14.000 ms, but x=3 had been acknowledged at 5.000 ms",
          evidence: [0, 3, 9],
          keyspace: "",
          key: "x",
        },
        {
          kind: "stale read",
          says: "p6 read x=2 at 16.000 ms, but x=5 had been acknowledged at 13.000 ms",
          evidence: [1, 8, 12],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("names a value that nobody ever wrote, and lets a read find nothing where nothing was written", () => {
    const history = historyOf([
      { f: "read", value: null, from: 0, to: 1 },
      { f: "read", value: 9, from: 2, to: 3 },
    ]);
    assert.deepEqual(check(regular, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "phantom value",
          says: "p1 read x=9 at 3.000 ms, but nobody ever wrote that",
          evidence: [2],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("leaves the cells that all keys share as it found them", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1 },
      { f: "delete", from: 2, to: 3 },
      { f: "read", value: null, from: 4, to: 5 },
      { f: "read", value: 1, from: 6, to: 7, key: "y" },
    ]);
    const verdict = check(regular, history);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ kind, key }) => [kind, key]),
      [["phantom value", "y"]],
    );
    assert.deepEqual([...keyEvents(history).cellOfValue], [0, 0]);
  });

  it("judges no key that is no register", () => {
    const history = historyOf([
      { f: "read", value: null, from: 0, to: 1 },
      { f: "add", value: 7, from: 2, to: 3 },
    ]);
    assert.deepEqual(check(regular, history), {
      word: "notChecked",
      because: "x is no register: it has other operations",
    });
  });

  it("says what it is called, and what it assumes", () =>
    assert.deepEqual([regular.name, regular.assumes], ["regular", ["null is never written"]]));
});
