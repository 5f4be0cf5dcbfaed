import type { Worker } from "node:worker_threads";
import type { Verdict } from "../history/verdict.ts";
import type { Block, BlockVerdicts } from "./judge-block.ts";
import type { JudgeAnswer, JudgeJob } from "./judge-work.ts";
import { Progress } from "./judge-work.ts";
import { startThread } from "./pool.ts";

/** Deaths in a row over no key in particular, after which a lane gives up. Chosen: see `ThreadLane`. */
const mostIdleDeaths = 5;

/** What all threads that judge a history are given alike. */
export type SharedJob = Omit<JudgeJob, "own" | "progress" | "resumed">;

/** What becomes of a job. */
export interface JobEnd {
  take(verdicts: BlockVerdicts): void;
  /** What is said of a place in a block that a thread has died over. */
  unjudged(block: Block, place: number, why: string): Verdict;
}

/** One worker thread that judges; a new one takes over where it dies. */
export class JudgeLane {
  readonly #entry: URL;
  readonly #memoryMb: number | null;
  readonly #own: number;
  readonly #progress = new Int32Array(new SharedArrayBuffer(16));
  #worker: Worker | null = null;
  #isClosed = false;

  constructor(entry: URL, memoryMb: number | null, own: number) {
    this.#entry = entry;
    this.#memoryMb = memoryMb;
    this.#own = own;
  }

  /** Judges until nothing is left, and then gives null; or gives up, and says why. */
  async work(job: SharedJob, end: JobEnd): Promise<string | null> {
    let resumed: JudgeJob["resumed"] = null;
    let idleDeaths = 0;
    for (;;) {
      this.#progress.fill(-1);
      const mine = { ...job, own: this.#own, progress: this.#progress, resumed };
      const why = await this.#attempt(mine, end);
      if (why === null || this.#isClosed) return null;
      const isIdle = this.#progress[Progress.place] === -1;
      resumed = this.#afterDeath(resumed, end, why);
      idleDeaths = isIdle ? idleDeaths + 1 : 0;
      if (idleDeaths === mostIdleDeaths) return why;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
    this.#worker = null;
  }

  /** What the next thread goes on with: the block that was under way, without the key that was too much. */
  #afterDeath(resumed: JudgeJob["resumed"], end: JobEnd, why: string): JudgeJob["resumed"] {
    const [slice = -1, from = -1, to = -1, place = -1] = this.#progress;
    if (slice === -1) return resumed;
    const block = { slice, from, to };
    const before = resumed?.block.slice === slice && resumed.block.from === from ? resumed.lost : [];
    return { block, lost: place === -1 ? before : [...before, [place, end.unjudged(block, place, why)]] };
  }

  /** Null when nothing is left to do; else why the thread died. */
  #attempt(job: JudgeJob, end: JobEnd): Promise<string | null> {
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve, reject) => {
      let why: string | null = null;
      const settle = (): void => {
        worker.off("message", heard).off("error", failed).off("exit", exited);
      };
      const heard = (answer: JudgeAnswer): void => {
        if (answer.kind === "block") {
          end.take(answer.verdicts);
          return;
        }
        settle();
        if (answer.kind === "threw") reject(answer.error);
        else resolve(null);
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
