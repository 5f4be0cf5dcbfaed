import assert from "node:assert/strict";
import fc from "fast-check";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import { stalenessOf } from "./staleness.ts";

const anyStep = fc.record({
  process: fc.nat({ max: 3 }),
  isRead: fc.boolean(),
  waitMs: fc.nat({ max: 3 }),
  type: fc.constantFrom<"ok" | "ok" | "fail" | "info">("ok", "ok", "ok", "fail", "info"),
  /** Which of the values that exist a read shows, counted from the newest; beyond the first it shows nothing. */
  back: fc.nat({ max: 5 }),
});
type Step = typeof anyStep extends fc.Arbitrary<infer One> ? One : never;

/** Reads of anything, beside writes of 1, 2, 3, … */
function play(steps: readonly Step[]): History {
  const recorder = new HistoryRecorder({});
  const open = new Map<number, { row: number; step: Step; value: number }>();
  let writes = 0;
  let timeNs = 0;
  steps.forEach((step, at) => {
    timeNs += step.waitMs * 1e6;
    const begun = open.get(step.process);
    if (begun === undefined) {
      if (!step.isRead) writes += 1;
      const what = step.isRead ? { f: "read" } : { f: "write", value: writes };
      const row = recorder.invoke(timeNs, { process: `c${at}`, key: "x", ...what });
      open.set(step.process, { row, step, value: writes });
      return;
    }
    open.delete(step.process);
    const { type, isRead } = begun.step;
    const shown = writes > begun.step.back ? writes - begun.step.back : null;
    recorder.complete(begun.row, timeNs, { type, value: isRead ? shown : begun.value });
  });
  return recorder.finish();
}

interface Seen {
  readonly behind: number;
  readonly ageNs: number;
}

/** Every read against every write. */
function seenBy(history: History): Seen[] {
  const rows = Array.from({ length: history.length }, (_, row) => row);
  const call = (row: number): number => history.invokeIndex[row] ?? -1;
  const end = (row: number): number => history.completeIndex[row] ?? -1;
  const writes = rows.filter((row) => history.f[row] === Fn.write && history.outcome[row] !== Outcome.fail);
  return rows.flatMap((read) => {
    if (history.f[read] !== Fn.read || history.outcome[read] !== Outcome.ok) return [];
    const acknowledged = writes.filter((row) => history.outcome[row] === Outcome.ok && end(row) < call(read));
    const newest = acknowledged.at(-1);
    const value = history.result[read] ?? 0;
    const shown = writes.find((row) => history.argument[row] === value && call(row) < end(read));
    if (newest === undefined || (value !== 0 && shown === undefined)) return [];
    const shownEnd = shown === undefined ? -1 : end(shown);
    const behind = acknowledged.filter((row) => call(row) > shownEnd).length;
    return [{ behind, ageNs: (history.invokedNs[read] ?? 0) - (history.completedNs[newest] ?? 0) }];
  });
}

describe("the staleness of any history", () => {
  it("is what every read says against every write", () => {
    let stale = 0;
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 30, maxLength: 60 }), (steps) => {
        const history = play(steps);
        const seen = seenBy(history);
        const [only] = stalenessOf(history);
        assert.ok(only !== undefined);
        assert.equal(only.reads, seen.length);
        assert.equal(only.stale, seen.filter(({ behind }) => behind > 0).length);
        only.behind.forEach((count, versions) => {
          assert.equal(count, seen.filter(({ behind }) => Math.min(behind, 10) === versions).length);
        });
        only.byAge.forEach(({ fromNs, reads, stale: old }, at) => {
          const nextNs = only.byAge[at + 1]?.fromNs ?? Number.POSITIVE_INFINITY;
          const inside = seen.filter(({ ageNs }) => ageNs >= fromNs && ageNs < nextNs);
          assert.deepEqual([reads, old], [inside.length, inside.filter(({ behind }) => behind > 0).length]);
        });
        stale += only.stale;
      }),
      { numRuns: 1_000, seed: 3 },
    );
    assert.ok(stale > 1_000, `${stale} stale reads`);
  });
});
