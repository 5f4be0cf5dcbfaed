import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { acknowledgedPrefix, prefix } from "./prefix.ts";
import { found, gone, read, write } from "./session-deeds.test-support.ts";

const at = (key: string, more: Partial<Deed> = {}): Partial<Deed> => ({ key, ...more });
const judge = (...deeds: readonly Deed[]): Verdict => check(prefix, historyOf(deeds));
const nothingJudged = { word: "notChecked", because: "no session read an answer and then its question" };

/** b reads a question and answers it. */
const asked = write("a", 1, 1, at("q"));
const heard = read("b", 1, 3, at("q"));
const answered = write("b", 2, 5, at("a"));
const exchange = [asked, heard, answered];

describe("prefix", () => {
  it("is kept where the question is there beside its answer, or something that may be newer", () => {
    const readers = [read("c", 2, 7, at("a")), read("c", 1, 9, at("q"))];
    assert.deepEqual(judge(...exchange, ...readers), { word: "valid", checked: 1 });
    const changed = write("d", 3, 0, at("q", { to: 1.5 }));
    assert.deepEqual(judge(changed, ...exchange, read("c", 2, 7, at("a")), read("c", 3, 9, at("q"))), {
      word: "valid",
      checked: 1,
    });
    const deleted = gone("d", 8.2, at("q", { to: 8.4 }));
    assert.equal(
      judge(...exchange, read("c", 2, 7, at("a")), deleted, read("c", null, 9, at("q"))).word,
      "valid",
    );
  });

  it("is broken where the answer is read and then its question is not there", () => {
    assert.deepEqual(judge(...exchange, read("c", 2, 7, at("a")), read("c", null, 9, at("q"))), {
      word: "invalid",
      anomalies: [
        {
          kind: "prefix violation",
          says:
            "p3 read a=2 at 8.000 ms, and then p4 found nothing at q at 10.000 ms, but what it answers was there first: " +
            "in one session p1 read q=1 at 4.000 ms, and then p2 wrote a=2 (acknowledged at 6.000 ms)",
          evidence: [0, 2, 4, 6, 8],
          keyspace: "",
          key: "q",
        },
      ],
    });
  });

  it("is broken by a value that is older than the question, and by questions that the answerer wrote or deleted", () => {
    const before = write("d", 9, 0, at("q", { to: 0.5 }));
    const readers = (value: number | null): Deed[] => [
      read("c", 2, 7, at("a")),
      read("c", value, 9, at("q")),
    ];
    assert.deepEqual(found(judge(before, ...exchange, ...readers(9))), [[0, 2, 4, 6, 8, 10]]);
    assert.deepEqual(found(judge(write("b", 1, 1, at("q")), answered, ...readers(null))), [[0, 2, 4, 6]]);
    assert.deepEqual(found(judge(before, gone("b", 1, at("q")), answered, ...readers(9))), [[0, 2, 4, 6, 8]]);
    const cas: Deed = { f: "cas", value: [9, 1], from: 1, to: 2, key: "q", session: "b" };
    assert.deepEqual(found(judge(before, cas, answered, ...readers(9))), [[0, 2, 4, 6, 8]]);
  });

  it("knows an answer of unknown outcome by its being read", () => {
    const open = write("b", 2, 5, at("a", { to: null }));
    assert.equal(
      judge(asked, heard, open, read("c", 2, 7, at("a")), read("c", null, 9, at("q"))).word,
      "invalid",
    );
  });

  it("asks for nothing that the answerer cannot have known", () => {
    const readers = [read("c", 2, 7, at("a")), read("c", null, 9, at("q"))];
    const cases: readonly (readonly Deed[])[] = [
      // It heard of the question only after it had begun to answer, or never.
      [asked, read("b", 1, 3, at("q", { to: 5.5 })), answered],
      [asked, read("b", 1, 3, at("q", { type: "info" })), answered],
      [asked, read("d", 1, 3, at("q")), answered],
      [write("b", 1, 1, at("q", { type: "info" })), answered],
      [write("b", 1, 1, at("q", { type: "fail" })), answered],
      [asked, read("b", null, 3, at("q")), answered],
      // Nobody, or more than one, wrote what it read.
      [read("b", 1, 3, at("q")), answered],
      [asked, write("d", 1, 1.2, at("q", { to: 1.4 })), heard, answered],
      [asked, heard, answered, write("d", 2, 6.2, at("a", { to: 6.4 }))],
    ];
    for (const deeds of cases) assert.deepEqual(judge(...deeds, ...readers), nothingJudged);
  });

  it("asks for nothing of a session that has not read the answer, or that wrote it", () => {
    const question = read("c", null, 9, at("q"));
    assert.deepEqual(judge(...exchange, question), nothingJudged);
    assert.deepEqual(judge(...exchange, read("d", 2, 7, at("a")), question), nothingJudged);
    assert.deepEqual(judge(...exchange, question, read("c", 2, 11, at("a"))), nothingJudged);
    assert.deepEqual(judge(...exchange, read("c", 2, 7, at("a", { to: 9.5 })), question), nothingJudged);
    assert.deepEqual(
      judge(...exchange, read("b", 2, 7, at("a")), read("b", null, 9, at("q"))),
      nothingJudged,
    );
    assert.deepEqual(
      judge(...exchange, read("c", 2, 7, at("a")), read("c", null, 9, at("q", { type: "info" }))),
      nothingJudged,
    );
  });

  it("takes the newest that the answerer knew, by the last answer that was read", () => {
    const questions = [asked, write("a", 3, 3, at("q")), read("b", 1, 3.5, at("q", { to: 3.6 }))];
    const more = [read("b", 3, 5, at("q")), read("b", 1, 7, at("q"))];
    const first = write("b", 2, 4.2, at("a", { to: 4.4 }));
    const second = write("b", 4, 9, at("a"));
    const one = read("c", 1, 20, at("q"));
    // After the first answer, the first question is enough.
    assert.equal(judge(...questions, ...more, first, second, read("c", 2, 15, at("a")), one).word, "valid");
    assert.deepEqual(found(judge(...questions, ...more, first, second, read("c", 4, 15, at("a")), one)), [
      [0, 2, 8, 12, 14, 16],
    ]);
    const both = [read("c", 4, 13, at("a")), read("c", 2, 15, at("a"))];
    assert.deepEqual(found(judge(...questions, ...more, first, second, ...both, one)), [
      [0, 2, 8, 12, 14, 18],
    ]);
  });

  it("takes the newest that the answerer knew, though it read older ones after that", () => {
    const questions = [1, 2, 3].map((value) =>
      write("a", value, value / 5, at("q", { to: value / 5 + 0.1 })),
    );
    const heardOf = [3, 1, 2].map((value, place) =>
      read("b", value, 1 + place, at("q", { to: 1.5 + place })),
    );
    const readers = [read("c", 2, 7, at("a")), read("c", 2, 9, at("q"))];
    assert.deepEqual(found(judge(...questions, ...heardOf, answered, ...readers)), [[2, 4, 6, 12, 14, 16]]);
  });

  it("does not take a key for its own question", () => {
    const again = write("b", 3, 7, at("q"));
    const readers = [read("c", 2, 9, at("a")), read("c", 3, 11, at("q")), read("c", null, 13, at("q"))];
    // The last answer read is the second question itself; the one before is at another key.
    assert.deepEqual(found(judge(...exchange, again, ...readers)), [[0, 2, 4, 8, 12]]);
    assert.deepEqual(judge(asked, heard, again, ...readers.slice(1)), nothingJudged);
  });

  it("keeps keyspaces apart", () => {
    const recorder = new HistoryRecorder({});
    const act = (
      time: number,
      keyspace: string,
      key: string,
      session: string,
      value: number | null,
    ): void => {
      const f = session === "b" ? "write" : "read";
      const row = recorder.invoke(time, {
        process: session,
        session,
        f,
        keyspace,
        key,
        value: f === "read" ? null : value,
      });
      recorder.complete(row, time + 1, { type: "ok", value });
    };
    act(0, "one", "q", "b", 1);
    act(2, "two", "a", "b", 2);
    act(4, "two", "a", "c", 2);
    act(6, "one", "q", "c", null);
    assert.deepEqual(check(prefix, recorder.finish()), nothingJudged);
  });

  it("finds each read that is wrong, of all who know", () => {
    const third = [read("e", 1, 3.2, at("q", { to: 3.4 })), write("e", 5, 5.2, at("b", { to: 5.4 }))];
    const readers = [
      read("c", 2, 7, at("a")),
      read("c", 5, 9, at("b")),
      read("c", null, 11, at("q")),
      read("c", null, 13, at("q")),
    ];
    assert.deepEqual(found(judge(...exchange, ...third, ...readers)), [
      [0, 2, 6, 10, 14],
      [0, 2, 6, 10, 16],
    ]);
    const other = [read("c", 5, 9, at("b")), read("c", null, 11, at("q"))];
    assert.deepEqual(found(judge(...exchange, ...third, ...other)), [[0, 3, 7, 10, 12]]);
  });

  it("says what it is called, and what it assumes, and takes the history as a whole", () => {
    const expected = ["null is never written", "a write that ended before another began is older"];
    for (const [checker, title] of [
      [prefix, "prefix"],
      [acknowledgedPrefix, "acknowledged-prefix"],
    ] as const) {
      const { name, assumes } = checker;
      assert.deepEqual({ name, assumes }, { name: title, assumes: expected });
      assert.deepEqual(checker.tasks(historyOf(exchange)), [{ key: -1 }]);
    }
  });

  it("names the first read by which the answerer knew, and what it knew first however it heard of it", () => {
    const again = read("b", 1, 4.2, at("q", { to: 4.4 }));
    const readers = [read("c", 2, 7, at("a")), read("c", null, 9, at("q"))];
    assert.deepEqual(found(judge(asked, heard, again, answered, ...readers)), [[0, 2, 6, 8, 10]]);
    // Its later read ended first.
    const long = read("b", 1, 3, at("q", { to: 4.6 }));
    assert.deepEqual(found(judge(asked, long, again, answered, ...readers)), [[0, 3, 6, 8, 10]]);
  });

  it("says what it can't judge, and judges the keys that it can", () => {
    assert.deepEqual(judge(), nothingJudged);
    const item: Deed = { f: "add", value: 1, from: 20, to: 21, key: "set" };
    assert.deepEqual(judge(item), {
      word: "notChecked",
      because: "set is no register: it has other operations",
    });
    const readers = [read("c", 2, 7, at("a")), read("c", null, 9, at("q"))];
    assert.deepEqual(found(judge(...exchange, ...readers, item, read("c", 1, 22, at("set")))), [
      [0, 2, 4, 6, 8],
    ]);
    assert.deepEqual(
      judge(...exchange, ...readers, write("d", 7, 20, at("q", { context: "c" }))),
      nothingJudged,
    );
    const empty: Deed = { f: "write", value: null, from: 20, to: 21, key: "z" };
    assert.deepEqual(judge(...exchange, ...readers, empty), {
      word: "invalid",
      anomalies: [
        {
          kind: "broken assumption",
          says: "null was written, which cannot be told from not found",
          evidence: [10],
          keyspace: "",
          key: "z",
        },
      ],
    });
  });
});

