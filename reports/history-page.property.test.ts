import assert from "node:assert/strict";
import fc from "fast-check";
import type { HistoryCheck } from "../checkers/check-history.ts";
import type { Anomaly } from "../harness/history/verdict.ts";
import { anomalyKinds } from "../harness/history/verdict.ts";
import type { Call } from "./history/histories.test-support.ts";
import { checkOf, invented } from "./history/histories.test-support.ts";
import { historyPage } from "./history-page.ts";

const value = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(null), fc.string({ maxLength: 4 }));

/** Calls whose ticks all differ; some never end, some are of functions that no register has. */
const calls: fc.Arbitrary<Call[]> = fc
  .array(
    fc.record({
      f: fc.constantFrom("read", "write", "cas", "delete", "enqueue"),
      value,
      long: fc.integer({ min: 0, max: 40 }),
      gap: fc.constantFrom(1, 2, 7, 100_000),
      type: fc.constantFrom("ok", "ok", "fail", "info", "never"),
      key: fc.constantFrom("x", "y"),
    }),
    { maxLength: 40 },
  )
  .map((drafts) => {
    let tick = 1;
    return drafts.map(({ f, value: drawn, long, gap, type, key }, process): Call => {
      tick += gap;
      // Fractions of a tick keep ends apart from beginnings, and from one another.
      const end = type === "never" ? null : tick + long + (process + 1) / 64;
      const asked = f === "cas" ? [drawn, 9] : drawn;
      const outcome = type === "never" ? {} : { type };
      return {
        process,
        f,
        key,
        from: tick,
        to: end,
        value: asked,
        ...(f === "read" ? { result: drawn } : {}),
        ...outcome,
      };
    });
  });

const indices = fc
  .array(fc.nat({ max: 90 }), { maxLength: 30 })
  .map((all) => [...new Set(all)].sort((a, b) => a - b));

const anomalies: fc.Arbitrary<Anomaly[]> = fc.array(
  fc.record(
    {
      kind: fc.constantFrom(...anomalyKinds),
      says: fc.string(),
      evidence: indices,
      keyspace: fc.constant(""),
      key: fc.constantFrom("x", "y", ""),
      partialOrders: fc.array(fc.record({ order: indices, refused: indices }), { maxLength: 4 }),
    },
    { requiredKeys: ["kind", "says", "evidence", "keyspace", "key"] },
  ),
  { maxLength: 5 },
);

const windows = fc.array(
  fc.record({
    keyspace: fc.constant(""),
    key: fc.constantFrom("x", "z"),
    from: fc.nat({ max: 50 }),
    to: fc.nat({ max: 90 }),
    operations: fc.nat(),
  }),
  { maxLength: 3 },
);

describe("page of any history", () => {
  it("is made whatever the history and whatever was found, without a coordinate that is none", () => {
    let pictures = 0;
    fc.assert(
      fc.property(calls, anomalies, windows, fc.boolean(), (drawn, found, undecided, hasClock) => {
        const faults = [{ kind: "cut", where: ["a→b"], from: 3.5, to: drawn.length > 3 ? 12.5 : null }];
        const history = invented(drawn, faults, hasClock);
        const verdicts: HistoryCheck["verdicts"] = [
          ...checkOf(history, found).verdicts,
          { checker: "search", verdict: { word: "unknown", because: "steps", undecided } },
        ];
        const check = checkOf(history, found, { verdicts });
        const parts = { history, check, checkers: [], source: "f", format: "g", command: ["check", "a b'c"] };
        const text = historyPage(parts);
        const drawing = (
          text.match(/ (?:d|x|y|x1|x2|y1|y2|width|height|viewBox|points)="[^"]*"/g) ?? []
        ).join();
        assert.doesNotMatch(drawing, /NaN|undefined|Infinity|e[+-]/);
        assert.doesNotMatch(drawing, /(?:width|height)="-/);
        pictures += (text.match(/class="bar /g) ?? []).length > 0 ? 1 : 0;
        assert.equal((text.match(/<section/g) ?? []).length, (text.match(/<\/section>/g) ?? []).length);
        assert.equal((text.match(/id="anomaly-/g) ?? []).length, found.length);
        assert.ok(text.includes("npm start -- check &#39;a b&#39;\\&#39;&#39;c&#39;"));
      }),
      { seed: 5, numRuns: 300 },
    );
    assert.ok(pictures > 200, `${pictures} of 300 pages have a picture`);
  });
});
