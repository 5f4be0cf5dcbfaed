import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import type { Deed, Scene } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { breach, found, gone, read, write } from "./session-deeds.test-support.ts";
import { monotonicWrites, writesFollowReads } from "./session-writes.ts";

describe("monotonic-writes", () => {
  const judge = (deeds: readonly Deed[], scene: Scene = {}): Verdict =>
    check(monotonicWrites, historyOf(deeds, { phases: [{ at: 90, phase: "final" }], ...scene }));
  const atRest = (value: number | null, from = 91): Deed => read("final", value, from);
  const two = [write("a", 1, 1), write("a", 2, 3)];

  it("are kept where the second write is there at rest, or something else", () => {
    assert.deepEqual(judge([...two, atRest(2)]), { word: "valid", checked: 1 });
    assert.deepEqual(judge([...two, write("b", 3, 5), atRest(3)]), { word: "valid", checked: 1 });
    assert.deepEqual(judge([...two, gone("a", 5), atRest(null)]), { word: "valid", checked: 2 });
  });

  it("are broken where the first is there at rest", () => {
    assert.deepEqual(
      judge([...two, write("a", 3, 5), atRest(1)]),
      breach(
        "monotonic-writes violation",
        "in one session p0 wrote x=1 (acknowledged at 2.000 ms), and then p1 wrote x=2 (acknowledged at 4.000 ms), " +
          "but at rest it is as after the first: p3 read x=1 at 92.000 ms",
        [0, 2, 7],
      ),
    );
    assert.deepEqual(found(judge([write("a", 1, 1), gone("a", 3), atRest(1)])), [[0, 2, 5]]);
  });

  it("are broken where nothing is there after a delete and then a write, and nobody deleted since", () => {
    const undone = [gone("a", 1), write("a", 2, 3)];
    assert.deepEqual(found(judge([...undone, atRest(null)])), [[0, 2, 5]]);
    assert.equal(judge([...undone, gone("b", 5), atRest(null)]).word, "valid");
    assert.equal(judge([...undone, gone("b", 5, { to: null }), atRest(null)]).word, "valid");
    assert.equal(judge([gone("a", 1), gone("a", 3), atRest(null)]).word, "valid");
    assert.equal(judge([...two, atRest(null)]).word, "valid");
  });

  it("are of each session by itself, and of acknowledged writes alone", () => {
    const apart = {
      word: "notChecked",
      because: "no session did two things in turn with x that its rest could tell apart",
    };
    assert.deepEqual(judge([write("a", 1, 1), write("b", 2, 3), atRest(1)]), apart);
    assert.deepEqual(judge([write("a", 1, 1, { type: "info" }), write("a", 2, 3), atRest(1)]), apart);
    assert.deepEqual(judge([write("a", 1, 1), write("a", 2, 3, { type: "info" }), atRest(1)]), apart);
    assert.deepEqual(judge([write("a", 1, 1), write("a", 2, 3, { type: "fail" }), atRest(1)]), apart);
    assert.deepEqual(judge([write("a", 1, 1, { to: 3.5 }), write("a", 2, 3), atRest(1)]), apart);
    assert.deepEqual(judge([write("a", 1, 1, { type: "fail" }), write("a", 2, 3), atRest(2)]), apart);
    assert.deepEqual(judge([read("a", null, 1), write("a", 2, 3), atRest(2)]), apart);
    // What ends after the rest began was not at rest.
    assert.deepEqual(judge([write("a", 1, 1), write("a", 2, 3, { to: 90.5 }), atRest(1)]), apart);
    const both = [
      gone("a", 1),
      gone("b", 1.2, { to: 1.4 }),
      write("a", 2, 3),
      write("b", 3, 5),
      atRest(null),
    ];
    assert.deepEqual(found(judge(both)), [
      [0, 4, 9],
      [1, 6, 9],
    ]);
  });

  it("go by the first operation to end where a session's own overlap", () => {
    const beside = [gone("a", 1, { to: 6 }), gone("a", 2), write("a", 2, 4), atRest(null)];
    assert.equal(judge(beside).word, "valid");
    const ended = [gone("a", 1, { to: 3.5 }), gone("a", 2), write("a", 2, 4), atRest(null)];
    assert.deepEqual(found(judge(ended)), [[1, 4, 7]]);
    assert.deepEqual(found(judge([gone("a", 1), gone("a", 3), write("a", 2, 5), atRest(null)])), [[0, 4, 7]]);
  });

  it("say nothing of a value that was written twice", () => {
    assert.equal(judge([...two, write("b", 1, 5), atRest(1)]).word, "valid");
  });

  it("say what they are called, and what they assume", () => {
    const expected = [
      "null is never written",
      "reads come after the rest",
      "a write that ended before another began is older",
    ];
    for (const [{ name, assumes }, title] of [
      [monotonicWrites, "monotonic-writes"],
      [writesFollowReads, "writes-follow-reads"],
    ] as const) {
      assert.deepEqual({ name, assumes }, { name: title, assumes: expected });
    }
  });

  it("need a rest at which all agree", () => {
    assert.deepEqual(judge([...two]), { word: "notChecked", because: "no read of x was answered at rest" });
    const differ = { word: "notChecked", because: "reads or replicas of x differ at rest" };
    assert.deepEqual(judge([...two, atRest(1), atRest(2, 93)]), differ);
    const dumps = (holds: number): Scene["dumps"] => [{ at: 95, node: "n1", holds }];
    assert.deepEqual(judge([...two, atRest(1)], { dumps: dumps(2) ?? [] }), differ);
    assert.deepEqual(found(judge([...two, atRest(1)], { dumps: dumps(1) ?? [] })), [[0, 2, 5]]);
    const mixed = [...(dumps(1) ?? []), { at: 96, node: "n2", holds: 2 }];
    assert.deepEqual(judge([...two, atRest(1)], { dumps: mixed }), differ);
    assert.equal(judge([...two, write("a", 3, 5, { context: "c" }), atRest(1)]).word, "notChecked");
  });
});