describe("acknowledged-prefix", () => {
  const judgeAcknowledged = (...deeds: readonly Deed[]): Verdict =>
    check(acknowledgedPrefix, historyOf(deeds));
  const readers = [read("c", 2, 7, at("a")), read("c", null, 9, at("q"))];

  it("is broken as prefix is where the question was acknowledged before the answer began", () => {
    assert.deepEqual(found(judgeAcknowledged(...exchange, ...readers)), [[0, 2, 4, 6, 8]]);
    assert.deepEqual(
      found(judgeAcknowledged(write("a", 1, 1, at("q", { to: 4.5 })), heard, answered, ...readers)),
      [[0, 1, 4, 6, 8]],
    );
  });

  it("asks for nothing where it was not", () => {
    for (const to of [5.5, null]) {
      const open = write("a", 1, 1, at("q", { to }));
      assert.equal(judge(open, heard, answered, ...readers).word, "invalid");
      assert.deepEqual(judgeAcknowledged(open, heard, answered, ...readers), nothingJudged);
    }
  });

  it("goes by what was acknowledged, even if something newer was known that was not", () => {
    const open = write("d", 8, 2.5, at("q", { to: 30 }));
    const newer = read("b", 8, 3.2, at("q", { to: 3.4 }));
    const later = read("b", 1, 4.2, at("q", { to: 4.4 }));
    assert.deepEqual(found(judgeAcknowledged(asked, open, newer, later, answered, ...readers)), [
      [0, 5, 7, 9, 11],
    ]);
  });
});
