import type { StoreWaiter } from "../storage/replica.ts";
import type { State } from "../versions/version.ts";

/** Writes that other nodes have missed, kept for them. */
export interface Hints {
  /** What is kept for a node of a key; nothing where there is no hint. */
  read(home: string, keyspace: string, key: string): State;
  /**
   * Keeps a state for a node, merged with what is kept for it already. The waiter hears once it is there for
   * good, or that it is not kept.
   */
  keep(
    home: string,
    keyspace: string,
    key: string,
    state: State,
    cause: number,
    waiter: StoreWaiter | null,
    tag: number,
  ): void;
}