describe("writes-follow-reads", () => {
  const judge = (...deeds: readonly Deed[]): Verdict =>
    check(writesFollowReads, historyOf(deeds, { phases: [{ at: 90, phase: "final" }] }));
  const atRest = (value: number | null): Deed => read("final", value, 91);
  const first = write("w", 1, 1);
  const apart = {
    word: "notChecked",
    because: "no session did two things in turn with x that its rest could tell apart",
  };

  it("is kept where what was written after the read is there at rest, or something else", () => {
    const deeds = [first, read("a", 1, 3), write("a", 2, 5)];
    assert.deepEqual(judge(...deeds, atRest(2)), { word: "valid", checked: 1 });
    assert.deepEqual(judge(...deeds, write("b", 3, 7), atRest(3)), { word: "valid", checked: 1 });
    assert.deepEqual(judge(...deeds, gone("b", 7), atRest(null)), { word: "valid", checked: 1 });
  });

  it("is broken where what was read before is there at rest, even if it was still being written", () => {
    assert.deepEqual(
      judge(write("w", 1, 1, { to: 20 }), read("a", 1, 3), write("a", 2, 5), write("a", 3, 7), atRest(1)),
      breach(
        "writes-follow-reads violation",
        "in one session p1 read x=1 at 4.000 ms, and then p2 wrote x=2 (acknowledged at 6.000 ms), " +
          "but at rest it is as after the first: p4 read x=1 at 92.000 ms",
        [0, 1, 3, 9],
      ),
    );
    assert.deepEqual(found(judge(first, read("a", 1, 3), gone("a", 5), atRest(1))), [[0, 2, 4, 7]]);
    assert.equal(
      judge(first, read("a", 1, 3), read("a", 1, 7), write("a", 2, 5, { to: 6 }), atRest(1)).word,
      "invalid",
    );
  });

  it("is of each session by itself, of answered reads and of acknowledged writes", () => {
    assert.deepEqual(judge(first, read("a", 1, 3), write("b", 2, 5), atRest(1)), apart);
    assert.deepEqual(judge(first, read("a", 1, 3, { type: "info" }), write("a", 2, 5), atRest(1)), apart);
    assert.deepEqual(judge(first, read("a", 1, 3), write("a", 2, 5, { type: "info" }), atRest(1)), apart);
    assert.deepEqual(judge(first, read("a", 1, 3, { to: 5.5 }), write("a", 2, 5), atRest(1)), apart);
    assert.deepEqual(judge(first, read("a", null, 3), write("a", 2, 5), atRest(null)), apart);
  });

  it("says nothing of a value that was written twice, or by nobody", () => {
    const read1 = [read("a", 1, 5), write("a", 2, 7), atRest(1)];
    assert.deepEqual(judge(first, write("v", 1, 3), ...read1), { word: "valid", checked: 1 });
    assert.deepEqual(judge(...read1), { word: "valid", checked: 1 });
  });
});
