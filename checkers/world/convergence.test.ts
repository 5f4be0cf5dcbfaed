import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { convergence } from "./convergence.ts";

const writes: readonly Deed[] = [
  { f: "write", value: 1, from: 0, to: 1 },
  { f: "write", value: 2, from: 2, to: 3 },
  { f: "delete", from: 4, to: 5 },
];
const header = { keyspaces: [{ name: "", n: 2, w: 1, r: 1 }] };

describe("convergence", () => {
  it("names replicas that hold different values, with the writes of both", () => {
    const dumps = [
      { at: 10, node: "n1", holds: 1 },
      { at: 11, node: "n2", holds: 2 },
    ];
    assert.deepEqual(check(convergence, historyOf(writes, { header, dumps })), {
      word: "invalid",
      anomalies: [
        {
          kind: "divergence",
          says: "at rest, at 10.000 ms, the replicas of x differ: n1 holds 1, n2 holds 2",
          evidence: [0, 2],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("tells a value from a tombstone, but not a tombstone from nothing", () => {
    const value = [
      { at: 10, node: "n1", holds: 2 },
      { at: 11, node: "n2", holds: null },
    ];
    const verdict = check(convergence, historyOf(writes, { header, dumps: value }));
    assert.ok(verdict.word === "invalid");
    assert.equal(
      verdict.anomalies[0].says,
      "at rest, at 10.000 ms, the replicas of x differ: n1 holds 2, n2 holds nothing",
    );
    assert.deepEqual(verdict.anomalies[0].evidence, [2, 4]);
    const tombstone = [
      { at: 10, node: "n1", holds: null },
      { at: 11, node: "n2", holds: 5, key: "y" },
      { at: 12, node: "n1", holds: null },
    ];
    const mixed = check(convergence, historyOf(writes, { header, dumps: tombstone }));
    assert.ok(mixed.word === "invalid");
    assert.deepEqual(
      mixed.anomalies.map(({ key }) => key),
      ["y"],
    );
  });

  it("takes the last dump of each node", () => {
    const dumps = [
      { at: 10, node: "n1", holds: 1 },
      { at: 11, node: "n2", holds: 2 },
      { at: 12, node: "n1", holds: 2 },
    ];
    assert.deepEqual(check(convergence, historyOf(writes, { header, dumps })), { word: "valid", checked: 3 });
  });

  it("compares only the holders of a key where there are more nodes than replicas", () => {
    const recorder = new HistoryRecorder(header);
    const row = recorder.invoke(0, { process: 0, f: "write", key: "x", value: 1 });
    recorder.complete(row, 1, { type: "ok", value: 1 });
    const entry = (value: number) => [{ key: "x", values: [{ value, version: "v", deleted: false }] }];
    recorder.dump(2, "n1", "", entry(1));
    recorder.dump(2, "n2", "", entry(1));
    recorder.dump(2, "n3", "", []);
    assert.deepEqual(check(convergence, recorder.finish()), { word: "valid", checked: 1 });
  });

  it("is not checked without dumps, and unknown with a single one", () => {
    assert.deepEqual(check(convergence, historyOf(writes)), {
      word: "notChecked",
      because: "the history has no dump of the replicas",
    });
    const verdict = check(convergence, historyOf(writes, { dumps: [{ at: 10, node: "n1", holds: 1 }] }));
    assert.equal(verdict.word, "unknown");
  });
});
