import assert from "node:assert/strict";
import { historyOf } from "./history-of.test-support.ts";
import { keyTraits, Trait } from "./key-traits.ts";
import { erase, read, swap, write } from "./register/deeds.test-support.ts";

describe("traits of keys", () => {
  it("tell what occurs at each key, and what was answered", () => {
    const history = historyOf([
      write(1, 0, 1, { key: "plain" }),
      read(1, 2, 3, { key: "plain" }),
      read(1, 4, 5, { key: "plain", type: "info" }),
      write(2, 6, null, { key: "plain" }),
      erase(8, 9, { key: "deleted" }),
      erase(10, 11, { key: "kept", type: "fail" }),
      erase(12, null, { key: "perhaps" }),
      swap(1, 2, 14, 15, { key: "swapped" }),
      swap(1, 2, 16, 17, { key: "refused", type: "fail" }),
      swap(1, 2, 18, 19, { key: "failed", type: "fail", error: "down" }),
      { f: "write", value: null, from: 20, to: 21, key: "null" },
      { f: "increment", value: 1, from: 22, to: 23, key: "counter" },
      { f: "add", value: 1, from: 24, to: 25, type: "fail", key: "set" },
      swap(1, 2, 26, 27, { key: "deleted" }),
    ]);
    const { traits, answered } = keyTraits(history);
    const told = history.keys.map(({ key }, id) => [key, traits[id], answered[id]]);
    assert.deepEqual(told, [
      ["plain", 0, 2],
      ["deleted", Trait.delete | Trait.cas, 2],
      ["kept", 0, 0],
      ["perhaps", Trait.delete, 0],
      ["swapped", Trait.cas, 1],
      ["refused", Trait.cas, 1],
      ["failed", Trait.cas, 0],
      ["null", Trait.nullWritten, 1],
      ["counter", Trait.otherFunction, 1],
      ["set", Trait.otherFunction, 0],
    ]);
    assert.equal(keyTraits(history), keyTraits(history));
  });
});
