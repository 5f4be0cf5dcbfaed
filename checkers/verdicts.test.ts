import assert from "node:assert/strict";
import type { Anomaly, Measure, Verdict } from "../harness/history/verdict.ts";
import { historyOf } from "./history-of.test-support.ts";
import { read, write } from "./register/deeds.test-support.ts";
import {
  anomalyOf,
  answeredOf,
  combineVerdicts,
  keyPath,
  tasksByKey,
  unfitForRegister,
  verdictOf,
} from "./verdicts.ts";

const anomaly = (...evidence: readonly number[]): Anomaly => ({
  kind: "stale read",
  says: `of ${evidence.join()}`,
  evidence,
  keyspace: "",
  key: "x",
});
const valid = (checked: number): Verdict => ({ word: "valid", checked });
const unknown = (because: string): Verdict => ({ word: "unknown", because });
const notChecked = (because: string): Verdict => ({ word: "notChecked", because });
const measure = (name: string): Measure => ({ name, value: 1, unit: "count" });

describe("verdicts together", () => {
  it("are invalid where one is, with all anomalies in the order of their evidence", () => {
    const found = [anomaly(3, 9), anomaly(1, 8), anomaly(3, 4), anomaly(3), anomaly(1, 8, 9)];
    const [first, ...rest] = found;
    assert.ok(first !== undefined);
    const partials: Verdict[] = [valid(3), { word: "invalid", anomalies: [first, ...rest.slice(0, 2)] }];
    const combined = combineVerdicts([...partials, unknown("why"), verdictOf(rest.slice(2), 0)]);
    const [a, b, c, d, e] = found;
    assert.deepEqual(combined, { word: "invalid", anomalies: [b, e, d, c, a] });
  });

  it("list a hundred anomalies, and say how many more there are", () => {
    const many = (count: number): Anomaly[] => Array.from({ length: count }, (_, at) => anomaly(at));
    const listed = combineVerdicts([verdictOf(many(100), 0)]);
    assert.ok(listed.word === "invalid" && listed.anomalies.length === 100);
    assert.equal(listed.anomalies[99]?.says, "of 99");
    const told = combineVerdicts([verdictOf(many(103), 0)]);
    assert.ok(told.word === "invalid" && told.anomalies.length === 100);
    assert.equal(told.anomalies[98]?.says, "of 98");
    assert.equal(told.anomalies[99]?.says, "of 99 (and 3 more anomalies, not listed)");
  });

  it("are unknown where one is, with the reasons and with what is left to decide", () => {
    const window = { keyspace: "", key: "x", from: 1, to: 2, operations: 2 };
    const undecided: Verdict = { word: "unknown", because: "a", undecided: [window] };
    assert.deepEqual(combineVerdicts([valid(1), undecided, unknown("b"), notChecked("c")]), {
      word: "unknown",
      because: "a; b",
      undecided: [window],
    });
    assert.deepEqual(combineVerdicts(["a", "b", "a"].map(unknown)), { word: "unknown", because: "a; b" });
    assert.deepEqual(combineVerdicts(["a", "b", "c", "c"].map(unknown)), unknown("a; b; c"));
    assert.deepEqual(combineVerdicts(["a", "b", "c", "d", "c", "e", "e"].map(unknown)), {
      word: "unknown",
      because: "a; b; c; and 2 more",
    });
  });

  it("are valid by the sum of what was checked, whatever was not", () => {
    assert.deepEqual(combineVerdicts([valid(3), notChecked("why"), valid(4)]), valid(7));
    assert.deepEqual(combineVerdicts([notChecked("a"), notChecked("b")]), notChecked("a; b"));
    assert.deepEqual(combineVerdicts([]), notChecked("no operation in the history"));
  });

  it("carry what was measured along", () => {
    const [one, other] = [measure("one"), measure("other")];
    const partials: Verdict[] = [{ ...valid(1), measures: [one] } as Verdict, valid(2)];
    assert.deepEqual(combineVerdicts(partials), { word: "valid", checked: 3, measures: [one] });
    const wrong: Verdict = { word: "invalid", anomalies: [anomaly(1)], measures: [other] };
    assert.deepEqual(combineVerdicts([...partials, wrong]), {
      word: "invalid",
      anomalies: [anomaly(1)],
      measures: [one, other],
    });
    assert.deepEqual(combineVerdicts([...partials, unknown("why")]), unknown("why"));
  });
});

describe("a verdict of a key", () => {
  const history = historyOf([
    write(1, 0, 1),
    read(1, 2, 3),
    { f: "increment", value: 1, from: 4, to: 5, key: "c" },
    write(1, 6, null, { key: "open" }),
    write(1, 8, 9, { key: "n" }),
    { f: "write", value: null, from: 10, to: 11, key: "n" },
    read(1, 12, 13, { key: "" }),
  ]);

  it("names evidence by index, each once, ascending", () => {
    assert.deepEqual(anomalyOf(history, "lost write", [1, 0, 1], "so"), {
      kind: "lost write",
      says: "so",
      evidence: [0, 2],
      keyspace: "",
      key: "x",
    });
    assert.deepEqual(anomalyOf(history, "lost write", [], "so"), {
      kind: "lost write",
      says: "so",
      evidence: [],
      keyspace: "",
      key: "",
    });
  });

  it("is asked for each key, and only counts answers", () => {
    assert.deepEqual(
      tasksByKey(history),
      [0, 1, 2, 3, 4].map((key) => ({ key })),
    );
    assert.deepEqual(
      [0, 1, 2, 3].map((key) => answeredOf(history, key)),
      [2, 1, 0, 2],
    );
  });

  it("is not given of what is no register, was not answered, or holds null", () => {
    assert.equal(unfitForRegister(history, 0), null);
    assert.deepEqual(unfitForRegister(history, 1), notChecked("c is no register: it has other operations"));
    assert.deepEqual(unfitForRegister(history, 2), notChecked("no operation on open was answered"));
    assert.deepEqual(unfitForRegister(history, 3), {
      word: "invalid",
      anomalies: [
        {
          kind: "broken assumption",
          says: "null was written, which cannot be told from not found",
          evidence: [10 - 1],
          keyspace: "",
          key: "n",
        },
      ],
    });
  });

  it("names a key with its keyspace, and one without a name as the register", () => {
    assert.deepEqual(
      [keyPath(history, 0), keyPath(history, 4), keyPath(history, 9)],
      ["x", "the register", "the register"],
    );
    const spaced = { ...history, keys: [{ keyspace: "s", key: "x" }] };
    assert.equal(keyPath(spaced, 0), "s/x");
  });
});
