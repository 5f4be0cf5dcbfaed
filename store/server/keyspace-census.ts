import { isTombstone } from "../core/repair/tombstones.ts";
import type { ReplicaObserver } from "../core/storage/replica.ts";
import type { State } from "../core/versions/version.ts";
import { isNothing } from "../core/versions/version.ts";

/** Counts what a replica holds, change by change: a scrape must not go through a million keys. */
export class KeyspaceCensus implements ReplicaObserver {
  #keys = 0;
  #tombstones = 0;
  #keysWithSiblings = 0;
  readonly #hasSiblings: boolean;

  /** Only of keyspaces with siblings several entries of a key are several values. */
  constructor(hasSiblings: boolean) {
    this.#hasSiblings = hasSiblings;
  }

  get counts(): { readonly keys: number; readonly tombstones: number; readonly keysWithSiblings: number } {
    return { keys: this.#keys, tombstones: this.#tombstones, keysWithSiblings: this.#keysWithSiblings };
  }

  onChanged(_key: string, before: State, after: State): void {
    this.#count(before, -1);
    this.#count(after, 1);
  }

  #count(state: State, by: number): void {
    if (isNothing(state)) return;
    this.#keys += by;
    if (isTombstone(state)) this.#tombstones += by;
    if (this.#hasSiblings && state.entries.length > 1) this.#keysWithSiblings += by;
  }
}
