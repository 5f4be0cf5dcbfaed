import { parentPort } from "node:worker_threads";
import { invariant, present } from "../base/invariant.ts";
import type { Budget, Checker } from "../contracts/checker.ts";
import { cell } from "../history/cell.ts";
import type { Block, BlockVerdicts, PlacedVerdict } from "./judge-block.ts";
import { SliceJudge } from "./judge-block.ts";
import type { SharedHistory } from "./judge-shared-history.ts";
import { SlicedHistory } from "./judge-shared-history.ts";
import type { Slices } from "./judge-slices.ts";

/** What a thread is to judge: blocks of its own slice, then of others that are behind, until none is left. */
export interface JudgeJob {
  readonly history: SharedHistory;
  readonly slices: Slices;
  readonly checkers: readonly string[];
  readonly budget: Budget;
  /** The slice to begin with. */
  readonly own: number;
  /** By slice, shared: the next key that nobody has taken. */
  readonly next: Int32Array;
  /** Shared with the thread that waits: the block that is being judged and the place in it, or −1. */
  readonly progress: Int32Array;
  /** A block that another thread died over, and what it died over. */
  readonly resumed: { readonly block: Block; readonly lost: readonly PlacedVerdict[] } | null;
}

/** What stands where in `progress`. */
export const Progress = { slice: 0, from: 1, to: 2, place: 3 } as const;

/** What a thread tells of a job; what it cannot tell, its death does. */
export type JudgeAnswer =
  | { readonly kind: "block"; readonly verdicts: BlockVerdicts }
  | { readonly kind: "done" }
  /** A checker threw: that is a bug, here as in one thread. */
  | { readonly kind: "threw"; readonly error: unknown };

/** Finds a checker by its name, or null. */
export type CheckerNamed = (name: string) => Checker | null;

/** Blocks of a slice. Chosen: what is left at the end, and what is sent at a time, is about a sixtieth of it. */
const blocksOfSlice = 64;

/** What of another thread's slice must be left to help with. Chosen: to begin with a slice costs about a quarter of it. */
const shareWorthHelping = 1 / 8;

/** Judges histories in a worker thread for as long as it lives. The thread's entry file calls it once. */
export function serveJudge(named: CheckerNamed): void {
  const port = parentPort;
  invariant(port !== null, "histories are judged in a worker thread");
  const tell = (answer: JudgeAnswer): void => port.postMessage(answer);
  port.on("message", (job: JudgeJob) => {
    try {
      new Shift(job, named, tell).work();
      tell({ kind: "done" });
    } catch (error) {
      tell({ kind: "threw", error });
    }
  });
}

/** One thread's part in judging a history. */
class Shift {
  readonly #job: JudgeJob;
  readonly #tell: (answer: JudgeAnswer) => void;
  readonly #checkers: readonly Checker[];
  readonly #sliced: SlicedHistory;

  constructor(job: JudgeJob, named: CheckerNamed, tell: (answer: JudgeAnswer) => void) {
    this.#job = job;
    this.#tell = tell;
    this.#checkers = job.checkers.map((name) => present(named(name), `the checker ${name}`));
    this.#sliced = new SlicedHistory(job.history, job.slices);
  }

  work(): void {
    const { slices, own, resumed } = this.#job;
    if (resumed !== null) this.#judge(this.#judgeOf(resumed.block.slice), resumed.block, resumed.lost);
    for (let turn = 0; turn < slices.count; turn += 1) {
      this.#workOff((own + turn) % slices.count, turn === 0 ? 0 : shareWorthHelping);
    }
  }

  /** Takes blocks of a slice until none is left, if at least that share of it is left to begin with. */
  #workOff(slice: number, share: number): void {
    const { slices, next } = this.#job;
    const keys = cell(slices.firstKey, slice + 1) - cell(slices.firstKey, slice);
    if (keys - Atomics.load(next, slice) < Math.max(1, keys * share)) return;
    const judge = this.#judgeOf(slice);
    const size = Math.ceil(keys / blocksOfSlice);
    for (;;) {
      const from = Atomics.add(next, slice, size);
      if (from >= keys) return;
      this.#judge(judge, { slice, from, to: Math.min(keys, from + size) }, []);
    }
  }

  #judgeOf(slice: number): SliceJudge {
    return new SliceJudge(this.#sliced.slice(slice), this.#checkers, this.#job.budget);
  }

  #judge(judge: SliceJudge, block: Block, lost: readonly PlacedVerdict[]): void {
    const { progress } = this.#job;
    Atomics.store(progress, Progress.place, -1);
    Atomics.store(progress, Progress.from, block.from);
    Atomics.store(progress, Progress.to, block.to);
    Atomics.store(progress, Progress.slice, block.slice);
    const begin = (place: number): void => {
      Atomics.store(progress, Progress.place, place);
    };
    this.#tell({ kind: "block", verdicts: judge.judge(block, begin, lost) });
    Atomics.store(progress, Progress.slice, -1);
  }
}
