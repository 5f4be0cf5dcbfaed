import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { WorkerOptions } from "node:worker_threads";
import { Worker } from "node:worker_threads";
import { InvariantViolation } from "../base/invariant.ts";
import type { Answer, Job, Workshop } from "./jobs.ts";
import { perform } from "./jobs.ts";
import { crashOf } from "./search.ts";

/** One place where jobs are done, one at a time. It stays warm for the whole campaign. */
export interface Lane {
  /** A lane that dies over a job says so, and is as good as new for the next one. Rejects if it never lives. */
  perform(job: Job): Promise<Answer>;
  close(): Promise<void>;
}

/** What a worker thread is started with. */
export interface WorkerBrief {
  /** One integer, shared: 1 once the campaign is interrupted. */
  readonly stopFlag: SharedArrayBuffer;
}

/** Where the worker's entry file stands, beside a file of the command line: TypeScript or compiled. */
export function workerEntry(besideUrl: string): URL {
  return new URL(besideUrl.endsWith(".ts") ? "./worker.ts" : "./worker.js", besideUrl);
}

/** Does jobs in this very thread, for tests and for one core. Lets timers and signals in between jobs. */
export function localLane(workshop: Workshop): Lane {
  return {
    perform: (job) =>
      new Promise((resolve) => {
        setImmediate(() => {
          try {
            resolve(perform(workshop, job));
          } catch (error) {
            resolve(deathOver(job, error));
          }
        });
      }),
    close: () => Promise.resolve(),
  };
}

/** Deaths in a row after which it is not the job's fault. Chosen: two would do, if memory were never short. */
const mostDeathsInARow = 5;

/** Does jobs in a worker thread, which is started with the first job and again after a death. */
export class ThreadLane implements Lane {
  readonly #entry: URL;
  readonly #brief: WorkerBrief;
  #worker: Worker | null = null;
  #deathsInARow = 0;

  constructor(entry: URL, brief: WorkerBrief) {
    this.#entry = entry;
    this.#brief = brief;
  }

  perform(job: Job): Promise<Answer> {
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        worker.off("message", answered).off("error", failed).off("exit", exited);
      };
      const answered = (answer: Answer): void => {
        settle();
        this.#deathsInARow = 0;
        resolve(answer);
      };
      const failed = (error: unknown): void => {
        settle();
        this.#worker = null;
        this.#deathsInARow += 1;
        if (this.#deathsInARow < mostDeathsInARow) resolve(deathOver(job, error));
        else reject(new InvariantViolation("worker threads keep dying", { cause: error }));
      };
      const exited = (code: number): void =>
        failed(new InvariantViolation(`a worker thread exited with ${code}`));
      worker.on("message", answered).on("error", failed).on("exit", exited);
      worker.postMessage(job);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }

  #start(): Worker {
    this.#worker = startThread(this.#entry, { workerData: this.#brief });
    return this.#worker;
  }
}

/** Starts a worker thread from its entry file, TypeScript or compiled. */
export function startThread(entry: URL, options: WorkerOptions): Worker {
  return new Worker(entry.pathname.endsWith(".ts") ? throughTsx(entry) : entry, { ...options, execArgv: [] });
}

function deathOver(job: Job, error: unknown): Answer {
  const runIndex = job.kind === "search" ? job.from : job.runIndex;
  return { kind: "died", crash: crashOf(job.trial, runIndex, error) };
}

/**
 * `--import tsx` does nothing in a worker thread of Node 20 (tsx 4.23 registers in the main thread only), so
 * the thread registers it itself before it loads the entry.
 */
function throughTsx(entry: URL): URL {
  // The file behind "tsx/esm/api": `import.meta.resolve` is missing where mocha has tsx make CommonJS of this.
  const manifest = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const tsx = new URL("./dist/esm/api/index.mjs", manifest).href;
  const code = `import { register } from ${JSON.stringify(tsx)}; register(); await import(${JSON.stringify(entry.href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}
