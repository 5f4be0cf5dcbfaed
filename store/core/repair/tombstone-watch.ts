import type { BackgroundTaskName } from "../background-cause.ts";
import { causeOf, taskSeed } from "../background-cause.ts";
import type { NodeContext } from "../node-context.ts";
import type { TimerTarget } from "../runtime.ts";
import type { ReplicaObserver } from "../storage/replica.ts";
import type { State } from "../versions/version.ts";
import type { OwnedSpace } from "./group-trees.ts";
import { isTombstone } from "./tombstones.ts";

/** Does something about tombstones every so often. */
export interface TombstoneTask {
  /** Some of the keys are perhaps not deleted any more when their turn comes. */
  onPeriod(tombstones: ReadonlySet<string>, cause: number): void;
}

/** Knows the keys that a replica remembers only as deleted, and has a timer as long as there are any. */
export class TombstoneWatch implements ReplicaObserver, TimerTarget {
  readonly #context: NodeContext;
  readonly #causeSeed: number;
  readonly #periodUs: number;
  readonly #task: TombstoneTask;
  readonly #tombstones = new Set<string>();
  #period = 0;
  #isStarted = false;
  #isWaiting = false;

  constructor(
    context: NodeContext,
    { keyspace, replica }: OwnedSpace,
    name: BackgroundTaskName,
    periodMs: number,
    task: TombstoneTask,
  ) {
    this.#context = context;
    this.#causeSeed = taskSeed(context, name, keyspace.name);
    this.#periodUs = periodMs * 1_000;
    this.#task = task;
    replica.observe(this);
  }

  /** From now on there may be timers. */
  start(): void {
    this.#isStarted = true;
    this.#wait();
  }

  onChanged(key: string, _before: State, after: State): void {
    if (isTombstone(after)) {
      this.#tombstones.add(key);
      this.#wait();
    } else this.#tombstones.delete(key);
  }

  onTimer(): void {
    this.#isWaiting = false;
    this.#task.onPeriod(this.#tombstones, causeOf(this.#causeSeed, this.#period));
    this.#wait();
  }

  #wait(): void {
    if (this.#isWaiting || !this.#isStarted || this.#tombstones.size === 0) return;
    this.#isWaiting = true;
    // On a grid of time: when one tombstone's turn comes must not depend on when the others came.
    const { runtime } = this.#context;
    const nowUs = runtime.monotonicUs();
    this.#period = Math.max(this.#period, Math.floor(nowUs / this.#periodUs)) + 1;
    const cause = causeOf(this.#causeSeed, this.#period);
    runtime.after(this.#period * this.#periodUs - nowUs, this, 0, cause);
  }
}
