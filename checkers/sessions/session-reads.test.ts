import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { monotonicReads } from "./monotonic-reads.ts";
import { readYourWrites } from "./read-your-writes.ts";
import { breach, found, gone, read, write } from "./session-deeds.test-support.ts";

describe("read-your-writes", () => {
  const judge = (...deeds: readonly Deed[]): Verdict => check(readYourWrites, historyOf(deeds));
  const nothingJudged = { word: "notChecked", because: "no session read what it had written" };

  it("is kept by what the session wrote, and by anything that may be newer", () => {
    const mine = write("a", 1, 1);
    assert.deepEqual(judge(mine, read("a", 1, 3)), { word: "valid", checked: 1 });
    assert.deepEqual(judge(mine, write("b", 2, 3), read("a", 2, 5)), { word: "valid", checked: 1 });
    assert.deepEqual(judge(mine, write("b", 2, 0, { to: 1.5 }), read("a", 2, 5)), {
      word: "valid",
      checked: 1,
    });
    assert.deepEqual(judge(mine, write("b", 2, 0, { to: null }), read("a", 2, 5)), {
      word: "valid",
      checked: 1,
    });
    assert.deepEqual(judge(mine, gone("b", 3), read("a", null, 5)), { word: "valid", checked: 1 });
    assert.deepEqual(judge(mine, gone("b", 0, { to: 1.5 }), read("a", null, 5)), {
      word: "valid",
      checked: 1,
    });
  });

  it("is broken by something older, whoever wrote it", () => {
    assert.deepEqual(
      judge(write("b", 1, 1), write("a", 2, 3), read("a", 1, 5)),
      breach(
        "read-your-writes violation",
        "p2 read x=1 at 6.000 ms, but before that, in the same session, p1 wrote x=2 (acknowledged at 4.000 ms), " +
          "which is newer: before it p0 wrote x=1 (acknowledged at 2.000 ms)",
        [0, 2, 4],
      ),
    );
  });

  it("is broken by nothing where nobody had deleted", () => {
    assert.deepEqual(
      judge(write("a", 1, 1), read("a", null, 3)),
      breach(
        "read-your-writes violation",
        "p1 found nothing at x at 4.000 ms, but before that, in the same session, " +
          "p0 wrote x=1 (acknowledged at 2.000 ms), which nobody had deleted since",
        [0, 2],
      ),
    );
    assert.deepEqual(found(judge(gone("b", 1), write("a", 1, 3), read("a", null, 5))), [[0, 2, 4]]);
    // A delete that began only when the read had ended explains nothing; the last of two to end does.
    assert.deepEqual(found(judge(write("a", 1, 1), read("a", null, 3), gone("b", 5))), [[0, 2]]);
    const late = gone("b", 0, { to: 1.5 });
    assert.equal(
      judge(late, gone("c", 0.2, { to: 0.4 }), write("a", 1, 1), read("a", null, 3)).word,
      "valid",
    );
  });

  it("is broken where a session's own delete is undone", () => {
    assert.deepEqual(found(judge(write("b", 1, 1), gone("a", 3), read("a", 1, 5))), [[0, 2, 4]]);
  });

  it("holds within a session, which may have several processes, and no further", () => {
    assert.deepEqual(judge(write("a", 1, 1), read("b", null, 3)), nothingJudged);
    const byProcess = { process: 7 };
    const alone = (deed: Deed): Deed => {
      const { session: _, ...rest } = deed;
      return { ...rest, ...byProcess };
    };
    assert.deepEqual(found(judge(alone(write("", 1, 1)), alone(read("", null, 3)))), [[0, 2]]);
    // A process of that number is not the session of that number.
    assert.deepEqual(judge(alone(write("", 1, 1)), read("a", null, 3), read("b", null, 5)), nothingJudged);
  });

  it("asks for nothing before a write is acknowledged, nor where it was not", () => {
    for (const type of ["info", "fail"] as const) {
      assert.deepEqual(judge(write("a", 1, 1, { type }), read("a", null, 3)), nothingJudged);
    }
    assert.deepEqual(judge(write("a", 1, 1, { to: 4 }), read("a", null, 3, { to: 5 })), nothingJudged);
    assert.deepEqual(judge(write("a", 1, 1), read("a", null, 3, { type: "info" })), nothingJudged);
  });

  it("goes by the own write that began last, and says so once a read", () => {
    const early = write("a", 1, 1);
    const late = write("a", 2, 3);
    assert.deepEqual(found(judge(early, late, read("a", 1, 5), read("a", 1, 7))), [
      [0, 2, 4],
      [0, 2, 6],
    ]);
    // The one that began first ends last.
    const long = write("a", 1, 1, { to: 6 });
    assert.deepEqual(found(judge(long, write("b", 3, 1.2, { to: 1.4 }), late, read("a", 3, 7))), [[1, 3, 6]]);
  });

  it("takes a value that several wrote for the one of them that ended last", () => {
    const twice = [write("b", 1, 1), write("c", 1, 0, { to: 3.5 })];
    assert.equal(judge(...twice, write("a", 2, 3), read("a", 1, 5)).word, "valid");
    const before = [write("b", 1, 1), write("c", 1, 0, { to: 2.5 }), write("d", 1, 1.5, { to: 2.2 })];
    assert.deepEqual(found(judge(...before, write("a", 2, 3), read("a", 1, 5))), [[0, 6, 8]]);
  });

  it("counts a compare-and-set as a write of what it set", () => {
    const cas: Deed = { f: "cas", value: [1, 2], from: 3, to: 4, session: "a" };
    assert.deepEqual(found(judge(write("b", 1, 1), cas, read("a", 1, 5))), [[0, 2, 4]]);
    assert.deepEqual(judge(write("b", 1, 1), { ...cas, type: "fail" }, read("a", 1, 5)), nothingJudged);
  });

  it("says what it is called, and what it assumes", () => {
    const { name, assumes } = readYourWrites;
    const expected = ["null is never written", "a write that ended before another began is older"];
    assert.deepEqual({ name, assumes }, { name: "read-your-writes", assumes: expected });
  });

  it("tells processes without a session apart, and from sessions", () => {
    const alone = { process: 7 };
    const by = (deed: Deed, process: number): Deed => {
      const { session: _, ...rest } = deed;
      return { ...rest, process };
    };
    assert.deepEqual(judge(by(write("", 1, 1), 7), by(read("", null, 3), 8)), nothingJudged);
    // The second of two processes is as many from the last session as the second session is from the first.
    const sessions = [read("a", null, 1, alone), by(write("", 1, 3), 8), read("b", null, 5, { process: 9 })];
    assert.deepEqual(judge(...sessions), nothingJudged);
  });

  it("leaves values that nobody wrote to others", () => {
    assert.deepEqual(judge(write("a", 1, 1), read("a", 9, 3)), { word: "valid", checked: 1 });
  });

  it("says what it can't judge", () => {
    const causal = {
      word: "notChecked",
      because: "causal contexts, not one order, decide what replaces what at x",
    };
    assert.deepEqual(judge(write("a", 1, 1, { context: "c" }), read("a", null, 3)), causal);
    assert.deepEqual(judge(write("a", 1, 1), read("a", 2, 3, { siblings: [2, 3] })), causal);
    const single = judge(write("a", 1, 1), read("a", 1, 3, { siblings: [1], context: "c" }));
    assert.deepEqual(single, { word: "valid", checked: 1 });
    assert.deepEqual(judge(write("a", 1, 1, { w: 2 }), read("a", 1, 3)), { word: "valid", checked: 1 });
    assert.deepEqual(judge({ f: "add", value: 1, from: 1, to: 2, context: "c" }), {
      word: "notChecked",
      because: "x is no register: it has other operations",
    });
  });
});

