import assert from "node:assert/strict";
import { readText, refusalOf } from "./history-read.test-support.ts";

describe("porcupine's logs of a key-value store", () => {
  const lines = [
    '{:process 1, :type :invoke, :f :append, :key "0", :value "x 1 0 y"}',
    '{:process 0, :type :invoke, :f :get, :key "0", :value nil}',
    '{:process 0, :type :ok, :f :get, :key "0", :value ""}',
    '{:process 1, :type :ok, :f :append, :key "0", :value "x 1 0 y"}',
    '{:process 0, :type :invoke, :f :put, :key "9", :value ""}',
  ];

  it("are read with their keys, and what never ended stays open", () => {
    const { history, format, notes } = readText(lines.join("\n"));
    assert.equal(format, "porcupine-kv");
    assert.deepEqual(notes, ["the file has no times: events go by their numbers, from 0 on"]);
    assert.deepEqual(
      history.keys.map(({ key }) => key),
      ["0", "9"],
    );
    assert.deepEqual(history.otherFunctions, ["append", "get", "put"]);
    assert.deepEqual([...history.outcome.subarray(0, 3)], [0, 0, 3]);
    assert.deepEqual(history.values, [null, "x 1 0 y", ""]);
    assert.deepEqual([...history.completeIndex.subarray(0, 2)], [3, 2]);
    assert.deepEqual([...history.result.subarray(0, 2)], [1, 2]);
  });

  it("have no other functions, keys or values", () => {
    const kv = { format: "porcupine-kv" } as const;
    assert.equal(
      refusalOf('{:process 1, :type :invoke, :f :read, :key "0", :value nil}', kv),
      'line 1: :f is "read"; in a log of porcupine\'s kv it is :get, :put or :append',
    );
    assert.equal(
      refusalOf("{:process 1, :type :invoke, :key 0}", kv),
      'line 1: :f is "missing"; in a log of porcupine\'s kv it is :get, :put or :append',
    );
    assert.equal(
      refusalOf("{:process 1, :type :invoke, :f :put, :key 0}", kv),
      "line 1: :key must be a text in a log of porcupine's kv",
    );
    assert.equal(
      refusalOf('{:process 1, :type :invoke, :f :put, :key "0", :value 3}', kv),
      "line 1: :value must be a text or nil in a log of porcupine's kv",
    );
  });
});
