import assert from "node:assert/strict";
import type { History } from "../harness/history/history.ts";
import { HistoryRecorder } from "../harness/history/recorder.ts";
import type { HistoryValue } from "../harness/history/values.ts";
import { checkHistory } from "./check-history.ts";
import type { Model } from "./models/model.ts";

/** Gives the numbers from 1 on, each once. */
const tickets: Model<number> = {
  name: "tickets",
  partition: "key",
  initial: 0,
  functions: ["take"],
  step: (last, { result }) => (result === undefined || result === last + 1 ? last + 1 : null),
};

function taken(f: string, ...answers: readonly HistoryValue[]): History {
  const recorder = new HistoryRecorder({});
  answers.forEach((value, at) => {
    const row = recorder.invoke(2 * at, { process: 0, f, key: "desk" });
    recorder.complete(row, 2 * at + 1, { type: "ok", value });
  });
  return recorder.finish();
}

describe("somebody's own model", () => {
  const sanity = { checker: "history-sanity", verdict: { word: "valid", checked: 2 } };
  const asked = { model: "tickets", modelBecause: null, operations: 2 };

  it("decides alone", () => {
    assert.deepEqual(checkHistory(taken("take", 1, 2), tickets as Model), {
      ...asked,
      word: "valid",
      because: null,
      verdicts: [sanity, { checker: "tickets-linearizability", verdict: { word: "valid", checked: 2 } }],
      anomalies: [],
    });
  });

  it("finds what it does not allow", () => {
    const { word, model, anomalies } = checkHistory(taken("take", 2, 1), tickets as Model);
    assert.deepEqual([word, model, anomalies.length], ["invalid", "tickets", 1]);
    assert.equal(anomalies[0]?.kind, "not linearizable");
  });

  it("says nothing of functions that it does not have", () => {
    const because = "desk is no tickets: it has give operations";
    assert.deepEqual(checkHistory(taken("give", 1, 2), tickets as Model), {
      ...asked,
      word: "unknown",
      because,
      verdicts: [sanity, { checker: "tickets-linearizability", verdict: { word: "notChecked", because } }],
      anomalies: [],
    });
  });

  it("is not asked where the history breaks what all take for granted", () => {
    const recorder = new HistoryRecorder({});
    recorder.invoke(0, { process: 0, f: "write", key: "desk", value: null });
    const { word, model, verdicts, anomalies } = checkHistory(recorder.finish(), tickets as Model);
    assert.deepEqual(
      [word, model, verdicts.length, anomalies[0]?.kind],
      ["invalid", "tickets", 1, "broken assumption"],
    );
  });
});
