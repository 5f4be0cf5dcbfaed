import { checkerNamed } from "../../checkers/checker-named.ts";
import { keyPath } from "../../checkers/verdicts.ts";
import { InvariantViolation, present } from "../base/invariant.ts";
import type { Budget, Checker } from "../contracts/checker.ts";
import { ampleBudget, check } from "../contracts/checker.ts";
import { cell } from "../history/cell.ts";
import type { History } from "../history/history.ts";
import type { Verdict } from "../history/verdict.ts";
import type { Block, BlockVerdicts } from "./judge-block.ts";
import { unjudgedBlock, verdictsByChecker } from "./judge-block.ts";
import type { JobEnd } from "./judge-lane.ts";
import { JudgeLane } from "./judge-lane.ts";
import { shareHistory } from "./judge-shared-history.ts";
import type { Slices } from "./judge-slices.ts";
import { sliceByKey } from "./judge-slices.ts";
import type { CheckerNamed } from "./judge-work.ts";

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
    this.#lanes = Array.from({ length: threads }, (_, own) => new JudgeLane(entry, memoryMb ?? null, own));
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
    const judged = this.#judgeKeys(history, spread, budget);
    // A failure of the threads is heard of below, not while this thread is busy.
    judged.catch(() => undefined);
    for (const checker of checkers) {
      if (!spread.includes(checker)) found.set(checker, check(checker, history, budget));
    }
    const byBlock = (await judged).map(verdictsByChecker);
    spread.forEach((checker, number) => {
      const partials = byBlock.flatMap((byChecker) => byChecker[number] ?? []);
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

  /** What all checkers say of all keys, in the order of the keys. */
  async #judgeKeys(
    history: History,
    checkers: readonly Checker[],
    budget: Budget,
  ): Promise<readonly BlockVerdicts[]> {
    if (checkers.length === 0 || history.keys.length === 0) return [];
    const slices = sliceByKey(history, this.#lanes.length);
    const shared = {
      history: shareHistory(history),
      slices,
      checkers: checkers.map(({ name }) => name),
      budget,
      next: new Int32Array(new SharedArrayBuffer(4 * slices.count)),
    };
    const taken = new TakenBlocks(history, slices, checkers.length);
    const ends = await Promise.all(this.#lanes.map((lane) => lane.work(shared, taken)));
    return taken.all(ends.find((why) => why !== null) ?? "the thread that judged it died");
  }
}

/** What threads have said of a history's keys. */
class TakenBlocks implements JobEnd {
  readonly #history: History;
  readonly #slices: Slices;
  readonly #checkers: number;
  /** By first key within the whole history. */
  readonly #blocks = new Map<number, BlockVerdicts>();

  constructor(history: History, slices: Slices, checkers: number) {
    this.#history = history;
    this.#slices = slices;
    this.#checkers = checkers;
  }

  take(verdicts: BlockVerdicts): void {
    this.#blocks.set(this.#firstKey(verdicts), verdicts);
  }

  unjudged(block: Block, place: number, why: string): Verdict {
    const key = this.#firstKey(block) + (place % (block.to - block.from));
    return { word: "unknown", because: `${keyPath(this.#history, key)} is not judged: ${why}` };
  }

  /**
   * All blocks in the order of their keys. Keys that no thread came to, because all gave up, are unknown; where no
   * thread came to any, the history is not to blame.
   */
  all(why: string): readonly BlockVerdicts[] {
    if (this.#blocks.size === 0 && !why.includes("memory")) {
      throw new InvariantViolation(`threads that judge keep dying: ${why}`);
    }
    const all: BlockVerdicts[] = [];
    for (let slice = 0; slice < this.#slices.count; slice += 1) {
      const keys = cell(this.#slices.firstKey, slice + 1) - cell(this.#slices.firstKey, slice);
      for (let from = 0; from < keys; ) {
        const block =
          this.#blocks.get(this.#firstKey({ slice, from, to: from })) ?? this.#lost(slice, from, why);
        all.push(block);
        from = block.to;
      }
    }
    return all;
  }

  #lost(slice: number, from: number, why: string): BlockVerdicts {
    const block = { slice, from, to: from + 1 };
    return unjudgedBlock(block, this.#checkers, (place) => this.unjudged(block, place, why));
  }

  #firstKey({ slice, from }: Block): number {
    return cell(this.#slices.firstKey, slice) + from;
  }
}

function ownEntry(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./judge-worker.${extension}`, import.meta.url);
}
