import { BackgroundTask, causeOf, taskSeed } from "../background-cause.ts";
import type { NodeContext } from "../node-context.ts";
import type { DiskTarget, TimerTarget } from "../runtime.ts";
import type { Log } from "../storage/log.ts";
import type { StreamedSpace } from "./streamed-space.ts";

/** Keys that are looked at in one go, and microseconds in between. Chosen: requests have most of the time. */
const keysPerStep = 512;
const paceUs = 5_000;

/**
 * Forgets keys that others hold now. Nobody reads them here any more: reads of the old owners had ended
 * before the steady phase was entered. Where owners change without streaming, nothing is forgotten: what an
 * old owner holds may be the only copy.
 */
export class Strangers implements TimerTarget, DiskTarget {
  readonly #context: NodeContext;
  readonly #log: Log;
  readonly #spaces: readonly StreamedSpace[];
  readonly #causeSeed: number;
  #place = 0;
  #keys: readonly string[] = [];
  #at = 0;
  /** Of the latest beginning: an earlier one ends where it is. */
  #round = 0;

  constructor(context: NodeContext, log: Log, spaces: readonly StreamedSpace[]) {
    this.#context = context;
    this.#log = log;
    this.#spaces = spaces.filter(({ keyspace }) => keyspace.ring !== "naive");
    this.#causeSeed = taskSeed(context, BackgroundTask.strangers, "");
  }

  /** Begins once what is on its way to the disk is in the tables. */
  begin(): void {
    this.#round += 1;
    this.#log.disk.sync(this, this.#round, this.#cause());
  }

  onDurable(round: number): void {
    if (round !== this.#round) return;
    this.#place = 0;
    this.#at = 0;
    this.#keys = this.#spaces[0]?.replica.keys() ?? [];
    this.#step();
  }

  /** It begins again when the node starts again; nothing is wrong meanwhile. */
  onDiskFailed(): void {
    this.#context.metrics.diskFailures += 1;
  }

  onTimer(round: number): void {
    if (round === this.#round) this.#step();
  }

  #step(): void {
    let left = keysPerStep;
    for (let space = this.#spaces[this.#place]; space !== undefined; space = this.#next()) {
      for (; this.#at < this.#keys.length; this.#at += 1) {
        if (left === 0) {
          this.#context.runtime.after(paceUs, this, this.#round, this.#cause());
          return;
        }
        left -= 1;
        this.#consider(space, this.#keys[this.#at] ?? "");
      }
    }
  }

  #next(): StreamedSpace | undefined {
    this.#place += 1;
    this.#at = 0;
    const space = this.#spaces[this.#place];
    this.#keys = space?.replica.keys() ?? [];
    return space;
  }

  #consider({ keyspace, replica }: StreamedSpace, key: string): void {
    const { id, membership, metrics } = this.#context;
    if (membership.isOwner(keyspace, key, id)) return;
    replica.forget(key, this.#cause());
    metrics.keysMovedAway += 1;
  }

  #cause(): number {
    return causeOf(this.#causeSeed, this.#round);
  }
}
