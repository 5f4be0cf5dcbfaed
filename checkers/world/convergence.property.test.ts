import assert from "node:assert/strict";
import fc from "fast-check";
import { judged } from "./convergence.test-support.ts";
import type { Happening } from "./world-history.test-support.ts";

const keys = ["a", "b", "c"];
const anyValues = fc.option(fc.array(fc.option(fc.nat({ max: 1 })), { maxLength: 2 }), { nil: undefined });
/** By node, then key: what it holds; nothing where it has never heard of the key. */
const anyHeld = fc.array(fc.tuple(anyValues, anyValues, anyValues), { minLength: 2, maxLength: 4 });
type Held = typeof anyHeld extends fc.Arbitrary<infer One> ? One : never;

/** One acknowledged write a key, through every node, and then the dumps. */
function happenings(held: Held): Happening[] {
  const writes = keys.map((key, at): Happening => {
    const node = `n${(at % held.length) + 1}`;
    return { f: "write", value: 0, key, node, from: 2 * at, to: 2 * at + 1 };
  });
  const dumps = held.map((values, at): Happening => {
    const holds = Object.fromEntries(
      keys.flatMap((key, index) => (values[index] === undefined ? [] : [[key, values[index]]])),
    );
    return { at: 10 + at, dump: `n${at + 1}`, holds };
  });
  return [...writes, ...dumps];
}

/** Whether the replicas of a key surely differ, where each key has `n` of them. */
function differs(held: Held, index: number, n: number): boolean {
  const entries = held.map((values) => values[index]);
  const known = n === held.length ? entries : entries.filter((values) => values !== undefined);
  const shown = known.map((values) =>
    (values ?? [])
      .filter((value) => value !== null)
      .sort()
      .join(),
  );
  const seen = shown.some((text) => text !== "");
  const missing = seen && held.length > n && known.length < n;
  return missing || new Set(shown).size > 1;
}

describe("the convergence of any dumps", () => {
  it("is what each key's replicas show, side by side", () => {
    let found = 0;
    fc.assert(
      fc.property(anyHeld, fc.integer({ min: 2, max: 3 }), (held, n) => {
        const verdict = judged(happenings(held), { keyspaces: [{ name: "", n }] });
        const named = verdict.word === "invalid" ? verdict.anomalies.map(({ key }) => key) : [];
        const expected = keys.filter((_, index) => differs(held, index, n));
        assert.deepEqual(named.sort(), expected);
        found += named.length;
      }),
      { numRuns: 1_000, seed: 6 },
    );
    assert.ok(found > 500, `${found} keys`);
  });
});
