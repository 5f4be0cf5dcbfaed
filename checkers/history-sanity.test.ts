import assert from "node:assert/strict";
import { check } from "../harness/contracts/checker.ts";
import { historyOf } from "./history-of.test-support.ts";
import { historySanity } from "./history-sanity.ts";

describe("history-sanity", () => {
  it("accepts a process that does one thing after the other", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1, process: 0 },
      { f: "read", value: 1, from: 2, to: 3, process: 0 },
    ]);
    assert.deepEqual(check(historySanity, history), { word: "valid", checked: 2 });
  });

  it("names a process that does two things at a time", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 2, process: 7 },
      { f: "read", value: 1, from: 1, to: 3, process: 7 },
    ]);
    assert.deepEqual(check(historySanity, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "broken assumption",
          says: "p7 read x=1 at 3.000 ms: its process had not ended the operation before",
          evidence: [0, 1],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("names null as a written value", () => {
    const verdict = check(historySanity, historyOf([{ f: "write", value: null, from: 0, to: 1 }]));
    assert.ok(verdict.word === "invalid");
    assert.match(verdict.anomalies[0].says, /null was written/);
  });

  it("names an operation that ended before it began", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1 },
      { f: "read", value: 1, from: 2, to: 3 },
    ]);
    history.endIndex[1] = 1;
    const verdict = check(historySanity, history);
    assert.ok(verdict.word === "invalid");
    assert.match(verdict.anomalies[0].says, /ended before it began/);
  });
});
