import type { Worker } from "node:worker_threads";
import { InvariantViolation } from "../base/invariant.ts";
import { cell } from "../history/cell.ts";
import type { Verdict } from "../history/verdict.ts";
import type { SliceVerdicts } from "./judge-slice.ts";
import { unjudgedSlice } from "./judge-slice.ts";
import type { JudgeAnswer, JudgeJob } from "./judge-work.ts";
import { startThread } from "./pool.ts";

/** Deaths in a row over nothing in particular, after which it is not the history's fault. Chosen: see `ThreadLane`. */
const mostIdleDeaths = 5;

/** What all threads that judge a history are given alike. */
export type SharedJob = Omit<JudgeJob, "progress" | "resumed">;

/** What is said of a place in a slice that a thread has died over. */
export type Unjudged = (slice: number, place: number, why: string) => Verdict;

/** One worker thread that judges slices; a new one takes over where it dies. */
export class JudgeLane {
  readonly #entry: URL;
  readonly #memoryMb: number | null;
  readonly #progress = new Int32Array(new SharedArrayBuffer(8));
  #worker: Worker | null = null;
  #isClosed = false;

  constructor(entry: URL, memoryMb: number | null) {
    this.#entry = entry;
    this.#memoryMb = memoryMb;
  }

  /** Judges slices until none is left, and puts what came of them into `delivered`. */
  async work(
    job: SharedJob,
    delivered: Map<number, SliceVerdicts>,
    unjudged: Unjudged,
    first: JudgeJob["resumed"] = null,
  ): Promise<void> {
    let resumed = first;
    let idleDeaths = 0;
    for (;;) {
      this.#progress.fill(-1);
      const why = await this.#attempt({ ...job, progress: this.#progress, resumed }, delivered);
      if (why === null || this.#isClosed) return;
      const slice = Atomics.load(this.#progress, 0);
      const isIdle = slice < 0 || delivered.has(slice);
      idleDeaths = isIdle ? idleDeaths + 1 : 0;
      if (idleDeaths === mostIdleDeaths) {
        throw new InvariantViolation(`threads that judge keep dying: ${why}`);
      }
      resumed = isIdle
        ? null
        : this.#afterDeath(job, delivered, resumed, (place) => unjudged(slice, place, why));
    }
  }

  /** What the next thread goes on with; null where nothing of the slice can be judged. */
  #afterDeath(
    { slices, checkers }: SharedJob,
    delivered: Map<number, SliceVerdicts>,
    resumed: JudgeJob["resumed"],
    unjudged: (place: number) => Verdict,
  ): JudgeJob["resumed"] {
    const slice = Atomics.load(this.#progress, 0);
    const place = Atomics.load(this.#progress, 1);
    if (place < 0) {
      // Even what comes before the first key is too much.
      const keys = cell(slices.firstKey, slice + 1) - cell(slices.firstKey, slice);
      delivered.set(slice, unjudgedSlice(slice, checkers.length * keys, unjudged));
      return null;
    }
    const before = resumed?.slice === slice ? resumed.lost : [];
    return { slice, lost: [...before, [place, unjudged(place)]] };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
    this.#worker = null;
  }

  /** Null when nothing is left to do; else why the thread died. */
  #attempt(job: JudgeJob, delivered: Map<number, SliceVerdicts>): Promise<string | null> {
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve, reject) => {
      let why: string | null = null;
      const settle = (): void => {
        worker.off("message", heard).off("error", failed).off("exit", exited);
      };
      const heard = (answer: JudgeAnswer): void => {
        if (answer.kind === "slice") delivered.set(answer.verdicts.slice, answer.verdicts);
        else {
          settle();
          if (answer.kind === "threw") reject(answer.error);
          else resolve(null);
        }
      };
      const failed = (error: unknown): void => {
        why = this.#reasonOf(error);
      };
      const exited = (code: number): void => {
        settle();
        this.#worker = null;
        resolve(why ?? `the thread that judged it ended with status ${code}`);
      };
      worker.on("message", heard).on("error", failed).on("exit", exited);
      worker.postMessage(job);
    });
  }

  #start(): Worker {
    const limits =
      this.#memoryMb === null ? {} : { resourceLimits: { maxOldGenerationSizeMb: this.#memoryMb } };
    this.#worker = startThread(this.#entry, limits);
    return this.#worker;
  }

  #reasonOf(error: unknown): string {
    const { code, message } = error as { code?: string; message?: string };
    if (code !== "ERR_WORKER_OUT_OF_MEMORY") return `the thread that judged it died: ${message}`;
    const room = this.#memoryMb === null ? "" : ` of ${this.#memoryMb} MiB`;
    return `the thread that judged it ran out of its memory${room}`;
  }
}
