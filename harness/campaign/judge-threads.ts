import { checkerNamed } from "../../checkers/checker-named.ts";
import { keyPath } from "../../checkers/verdicts.ts";
import { present } from "../base/invariant.ts";
import type { Budget, Checker } from "../contracts/checker.ts";
import { ampleBudget, check } from "../contracts/checker.ts";
import { cell } from "../history/cell.ts";
import type { History } from "../history/history.ts";
import type { Verdict } from "../history/verdict.ts";
import { JudgeLane } from "./judge-lane.ts";
import { shareHistory } from "./judge-shared-history.ts";
import type { SliceVerdicts } from "./judge-slice.ts";
import { verdictsByChecker } from "./judge-slice.ts";
import { sliceByKey } from "./judge-slices.ts";
import type { CheckerNamed } from "./judge-work.ts";

/** Slices for each thread. Chosen: the last one to finish keeps the others waiting for an eighth at most. */
const slicesOfThread = 8;

/** How threads that judge are set up. */
export interface JudgeThreadsOptions {
  readonly threads: number;
  /** Room for each thread's heap, in MiB; Node's own limit where it is left out. */
  readonly memoryMb?: number;
  /** The threads' entry file, and how it finds checkers; others in tests. */
  readonly entry?: URL;
  readonly named?: CheckerNamed;
}

/** Worker threads that judge histories. They stay warm from one history to the next. */
export class JudgeThreads {
  readonly #lanes: readonly JudgeLane[];
  readonly #named: CheckerNamed;

  constructor({ threads, memoryMb, entry = ownEntry(), named = checkerNamed }: JudgeThreadsOptions) {
    this.#named = named;
    this.#lanes = Array.from({ length: threads }, () => new JudgeLane(entry, memoryMb ?? null));
  }

  /**
   * The verdict of each checker, the same as in one thread. Checkers that judge key by key, and that a thread finds
   * by name, are spread over the threads; meanwhile this one runs the others. A key over which a thread dies or
   * runs out of memory is unknown.
   */
  async judge(
    history: History,
    checkers: readonly Checker[],
    budget: Budget = ampleBudget,
  ): Promise<readonly Verdict[]> {
    const spread = checkers.filter((checker) => this.#isSpread(checker, history));
    const found = new Map<Checker, Verdict>();
    const judged = this.#judgeSlices(history, spread, budget);
    // A failure of the threads is heard of below, not while this thread is busy.
    judged.catch(() => undefined);
    for (const checker of checkers) {
      if (!spread.includes(checker)) found.set(checker, check(checker, history, budget));
    }
    const bySlice = (await judged).map((verdicts) => verdictsByChecker(verdicts, spread.length));
    spread.forEach((checker, number) => {
      const partials = bySlice.flatMap((byChecker) => byChecker[number] ?? []);
      found.set(checker, checker.combine(partials));
    });
    return checkers.map((checker) => present(found.get(checker), `the verdict of ${checker.name}`));
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  /** Whether its keys may be judged in different threads, each with the operations of its own keys alone. */
  #isSpread(checker: Checker, history: History): boolean {
    return this.#named(checker.name) === checker && checker.tasks(history).every(({ key }) => key >= 0);
  }

  async #judgeSlices(
    history: History,
    checkers: readonly Checker[],
    budget: Budget,
  ): Promise<readonly SliceVerdicts[]> {
    if (checkers.length === 0) return [];
    const slices = sliceByKey(history, slicesOfThread * this.#lanes.length);
    const delivered = new Map<number, SliceVerdicts>();
    const shared = {
      history: shareHistory(history),
      slices,
      checkers: checkers.map(({ name }) => name),
      budget,
      next: new Int32Array(new SharedArrayBuffer(4)),
    };
    const unjudged = (slice: number, place: number, why: string): Verdict => {
      const first = cell(slices.firstKey, slice);
      const key = first + (place % (cell(slices.firstKey, slice + 1) - first));
      return { word: "unknown", because: `${keyPath(history, key)} is not judged: ${why}` };
    };
    await Promise.all(this.#lanes.map((lane) => lane.work(shared, delivered, unjudged)));
    // A thread may have died in the moment between taking a slice and saying so.
    for (let slice = 0; slice < slices.count; slice += 1) {
      if (!delivered.has(slice)) await this.#lanes[0]?.work(shared, delivered, unjudged, { slice, lost: [] });
    }
    return Array.from({ length: slices.count }, (_, slice) =>
      present(delivered.get(slice), `the verdicts of slice ${slice}`),
    );
  }
}

function ownEntry(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./judge-worker.${extension}`, import.meta.url);
}
