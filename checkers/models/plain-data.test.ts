import assert from "node:assert/strict";
import { notPlain } from "./plain-data.ts";

describe("plain data", () => {
  it("is what JSON keeps as it is", () => {
    for (const value of [null, 0, -1.5, "", "a", true, false, [], {}, [1, [null]], { a: { b: ["c"] } }]) {
      assert.equal(notPlain(value), null, JSON.stringify(value));
    }
    assert.equal(notPlain(Object.assign(Object.create(null), { a: 1 })), null);
  });

  it("is nothing else, wherever it stands", () => {
    class Account {}
    const cases: readonly (readonly [unknown, string])[] = [
      [undefined, "undefined"],
      [Number.NaN, "the number NaN"],
      [Number.POSITIVE_INFINITY, "the number Infinity"],
      [1n, "a bigint"],
      [Symbol("s"), "a symbol"],
      [() => 1, "a function"],
      [new Map(), "a Map"],
      [new Set([1]), "a Set"],
      [new Account(), "a Account"],
      [new Int32Array(1), "a Int32Array"],
    ];
    for (const [value, said] of cases) {
      assert.equal(notPlain(value), said);
      assert.equal(notPlain([1, value]), said);
      assert.equal(notPlain({ a: 1, b: { c: value } }), said);
    }
  });

  it("is not nested without end", () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    assert.equal(notPlain(nested(64)), null);
    assert.equal(notPlain(nested(65)), "more than 64 levels");
    const circle: unknown[] = [];
    circle.push(circle);
    assert.equal(notPlain(circle), "more than 64 levels");
  });
});
