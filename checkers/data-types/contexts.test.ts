import assert from "node:assert/strict";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { Contexts, valuesShown } from "./contexts.ts";

const read = (from: number, context: string, value: number | null, more: Partial<Deed> = {}): Deed => ({
  f: "read",
  value,
  from,
  to: from + 1,
  context,
  ...more,
});
const write = (value: number, from: number, more: Partial<Deed> = {}): Deed => ({
  f: "write",
  value,
  from,
  to: from + 1,
  ...more,
});

/** What the context of the last operation stands for. */
function lastOf(...deeds: readonly Deed[]): unknown {
  const history = historyOf(deeds);
  const rows = deeds.map((_, row) => row);
  const contexts = new Contexts(history, rows);
  const row = deeds.length - 1;
  const sent = contexts.sentBy(row);
  assert.equal(contexts.isUnknown(row), sent === null && history.details.get(row)?.sentContext !== undefined);
  return sent;
}

describe("contexts", () => {
  const sender = write(9, 20, { context: "c" });

  it("stand for the reads that returned them, from the first to begin to the last to end", () => {
    const deeds = [read(0, "c", 1, { to: 5 }), read(2, "c", 2, { to: 3 }), read(6, "d", 3)];
    const expected = { firstCall: 0, lastEnd: 3, shown: new Set(["1", "2"]), written: new Set() };
    assert.deepEqual(lastOf(...deeds, sender), expected);
    assert.deepEqual(lastOf(read(0, "c", null, { siblings: [4, 5] }), sender), {
      firstCall: 0,
      lastEnd: 1,
      shown: new Set(["4", "5"]),
      written: new Set(),
    });
  });

  it("stand for writes that returned them, which may be among what was observed", () => {
    const own = { firstCall: -1, lastEnd: 1, shown: new Set(), written: new Set(["7"]) };
    assert.deepEqual(lastOf(write(7, 0, { returns: "c" }), sender), own);
    const adder: Deed = { f: "add", value: 7, from: 0, to: 1, returns: "c" };
    assert.deepEqual(lastOf(adder, sender), { ...own, written: new Set() });
    assert.deepEqual(lastOf(write(7, 0, { returns: "c" }), read(2, "c", 7), sender), {
      firstCall: 2,
      lastEnd: 3,
      shown: new Set(["7"]),
      written: new Set(["7"]),
    });
  });

  it("stand for nothing where no answer carried them, or none was sent", () => {
    assert.equal(lastOf(read(0, "d", 1), sender), null);
    assert.equal(lastOf(read(0, "c", 1, { type: "info" }), sender), null);
    assert.equal(lastOf(write(7, 0, { returns: "c", type: "fail" }), sender), null);
    assert.equal(lastOf(read(0, "c", 1), write(9, 20)), null);
    assert.equal(lastOf({ f: "read", value: 1, from: 0, to: 1 }, write(9, 20)), null);
  });

  it("come with reads that show siblings, one value or nothing", () => {
    const history = historyOf([
      read(0, "c", 1),
      read(2, "c", null),
      read(4, "c", 1, { siblings: [1, 2] }),
      { f: "read", value: 3, from: 6, to: 7 },
    ]);
    assert.deepEqual(
      [0, 1, 2, 3].map((row) => valuesShown(history, row)),
      [[1], [], [1, 2], [3]],
    );
  });
});
