import { BackgroundTask } from "../background-cause.ts";
import type { NodeContext } from "../node-context.ts";
import type { OwnedSpace } from "./group-trees.ts";
import { isExpired } from "./refusal.ts";
import type { TombstoneTask } from "./tombstone-watch.ts";
import { TombstoneWatch } from "./tombstone-watch.ts";

/** How often in a grace it is looked for tombstones that have outlived it. Chosen: they stay a quarter too long. */
const looksPerGrace = 4;
/** Chosen: no timer is longer, whatever the grace. */
const longestPeriodMs = 3_600_000;

/**
 * Forgets tombstones after a while, by the own wall clock and without asking anybody. A replica that was
 * away for longer, or a write that was under way for longer, brings the data back.
 */
export class TombstoneCollector implements TombstoneTask {
  readonly #context: NodeContext;
  readonly #space: OwnedSpace;
  readonly #watch: TombstoneWatch;

  constructor(context: NodeContext, space: OwnedSpace, graceMs: number) {
    this.#context = context;
    this.#space = space;
    const periodMs = Math.min(longestPeriodMs, Math.max(1, Math.floor(graceMs / looksPerGrace)));
    this.#watch = new TombstoneWatch(context, space, BackgroundTask.collectTombstones, periodMs, this);
  }

  start(): void {
    this.#watch.start();
  }

  onPeriod(tombstones: ReadonlySet<string>, cause: number): void {
    const { metrics, policies, runtime } = this.#context;
    const { keyspace, replica } = this.#space;
    const isOver = (key: string): boolean => isExpired(replica.read(key), keyspace, policies, runtime);
    for (const key of [...tombstones].filter(isOver).sort()) {
      replica.forget(key, cause);
      metrics.tombstonesCollected += 1;
    }
  }
}
