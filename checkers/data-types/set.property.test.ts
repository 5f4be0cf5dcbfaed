import assert from "node:assert/strict";
import fc from "fast-check";
import { check } from "../../harness/contracts/checker.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { growingSet, linearizableSet } from "./set.ts";

const add = (value: HistoryValue, from: number, to: number | null): Deed => ({ f: "add", value, from, to });
const read = (from: number, value: HistoryValue, to: number): Deed => ({ f: "read", value, from, to });

/** Operations of a set that take effect at one moment each. */
const atomicSet = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc
    .tuple(
      fc.shuffledSubarray(
        Array.from({ length: 3 * count }, (_, tick) => tick),
        { minLength: 3 * count },
      ),
      fc.array(fc.constantFrom("add", "read", "read", "lost"), { minLength: count, maxLength: count }),
    )
    .map(([ticks, kinds]) => {
      const held: number[] = [];
      return kinds
        .map((kind, at) => {
          const [from = 0, moment = 0, to = 0] = ticks.slice(3 * at, 3 * at + 3).sort((a, b) => a - b);
          return { kind, at, from, moment, to };
        })
        .sort((a, b) => a.moment - b.moment)
        .map(({ kind, at, from, to }): Deed => {
          if (kind === "read") return read(from, [...held], to);
          held.push(at);
          return add(at, from, kind === "lost" ? null : to);
        });
    }),
);

describe("set", () => {
  it("finds nothing wrong with a correct set, and one element that is taken from it", () => {
    let planted = 0;
    fc.assert(
      fc.property(atomicSet, (deeds) => {
        for (const checker of [growingSet, linearizableSet]) {
          const { word } = check(checker, historyOf(deeds));
          assert.ok(word === "valid" || word === "notChecked", word);
        }
        const end = 3 * deeds.length;
        const known = deeds.find(({ f, to }) => f === "add" && to !== null);
        if (known === undefined) return;
        const others = deeds.filter((deed) => deed !== known && deed.f === "add" && deed.to !== null);
        const without = read(
          end,
          others.map(({ value }) => value ?? null),
          end + 1,
        );
        const verdict = check(growingSet, historyOf([...deeds, without]));
        assert.ok(verdict.word === "invalid");
        assert.ok(verdict.anomalies.some(({ kind }) => kind === "lost element"));
        planted += 1;
      }),
      { numRuns: 1_000, seed: 1 },
    );
    assert.ok(planted > 300, `${planted} planted`);
  });
});
