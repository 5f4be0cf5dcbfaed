import assert from "node:assert/strict";
import type { HistoryCheck } from "../../checkers/check-history.ts";
import { checkHistory } from "../../checkers/check-history.ts";
import type { History } from "../history/history.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import type { Anomaly, Measure, UndecidedWindow } from "../history/verdict.ts";
import { checkLines } from "./check-text.ts";

/** One write that was acknowledged for each key. */
function writes(...keys: readonly string[]): History {
  const recorder = new HistoryRecorder({});
  keys.forEach((key, at) => {
    const row = recorder.invoke(1_000_000 * at, { process: 0, f: "write", key, value: at });
    recorder.complete(row, 1_000_000 * at + 500_000, { type: "ok" });
  });
  return recorder.finish();
}

const found: HistoryCheck = {
  word: "unknown",
  because: null,
  model: "register",
  modelBecause: null,
  operations: 3,
  verdicts: [],
  anomalies: [],
};

function told(
  check: Partial<HistoryCheck>,
  history: History = writes("a", "b", "c"),
  columns = 80,
): string[] {
  return checkLines("x.edn", { history, format: "edn", notes: [] }, { ...found, ...check }, columns);
}

describe("what a check found, for people", () => {
  it("is a line or two where all is well", () => {
    const history = writes("a", "b");
    const read = { history, format: "jsonl", notes: ["a note"] } as const;
    assert.deepEqual(checkLines("h.jsonl", read, checkHistory(history, "kv"), 80), [
      "h.jsonl: unknown as kv, 2 operations: the history has write, and the model kv\n  has only get, put, append: judge it by the model register",
      "  JSON lines: 2 ok, 0 failed, 0 unknown; 2 keys, 1 process over 1.5 ms",
      "  judged by history-sanity (valid)",
      "  note: a note",
    ]);
  });

  it("says which keys are undecided, and that the others are fine", () => {
    const window = (key: string, keyspace = ""): UndecidedWindow => ({
      key,
      keyspace,
      from: 10,
      to: 1060,
      operations: 51,
    });
    const undecided = (...windows: readonly UndecidedWindow[]): string[] =>
      told({
        verdicts: [
          { checker: "linearizability", verdict: { word: "unknown", because: "spent", undecided: windows } },
        ],
      }).slice(2, -1);
    assert.deepEqual(undecided(), []);
    assert.deepEqual(undecided(window("a")), [
      "  undecided (linearizability): key a, 51 operations from event 10 to 1,060; the\n    other 2 keys are fine",
    ]);
    assert.deepEqual(undecided(window("a"), window("b", "shop"), window("b", "shop")), [
      "  undecided (linearizability): key a, 51 operations from event 10 to 1,060; key\n" +
        "    shop/b, 51 operations from event 10 to 1,060; key shop/b, 51 operations from\n" +
        "    event 10 to 1,060; the other key is fine",
    ]);
    const [many = ""] = undecided(...["a", "b", "c", "d", "e", "", "g"].map((key) => window(key)));
    assert.match(many, /; and 2 more$/);
    assert.match(undecided(window(""))[0] ?? "", /^ {2}undecided \(linearizability\): the register, 51/);
  });

  it("lists ten anomalies with their keys, and counts the rest", () => {
    const anomaly = (key: string, keyspace = ""): Anomaly => ({
      kind: "stale read",
      says: "so",
      evidence: [1],
      keyspace,
      key,
    });
    assert.deepEqual(
      told({ word: "invalid", anomalies: [anomaly("a"), anomaly("b", "shop"), anomaly("")] }).slice(2, -1),
      [
        "  found: 3 stale reads",
        "  - stale read (a): so",
        "  - stale read (shop/b): so",
        "  - stale read: so",
      ],
    );
    const lines = told({ word: "invalid", anomalies: Array.from({ length: 12 }, () => anomaly("a")) });
    assert.deepEqual(lines.slice(12, -1), [
      "  - stale read (a): so",
      "  - and 2 more: --json lists them, --html FILE draws them",
    ]);
    assert.equal(told({ anomalies: Array.from({ length: 10 }, () => anomaly("a")) }).length, 14);
  });

  it("gives measures by name, each with what it is of, how sure it is, and what it rests on", () => {
    const measures: Measure[] = [
      { name: "stale reads", value: 0.0312, unit: "ratio", low: 0.01, high: 0.05, samples: 1200 },
      { name: "time to recover", of: "fault 1", value: 1_500_000_000, unit: "ns" },
      { name: "time to recover", of: "fault 2", value: 2_000_000, unit: "ns", samples: 3 },
      { name: "lost", value: 12_345, unit: "count" },
      ...Array.from({ length: 12 }, (_, at) => ({
        name: "each",
        of: `n${at}`,
        value: at,
        unit: "count" as const,
      })),
    ];
    const verdicts = [{ checker: "staleness", verdict: { word: "valid", checked: 3, measures } }] as const;
    assert.deepEqual(told({ verdicts }).slice(2), [
      "  stale reads: 3.12% (1% to 5%, of 1,200)",
      "  time to recover: fault 1: 1.5 s; fault 2: 2 ms (of 3)",
      "  lost: 12,345",
      "  each: n0: 0; n1: 1; n2: 2; n3: 3; n4: 4; n5: 5; n6: 6; n7: 7; n8: 8; n9: 9;\n    and 2 more",
      "  judged by staleness (valid)",
    ]);
  });

  it("says who judged, why as that, and what nobody judged", () => {
    const verdicts = [
      { checker: "regular", verdict: { word: "unknown", because: "spent" } },
      { checker: "sessions", verdict: { word: "notChecked", because: "no sessions" } },
      { checker: "deletes", verdict: { word: "notChecked", because: "the same" } },
    ] as const;
    assert.deepEqual(told({ verdicts, because: "the same", modelBecause: "it writes" }), [
      "x.edn: unknown as register, 3 operations: the same",
      "  Jepsen EDN: 3 ok, 0 failed, 0 unknown; 3 keys, 1 process over 2.5 ms",
      "  judged by regular (unknown); as register, because it writes",
      "  not checked by sessions: no sessions",
    ]);
    assert.deepEqual(told({ model: "none", modelBecause: "no" }).at(-1), "  judged by nobody");
  });

  it("shows nothing that could move a cursor, and no line too long", () => {
    const says = `${"worry ".repeat(40)}\u001b[2J\u009b\u202e`;
    const kind = "stale read";
    const lines = told(
      { anomalies: [{ kind, says, evidence: [], keyspace: "", key: "\u0007".repeat(90) }] },
      writes("a"),
      60,
    );
    const text = lines.join("\n");
    assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
    assert.match(text, /\\u001b\[2J\\u009b\\u202e/);
    for (const line of text.split("\n")) assert.ok(line.length <= 60 || !line.trim().includes(" "), line);
  });
});
