import assert from "node:assert/strict";
import fc from "fast-check";
import { present } from "../base/invariant.ts";
import type { Counts } from "./counts.ts";
import { noCounts } from "./counts.ts";
import { fakeClaim, fakeRegistry } from "./fake-world.test-support.ts";
import type { SearchJob } from "./jobs.ts";
import type { Quota } from "./plan.ts";
import { quotaOf } from "./plan.ts";
import { Schedule } from "./schedule.ts";
import type { Trial } from "./trial.ts";
import { trialsOf } from "./trial.ts";

const registry = fakeRegistry([fakeClaim("H1", "holds", ["a", "b"]), fakeClaim("B1", "breaks", ["a", "b"])]);
const effort = { runs: 120, breaksCap: 400, defectsCap: 400 };
const tried = trialsOf(registry).map((trial) => ({ trial, quota: quotaOf(trial.role, effort) }));

/** Each trial fails at one run index of its own, given here; beyond the cap it never does. */
function batchOf({ trial, from, to }: SearchJob, failsAt: readonly number[]): Counts {
  const at = present(failsAt[trial], "where the trial fails");
  const fails = at >= from && at < to;
  const base = { ...noCounts, runs: to - from, operations: (to - from) * 6 };
  return fails ? { ...base, failingRuns: 1, firstFound: { runIndex: at, kind: "stale read" } } : base;
}

/** Plays a schedule with some lanes; `picks` says which of the jobs under way ends next. */
function play(lanes: number, failsAt: readonly number[], picks: readonly number[]): Counts[] {
  const over: Trial[] = [];
  const onOver = (trial: Trial): [] => {
    over.push(trial);
    return [];
  };
  const schedule = new Schedule(tried, 1, { onMerge: () => {}, onOver });
  const underWay: SearchJob[] = [];
  for (let step = 0; ; step += 1) {
    while (underWay.length < lanes) {
      const job = schedule.next();
      if (job === null) break;
      assert(job.kind === "search");
      underWay.push(job);
    }
    if (underWay.length === 0) break;
    const [job] = underWay.splice((picks[step % picks.length] ?? 0) % underWay.length, 1);
    schedule.take(present(job, "a job"), batchOf(present(job, "a job"), failsAt));
  }
  assert.equal(over.length, tried.length);
  return tried.map(({ trial }) => schedule.countsOf(trial));
}

describe("a schedule", () => {
  it("counts the same runs whatever the number of lanes and the order in which they finish", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 9 }),
        fc.array(fc.nat(500), { minLength: 4, maxLength: 4 }),
        fc.array(fc.nat(8), { minLength: 1, maxLength: 30 }),
        (lanes, failsAt, picks) => {
          assert.deepEqual(play(lanes, failsAt, picks), play(1, failsAt, [0]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("ends a search at the batch in which the anomaly shows, and never beyond the cap", () => {
    const [holds, , found, never] = play(3, [5, 5, 130, 9_999], [2, 0, 1]);
    assert.deepEqual([holds?.runs, found?.runs, never?.runs], [120, 140, 400]);
    assert.equal(found?.firstFound?.runIndex, 130);
  });

  it("cuts the last batch at the cap", () => {
    const quota: Quota = { judged: 0, untilFound: true, cap: 30 };
    const schedule = new Schedule([{ trial: present(tried[0], "a trial").trial, quota }], 1, {
      onMerge: () => {},
      onOver: () => [],
    });
    const ranges: string[] = [];
    for (let job = schedule.next(); job !== null; job = schedule.next()) {
      if (job.kind === "search") ranges.push(`${job.from}-${job.to}`);
    }
    assert.deepEqual(ranges, ["0-20", "20-30"]);
  });
});
