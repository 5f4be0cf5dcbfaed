import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { HistoryHeader } from "../../harness/history/history.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { observedSet } from "./observed-set.ts";

const strict: HistoryHeader = { keyspaces: [{ name: "", n: 3, w: 2, r: 2 }] };
const judge = (deeds: readonly Deed[], header: HistoryHeader = strict): Verdict =>
  check(observedSet, historyOf(deeds, { header, phases: [{ at: 90, phase: "final" }] }));
const add = (value: string, from: number, more: Partial<Deed> = {}): Deed => ({
  f: "add",
  value,
  from,
  to: from + 1,
  ...more,
});
const remove = (value: string, from: number, more: Partial<Deed> = {}): Deed => ({
  f: "remove",
  value,
  from,
  to: from + 1,
  context: "c",
  ...more,
});
const read = (from: number, value: readonly string[], more: Partial<Deed> = {}): Deed => ({
  f: "read",
  value,
  from,
  to: from + 1,
  context: `at ${from}`,
  ...more,
});
const found = (verdict: Verdict): readonly (readonly [string, readonly number[]])[] =>
  verdict.word === "invalid" ? verdict.anomalies.map(({ kind, evidence }) => [kind, evidence]) : [];

/** Added, read and removed. */
const removed = [add("milk", 1), read(3, ["milk"], { context: "c" }), remove("milk", 5)];
const atRest = { word: "notChecked", because: "no read of x was answered at rest" };