describe("monotonic-reads", () => {
  const judge = (...deeds: readonly Deed[]): Verdict => check(monotonicReads, historyOf(deeds));
  const old = write("w", 1, 1);
  const young = write("w", 2, 3);

  it("are kept by the same, by newer values, and by such as may be newer", () => {
    assert.deepEqual(judge(old, young, read("a", 1, 5), read("a", 1, 7), read("a", 2, 9)), {
      word: "valid",
      checked: 2,
    });
    assert.deepEqual(judge(write("w", 1, 1, { to: 3.5 }), young, read("a", 2, 5), read("a", 1, 7)), {
      word: "valid",
      checked: 1,
    });
  });

  it("are broken by a value that is older than one read before", () => {
    assert.deepEqual(
      judge(old, young, read("a", 2, 5), read("a", 1, 7)),
      breach(
        "monotonic-reads violation",
        "p3 read x=1 at 8.000 ms, but before that, in the same session, p2 read x=2 at 6.000 ms, " +
          "which is newer: p0 wrote x=1 (acknowledged at 2.000 ms), and after that p1 wrote x=2 (acknowledged at 4.000 ms)",
        [0, 2, 4, 6],
      ),
    );
  });

  it("are broken by nothing after something, where nobody had deleted", () => {
    assert.deepEqual(
      judge(old, read("a", 1, 3), read("a", null, 5)),
      breach(
        "monotonic-reads violation",
        "p2 found nothing at x at 6.000 ms, but before that, in the same session, p1 read x=1 at 4.000 ms, " +
          "which nobody had deleted since",
        [0, 2, 4],
      ),
    );
    assert.equal(judge(old, read("a", 1, 3), gone("b", 4.5, { to: 9 }), read("a", null, 5)).word, "valid");
  });

  it("are broken by a value that comes back, whatever the order of the writes is", () => {
    const long = { to: 20 };
    assert.deepEqual(
      judge(
        write("w", 1, 1, long),
        write("v", 2, 2, long),
        read("a", 1, 5),
        read("a", 2, 7),
        read("a", 1, 9),
      ),
      breach(
        "monotonic-reads violation",
        "p4 read x=1 at 10.000 ms, as before in the same session (p2 read x=1 at 6.000 ms), " +
          "though in between p3 read x=2 at 8.000 ms, and it was written only once",
        [0, 2, 4, 6],
      ),
    );
    const reads = (...values: (number | null)[]): Deed[] =>
      values.map((value, at) => read("a", value, 5 + 2 * at));
    const open = write("w", 1, 1, { to: null });
    assert.deepEqual(found(judge(open, gone("v", 2, { to: null }), ...reads(1, null, 1))), [[0, 2, 4, 6]]);
    // Nothing may come back: there was nothing at first, and then it was deleted.
    assert.equal(judge(open, gone("v", 2, { to: null }), ...reads(null, 1, null)).word, "valid");
    // A value that was written twice may.
    const again = write("u", 1, 3, { to: null });
    assert.equal(judge(open, write("v", 2, 2, long), again, ...reads(1, 2, 1)).word, "valid");
  });

  it("go by the newest value seen, and by the order in which the session read", () => {
    const three = [old, young, write("w", 3, 5)];
    assert.deepEqual(found(judge(...three, read("a", 3, 7), read("a", 1, 9), read("a", 2, 11))), [
      [0, 4, 6, 8],
      [2, 4, 6, 10],
    ]);
    // A read that ran beside the other proves nothing, nor does one of another session.
    assert.equal(judge(old, young, read("a", 2, 5, { to: 8.5 }), read("a", 1, 7)).word, "notChecked");
    assert.equal(judge(old, young, read("a", 2, 5), read("b", 1, 7)).word, "notChecked");
    const beside = [write("w", 1, 1, { to: 30 }), write("v", 2, 2, { to: 30 })];
    assert.equal(
      judge(...beside, read("a", 1, 5), read("a", 2, 7), read("a", 1, 7.5, { to: 9 })).word,
      "valid",
    );
    assert.equal(
      judge(...beside, read("a", 1, 5), read("a", 2, 5.5, { to: 8 }), read("a", 1, 9)).word,
      "valid",
    );
  });

  it("say what they are called, and what they assume", () => {
    const { name, assumes } = monotonicReads;
    const expected = ["null is never written", "a write that ended before another began is older"];
    assert.deepEqual({ name, assumes }, { name: "monotonic-reads", assumes: expected });
  });

  it("name the first read that showed the newest value", () => {
    const reads = [read("a", 2, 5), read("a", 2, 7), read("a", 1, 9)];
    assert.deepEqual(found(judge(old, young, ...reads)), [[0, 2, 4, 8]]);
  });

  it("keep to the newest value when something that began before it is read", () => {
    const writes = [write("v", 2, 5, { to: 20 }), write("w", 1, 6), write("u", 3, 10)];
    const reads = [read("a", 3, 21), read("a", 2, 23), read("a", 1, 25)];
    assert.deepEqual(found(judge(...writes, ...reads)), [[1, 3, 6, 10]]);
  });

  it("take nothing for news where nothing was seen", () => {
    const open = write("w", 1, 1, { to: null });
    assert.deepEqual(judge(open, read("b", null, 3), read("a", null, 5), read("a", null, 7)), {
      word: "valid",
      checked: 1,
    });
  });

  it("leave values that nobody wrote to others", () => {
    assert.equal(judge(old, read("a", 9, 3), read("a", 1, 5), read("a", 9, 7)).word, "valid");
  });

  it("take a value that several wrote for the one of them that ended last, and not for news", () => {
    const twice = [write("b", 2, 3), write("c", 2, 4.5)];
    assert.equal(judge(old, ...twice, read("a", 2, 7), read("a", 1, 9)).word, "valid");
    assert.deepEqual(
      found(judge(old, write("c", 1, 1.5, { to: 2.5 }), young, read("a", 2, 7), read("a", 1, 9))),
      [[2, 4, 6, 8].map((index) => index - (index === 2 ? 1 : 0))],
    );
  });

  it("say what they can't judge", () => {
    assert.deepEqual(judge(old, read("a", 1, 3), read("b", 1, 5)), {
      word: "notChecked",
      because: "no session read a key twice",
    });
    assert.deepEqual(judge(old, read("a", 1, 3), read("a", 1, 5, { siblings: [1, 2] })), {
      word: "notChecked",
      because: "causal contexts, not one order, decide what replaces what at x",
    });
  });
});
