import { invariant, present } from "../base/invariant.ts";
import type { Counts } from "./counts.ts";
import { addCounts, noCounts } from "./counts.ts";
import type { RecordJob, SearchJob } from "./jobs.ts";
import type { Quota } from "./plan.ts";
import { batchRuns, certainBatches, isOver } from "./plan.ts";
import type { Trial } from "./trial.ts";

/** One trial on its way through its quota. */
interface Course {
  readonly trial: Trial;
  readonly quota: Quota;
  counts: Counts;
  /** Batches handed out, and batches added up: always the first ones. */
  handedOut: number;
  merged: number;
  over: boolean;
  readonly early: Map<number, Counts>;
}

/**
 * Hands batches out and adds them up in the order of the batches, whoever finishes first: a batch beyond
 * the one that ended a trial is thrown away, so that counts do not depend on the number of threads.
 */
export class Schedule {
  readonly seed: number;
  readonly #courses: readonly Course[];
  readonly #byTrial = new Map<number, Course>();
  readonly #onOver: (trial: Trial, counts: Counts) => readonly RecordJob[];
  readonly #onMerge: (job: SearchJob, counts: Counts) => void;
  readonly #followUps: RecordJob[] = [];

  constructor(
    trials: readonly { readonly trial: Trial; readonly quota: Quota }[],
    seed: number,
    listener: {
      /** A batch was added up. */
      readonly onMerge: (job: SearchJob, counts: Counts) => void;
      /** A trial is over: what is to be recorded of it. */
      readonly onOver: (trial: Trial, counts: Counts) => readonly RecordJob[];
    },
  ) {
    this.seed = seed;
    this.#onOver = listener.onOver;
    this.#onMerge = listener.onMerge;
    this.#courses = trials.map(({ trial, quota }) => {
      const course = {
        trial,
        quota,
        counts: noCounts,
        handedOut: 0,
        merged: 0,
        over: false,
        early: new Map(),
      };
      this.#byTrial.set(trial.index, course);
      return course;
    });
  }

  /** What has been counted of a trial so far. */
  countsOf(trial: Trial): Counts {
    return this.#byTrial.get(trial.index)?.counts ?? noCounts;
  }

  isOver(trial: Trial): boolean {
    return this.#byTrial.get(trial.index)?.over ?? false;
  }

  /** Runs that are still certain to come, for a progress line. */
  runsAhead(): number {
    let runs = 0;
    for (const { over, quota, merged } of this.#courses) {
      if (!over) runs += Math.max(1, certainBatches(quota) - merged) * batchRuns;
    }
    return runs;
  }

  /** The next job, or null when everything worth doing is under way. */
  next(): SearchJob | RecordJob | null {
    const followUp = this.#followUps.shift();
    if (followUp !== undefined) return followUp;
    const course = this.#certain() ?? this.#promising();
    if (course === null) return null;
    const from = course.handedOut * batchRuns;
    course.handedOut += 1;
    const to = Math.min(from + batchRuns, course.quota.cap);
    return { kind: "search", trial: course.trial.index, seed: this.seed, from, to };
  }

  /** Takes in what came of a batch. */
  take(job: SearchJob, counts: Counts): void {
    const course = present(this.#byTrial.get(job.trial), `the course of trial ${job.trial}`);
    invariant(job.from % batchRuns === 0, "batches begin at multiples of their size");
    course.early.set(job.from / batchRuns, counts);
    while (!course.over) {
      const batch = course.early.get(course.merged);
      if (batch === undefined) return;
      course.early.delete(course.merged);
      const from = course.merged * batchRuns;
      course.merged += 1;
      course.counts = addCounts(course.counts, batch);
      this.#onMerge({ ...job, from, to: from + batch.runs }, batch);
      course.over = isOver(course.quota, course.counts);
      if (course.over) this.#followUps.push(...this.#onOver(course.trial, course.counts));
    }
  }

  /** A trial with batches that are needed whatever comes of the others. */
  #certain(): Course | null {
    return (
      this.#courses.find(({ over, handedOut, quota }) => !over && handedOut < certainBatches(quota)) ?? null
    );
  }

  /** The trial with the fewest batches under way; beyond the first, they are a bet that it goes on. */
  #promising(): Course | null {
    let best: Course | null = null;
    for (const course of this.#courses) {
      if (course.over || course.handedOut * batchRuns >= course.quota.cap) continue;
      if (best === null || course.handedOut - course.merged < best.handedOut - best.merged) best = course;
    }
    return best;
  }
}
