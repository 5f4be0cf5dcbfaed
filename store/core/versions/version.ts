/** Names one write for ever: no two writes of any life of any node share one. */
export interface Version {
  /** Microseconds of the coordinator's wall clock; under abd, a counter. */
  readonly time: number;
  readonly node: string;
  /** The life of the node that made it: no crash or rollback brings an earlier one back. */
  readonly incarnation: string;
  /** Counts what this life of the node has made. */
  readonly sequence: number;
}

/** One written value, or a tombstone. Never changed once made: messages and tables share it. */
export interface Entry {
  readonly version: Version;
  /** Null for a tombstone. */
  readonly value: string | null;
  readonly deleted: boolean;
}

/** All that is known of a key: no entry when nothing is, several where siblings are kept. */
export type State = readonly Entry[];

/** The state of a key that was never heard of. */
export const nothing: State = [];

/** How a keyspace decides between what it holds and what it hears of. */
export interface Versioning {
  readonly name: string;
  /**
   * What is known once both are. Returns `held` itself when the other adds nothing, so that callers can
   * tell by identity whether there is something to store.
   */
  merge(held: State, arriving: State): State;
  /** Whether a replica that holds the first has nothing to learn from the second. */
  covers(held: State, arriving: State): boolean;
}

/** A total order: negative when the first is older. Time, then node, incarnation and sequence. */
export function compareVersions(a: Version, b: Version): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  if (a.node !== b.node) return a.node < b.node ? -1 : 1;
  if (a.incarnation !== b.incarnation) return a.incarnation < b.incarnation ? -1 : 1;
  return a.sequence - b.sequence;
}

/** The entry that speaks for a state: the only one without siblings. */
export function headOf(state: State): Entry | null {
  return state[0] ?? null;
}

/** The values that a client is shown: none for a deleted key. */
export function liveValues(state: State): readonly string[] {
  const values: string[] = [];
  for (const entry of state) if (!entry.deleted && entry.value !== null) values.push(entry.value);
  return values;
}
