import assert from "node:assert/strict";
import type { HistoryHeader } from "../../harness/history/history.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { mustMeet } from "./strict-quorums.ts";

const write = (from: number, w?: number): Deed => ({
  f: "write",
  value: from,
  from,
  to: from + 1,
  ...(w === undefined ? {} : { w }),
});
const read = (from: number, r?: number): Deed => ({
  f: "read",
  value: null,
  from,
  to: from + 1,
  ...(r === undefined ? {} : { r }),
});
/** Whether the reads among these must meet the writes. */
const meets = (settings: object, ...deeds: readonly Deed[]): boolean => {
  const header: HistoryHeader = { keyspaces: [{ name: "other" }, { name: "", ...settings }] };
  const rowsOf = (f: Deed["f"]): number[] => deeds.flatMap((deed, row) => (deed.f === f ? [row] : []));
  return mustMeet(historyOf(deeds, { header }), rowsOf("write"), rowsOf("read"));
};

describe("strict quorums", () => {
  const strict = { n: 3, w: 2, r: 2 };
  const both = [read(0), write(2), read(4)];

  it("meet where writes and reads together reach more than all replicas", () => {
    assert.equal(meets(strict, ...both), true);
    assert.equal(meets({ n: 3, w: 1, r: 3 }, ...both), true);
    assert.equal(meets({ n: 3, w: 1, r: 2 }, ...both), false);
    assert.equal(meets({ n: 5, w: 2, r: 2 }, ...both), false);
  });

  it("go by what each operation asked for, if it did", () => {
    assert.equal(meets(strict, read(0), write(2), write(4, 1), write(6)), false);
    assert.equal(meets(strict, read(0, 1), write(2), read(4, 3)), false);
    assert.equal(meets({ n: 3, w: 1, r: 1 }, read(0, 2), write(2, 2)), true);
    assert.equal(meets({ n: 3 }, read(0, 2), write(2, 2)), true);
  });

  it("are none where the header does not say so, or where others may stand in", () => {
    assert.equal(meets({ w: 2, r: 2 }, ...both), false);
    assert.equal(meets({ n: 3, r: 2 }, ...both), false);
    assert.equal(meets({ n: 3, w: 2 }, ...both), false);
    assert.equal(meets({ ...strict, sloppy: true }, ...both), false);
    assert.equal(mustMeet(historyOf(both), [1], [0, 2]), false);
  });

  it("reach no more than all replicas", () => {
    assert.equal(meets({ n: 3, w: 9, r: 0 }, ...both), false);
  });

  it("are those of the written key's keyspace", () => {
    const header: HistoryHeader = { keyspaces: [{ name: "", n: 3, w: 1, r: 1 }] };
    assert.equal(mustMeet(historyOf(both, { header }), [1], [0]), false);
    const recorder = new HistoryRecorder({ keyspaces: [{ name: "k", ...strict }] });
    const act = (timeNs: number, keyspace: string, f: "read" | "write"): void => {
      const row = recorder.invoke(timeNs, { process: 0, f, keyspace, key: "x", value: 1 });
      recorder.complete(row, timeNs + 1, { type: "ok", value: 1 });
    };
    act(0, "", "write");
    act(2, "k", "write");
    act(4, "k", "read");
    const history = recorder.finish();
    assert.equal(mustMeet(history, [1], [2]), true);
    assert.equal(mustMeet(history, [0], [2]), false);
  });
});
