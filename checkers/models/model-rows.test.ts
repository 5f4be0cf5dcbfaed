import assert from "node:assert/strict";
import type { Call } from "./calls.test-support.ts";
import { callsOf, inTurn } from "./calls.test-support.ts";
import { modelOperation, objectsOf } from "./model-rows.ts";
import { multiRegisterModel } from "./multi-register-model.ts";
import { queueModel } from "./queue-model.ts";
import { casRegisterModel } from "./register-model.ts";

describe("an operation as a model sees it", () => {
  const history = callsOf([
    { f: "cas", value: [1, 2], from: 0, to: 1 },
    { f: "cas", value: [1, 2], from: 2, to: 3, type: "fail" },
    { f: "cas", value: [1, 2], from: 4, to: 5, type: "fail", error: "down" },
    { f: "read", result: 7, from: 6, to: 7 },
    { f: "write", value: 7, from: 8, to: 9, type: "fail" },
  ]);
  const cas = { f: "cas", key: "x", value: [1, 2] };

  it("has what was asked and what came back", () => {
    const heard = [0, 1, 2, 3, 4].map((row) => modelOperation(history, casRegisterModel, row, false));
    assert.deepEqual(heard, [
      { ...cas, result: null, outcome: "ok" },
      { ...cas, result: null, outcome: "fail" },
      null,
      { f: "read", key: "x", value: null, result: 7, outcome: "ok" },
      null,
    ]);
    assert.equal(modelOperation(history, queueModel, 1, false), null);
  });

  it("has no outcome where it is taken as unknown, and is no operation where it failed for certain", () => {
    const unheard = [0, 1, 2, 3, 4].map((row) => modelOperation(history, casRegisterModel, row, true));
    const unknown = { ...cas, result: undefined, outcome: "unknown" };
    const read = { f: "read", key: "x", value: null, result: undefined, outcome: "unknown" };
    assert.deepEqual(unheard, [unknown, unknown, null, read, null]);
  });
});

describe("the objects of a history", () => {
  it("are its keys, or its keyspaces by their first keys", () => {
    const where: readonly Pick<Call, "keyspace" | "key">[] = [
      { key: "a" },
      { key: "b", keyspace: "s" },
      { key: "b" },
      { key: "a", keyspace: "s" },
    ];
    const history = callsOf(inTurn(where.map((place) => ({ f: "read", ...place }))));
    assert.deepEqual(objectsOf(history, queueModel), [{ key: 0 }, { key: 1 }, { key: 2 }, { key: 3 }]);
    assert.deepEqual(objectsOf(history, multiRegisterModel), [{ key: 0 }, { key: 1 }]);
  });
});
