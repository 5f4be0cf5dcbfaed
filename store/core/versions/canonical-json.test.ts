import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson } from "./canonical-json.ts";

describe("canonical JSON", () => {
  it("has one text for each value, whatever spaces and order of fields it came with", () => {
    assert.equal(
      canonicalJson(' { "b" : [1.0, true, null], "a" : "\\u0061" } '),
      '{"a":"a","b":[1,true,null]}',
    );
    assert.equal(canonicalJson('{"__proto__":1}'), '{"__proto__":1}');
  });

  it("means what it was made of, and stays itself", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const canonical = canonicalJson(text);
        assert.ok(canonical !== null);
        assert.deepEqual(JSON.parse(canonical), JSON.parse(text));
        assert.equal(canonicalJson(canonical), canonical);
      }),
    );
  });

  it("is null for what is no JSON, too large a number, or nested too deep", () => {
    for (const text of [
      "",
      "milk",
      "[1,",
      "1e999",
      "[1e999]",
      `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
    ]) {
      assert.equal(canonicalJson(text), null);
    }
    assert.equal(canonicalJson(`${"[".repeat(32)}${"]".repeat(32)}`)?.length, 64);
  });
});
