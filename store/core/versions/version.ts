/** Names one write for ever: no two writes of any life of any node share one. */
export interface Version {
  /**
   * Microseconds of the coordinator's wall clock, of its hybrid clock, or of the client's clock; under abd and
   * CASPaxos a counter; of a dot, the sequence once more.
   */
  readonly time: number;
  /** Who made it: a node, or a client. */
  readonly node: string;
  /** The life of the node that made it: no crash or rollback brings an earlier one back. */
  readonly incarnation: string;
  /** Counts what this life of the node has made. */
  readonly sequence: number;
}

/** One written value, or a tombstone. Never changed once made: messages and tables share it. */
export interface Entry {
  readonly version: Version;
  /** Null for a tombstone. Text of the client; in CRDTs what the type makes of it. */
  readonly value: string | null;
  readonly deleted: boolean;
}

/** All events of one actor up to a counter. */
export interface ActorCounter {
  readonly node: string;
  /** Empty where the actor is the node and not its life. */
  readonly incarnation: string;
  readonly counter: number;
}

/** What is known to have happened: sorted by node and incarnation, an actor once, counters above 0. */
export type VersionVector = readonly ActorCounter[];

/**
 * All that is known of a key. Without siblings at most one entry, and no context. With them, the entries
 * that are live and the context of all that was seen: an entry that the context covers and that is not
 * there was replaced or removed.
 */
export interface State {
  readonly entries: readonly Entry[];
  readonly context: VersionVector;
}

/** A vector of nothing. */
export const noContext: VersionVector = [];

/** The state of a key that was never heard of. */
export const nothing: State = { entries: [], context: noContext };

/** A state of one entry and no context. */
export function only(entry: Entry): State {
  return { entries: [entry], context: noContext };
}

/** Whether nothing is known of the key, not even that it was deleted. */
export function isNothing(state: State): boolean {
  return state.entries.length === 0 && state.context.length === 0;
}

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
  /** What a client is shown of a state: nothing for a deleted key, several texts for siblings. */
  show(state: State): readonly string[];
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
  return state.entries[0] ?? null;
}

/** The values that are there: none for a deleted key. */
export function liveValues(state: State): readonly string[] {
  const values: string[] = [];
  for (const entry of state.entries) if (!entry.deleted && entry.value !== null) values.push(entry.value);
  return values;
}