describe("items that come back before the rest", () => {
  it("are named where a read has found them gone", () => {
    assert.deepEqual(judge([...removed, read(7, []), read(9, ["milk"]), read(11, ["milk"])]), {
      word: "invalid",
      anomalies: [
        {
          kind: "resurrected delete",
          says:
            'p4 read x=["milk"] at 10.000 ms: "milk" is back, though every add of it had ended before the read whose ' +
            "context its remove carried (p2 called remove on x (acknowledged at 6.000 ms)), and then p3 read x=[] at 8.000 ms",
          evidence: [0, 4, 6, 8],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("are fine where they were never found gone, or have been added since, or may have been", () => {
    const clean: readonly (readonly Deed[])[] = [
      [read(7, ["milk"]), read(9, ["milk"]), read(11, [])],
      [read(7, []), read(9, [])],
      [read(7, []), add("milk", 9), read(11, ["milk"])],
      [read(7, []), add("milk", 9, { to: 30 }), read(11, ["milk"])],
      [read(7, []), add("milk", 9, { type: "info" }), read(11, ["milk"])],
      // It ran beside the read whose context was carried.
      [add("milk", 0, { to: 3.5 }), read(7, []), read(9, ["milk"])],
      // The reads overlap, or the remove does.
      [read(7, [], { to: 10 }), read(9, ["milk"])],
      [read(5.5, [], { to: 7 }), read(9, ["milk"])],
    ];
    for (const deeds of clean) {
      const verdict = judge([...removed, ...deeds]);
      assert.equal(verdict.word, "valid", JSON.stringify(verdict));
    }
    assert.deepEqual(judge([...removed, read(7, []), read(9, [])]), { word: "valid", checked: 2 });
    assert.equal(found(judge([...removed, read(7, []), add("milk", 12), read(9, ["milk"])])).length, 1);
  });

  it("are found behind reads that show them, and by the first of several removes", () => {
    const late = [...removed, read(7, ["milk"]), read(9, ["milk"]), read(11, []), read(13, ["milk"])];
    assert.deepEqual(found(judge(late)), [["resurrected delete", [0, 4, 10, 12]]]);
    const twice = [...removed, remove("milk", 5.2, { to: 5.4 }), read(7, []), read(9, ["milk"])];
    assert.deepEqual(found(judge(twice)), [["resurrected delete", [0, 5, 8, 10]]]);
    const gone: Deed = { f: "delete", from: 5, to: 5.5, context: "c" };
    const all = [...removed.slice(0, 2), gone, read(7, []), read(9, ["milk"])];
    assert.deepEqual(found(judge(all)), [["resurrected delete", [0, 4, 6, 8]]]);
    assert.deepEqual(found(judge([...all, remove("milk", 4.2, { to: 4.8 })])), [
      ["resurrected delete", [0, 4, 8, 10]],
    ]);
  });

  it("are looked for whatever is done to items that stay, or that no read shows", () => {
    const eggs = add("eggs", 0.2, { to: 0.4, w: 1 });
    const back = [read(7, []), read(9, ["milk"])];
    assert.deepEqual(found(judge([eggs, ...removed, ...back])), [["resurrected delete", [2, 6, 8, 10]]]);
    const unseen = [add("ham", 0.2, { to: 0.4 }), ...removed, remove("ham", 6.2, { to: 6.4 }), ...back];
    assert.deepEqual(found(judge(unseen)), [["resurrected delete", [2, 6, 10, 12]]]);
  });

  it("are not found gone by reads that show them", () => {
    const first = read(0.2, [], { to: 0.4 });
    const deeds = [first, ...removed, read(7, ["milk"]), read(9, ["milk"])];
    assert.deepEqual(judge(deeds), { word: "valid", checked: 2 });
  });

  it("go by a remove that has observed all of them", () => {
    const again = [...removed, read(7, []), add("milk", 9), read(11, ["milk"], { context: "e" })];
    const both = [...again, remove("milk", 13, { context: "e" }), read(15, []), read(17, ["milk"])];
    assert.deepEqual(found(judge(both)), [["resurrected delete", [0, 12, 14, 16]]]);
    assert.deepEqual(
      judge([...again, remove("milk", 13, { type: "info", context: "e" }), read(15, []), read(17, ["milk"])])
        .word,
      "valid",
    );
    assert.equal(
      judge([...again, remove("milk", 13, { context: "?" }), read(15, []), read(17, ["milk"])]).word,
      "valid",
    );
  });

  it("take the remove whose effect came first, of the item or of all, in whichever order they were asked for", () => {
    const gone = (from: number): Deed => ({ f: "delete", from, to: from + 0.4, context: "c" });
    const start = removed.slice(0, 2);
    const back = [read(9, []), read(11, ["milk"])];
    const removing = remove("milk", 6, { to: 6.4 });
    assert.deepEqual(found(judge([...start, gone(5), removing, ...back])), [
      ["resurrected delete", [0, 4, 8, 10]],
    ]);
    assert.deepEqual(found(judge([...start, removing, gone(7), ...back])), [
      ["resurrected delete", [0, 4, 8, 10]],
    ]);
    const slow = remove("milk", 5, { to: 8 });
    assert.deepEqual(found(judge([...start, slow, removing, ...back])), [
      ["resurrected delete", [0, 5, 8, 10]],
    ]);
    assert.deepEqual(found(judge([...start, removing, remove("milk", 7), ...back])), [
      ["resurrected delete", [0, 4, 8, 10]],
    ]);
    // Contexts are compared by when their reads began, not by when the removes did.
    const older = read(0.2, [], { to: 0.6, context: "old" });
    const early = remove("milk", 4.2, { to: 4.6, context: "old" });
    assert.deepEqual(found(judge([older, ...start, removing, early, ...back])), [
      ["resurrected delete", [2, 8, 10, 12]],
    ]);
    assert.equal(judge([older, ...start, early, ...back]).word, "valid");
    const late = remove("milk", 7.2, { to: 7.6, context: "old" });
    assert.deepEqual(found(judge([older, ...start, removing, late, ...back])), [
      ["resurrected delete", [2, 6, 10, 12]],
    ]);
  });

  it("are named once each", () => {
    const two = [add("eggs", 0.2, { to: 0.4 }), ...removed, remove("eggs", 6.2, { to: 6.4 })];
    const back = [read(7, []), read(9, ["eggs", "milk"]), read(11, ["eggs", "milk"])];
    assert.deepEqual(found(judge([...two, ...back])), [
      ["resurrected delete", [0, 8, 10, 12]],
      ["resurrected delete", [2, 6, 10, 12]],
    ]);
  });

  it("are no proof unless all quorums are strict", () => {
    const back = [...removed, read(7, []), read(9, ["milk"])];
    const headers: readonly HistoryHeader[] = [
      {},
      { keyspaces: [{ name: "other", n: 3, w: 2, r: 2 }] },
      { keyspaces: [{ name: "", n: 3, w: 1, r: 2 }] },
      { keyspaces: [{ name: "", w: 2, r: 2 }] },
      { keyspaces: [{ name: "", n: 3, w: 2 }] },
      { keyspaces: [{ name: "", n: 3, r: 2 }] },
      { keyspaces: [{ name: "", n: 3, w: 2, r: 2, sloppy: true }] },
    ];
    for (const header of headers) assert.deepEqual(judge(back, header), atRest);
    assert.deepEqual(judge([...removed, read(7, [], { r: 1 }), read(9, ["milk"])]), atRest);
    assert.deepEqual(judge([...removed.slice(0, 2), remove("milk", 5, { w: 1 }), ...back.slice(3)]), atRest);
    assert.deepEqual(judge([add("milk", 1, { w: 1 }), ...back.slice(1)]), atRest);
    const gone: Deed = { f: "delete", from: 5, to: 6, context: "c", w: 1 };
    assert.deepEqual(judge([...removed.slice(0, 2), gone, ...back.slice(3)]), atRest);
    const strictByRequest = back.map((deed) => (deed.f === "read" ? { ...deed, r: 2 } : { ...deed, w: 2 }));
    assert.equal(judge(strictByRequest, { keyspaces: [{ name: "", n: 3, w: 1, r: 1 }] }).word, "invalid");
    assert.equal(judge(strictByRequest, { keyspaces: [{ name: "", n: 3 }] }).word, "invalid");
  });

  it("leave reads at rest to what is asked of them", () => {
    const verdict = judge([...removed, read(7, []), read(91, ["milk"])]);
    assert.deepEqual(found(verdict), [["resurrected delete", [0, 4, 9]]]);
    assert.deepEqual(judge([add("milk", 1), read(3, ["milk"])]), atRest);
    assert.deepEqual(judge([...removed, read(7, []), read(91, [])]), { word: "valid", checked: 2 });
  });
});
