import { BackgroundTask, causeOf, taskSeed } from "../background-cause.ts";
import type { NodeContext } from "../node-context.ts";
import type { DiskTarget, TimerTarget } from "../runtime.ts";
import type { Log } from "./log.ts";

/** Syncs the log every so often, for keyspaces that acknowledge before they sync. */
export class PeriodicSync implements TimerTarget, DiskTarget {
  readonly #context: NodeContext;
  readonly #log: Log;
  readonly #everyMs: number;
  readonly #causeSeed: number;
  #period = 0;

  constructor(context: NodeContext, log: Log, everyMs: number) {
    this.#context = context;
    this.#log = log;
    this.#everyMs = everyMs;
    this.#causeSeed = taskSeed(context, BackgroundTask.sync, "");
  }

  schedule(): void {
    this.#period += 1;
    this.#context.runtime.after(this.#everyMs * 1_000, this, 0, causeOf(this.#causeSeed, this.#period));
  }

  onTimer(): void {
    this.#log.syncIfNeeded(this, causeOf(this.#causeSeed, this.#period));
    this.schedule();
  }

  /** Nobody waits for it. */
  onDurable(): void {
    return;
  }

  onDiskFailed(): void {
    this.#context.metrics.diskFailures += 1;
  }
}
