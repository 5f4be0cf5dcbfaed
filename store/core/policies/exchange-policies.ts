import type { Keyspace } from "../options/keyspace.ts";
import type { Entry, State } from "../versions/version.ts";

/** What must be right about replicas at rest and about tombstones. */
export interface ExchangePolicies {
  /** Whether an entry takes part in the exchange at rest. */
  isExchanged(entry: Entry): boolean;
  /** Whether the hash tree follows a change of a key, given what is held of it then. */
  isHashed(after: State): boolean;
  /** Whether the hash tree of a node that starts has what its log has. */
  hashesRecovered(): boolean;
  /** Whether a node stores what a peer knows better. */
  takesFromPeers(): boolean;

  /** Milliseconds that a tombstone is kept, where its keyspace knows a grace. */
  graceMs(keyspace: Keyspace): number;
  /** Milliseconds that a tombstone must be old before it is purged, though all owners have it. */
  purgeWaitMs(keyspace: Keyspace): number;
  /** Owners that must have a tombstone synced before it is purged, of so many. */
  copiesBeforePurge(owners: number): number;
  /** Whether an owner says of a tombstone that it has it, or had it, only once it is or was synced there. */
  awaitsTombstone(): boolean;
}

/** As it should be. */
export const standardExchangePolicies: ExchangePolicies = {
  isExchanged: () => true,
  isHashed: () => true,
  hashesRecovered: () => true,
  takesFromPeers: () => true,

  graceMs: (keyspace) => keyspace.deletes.graceMs ?? 0,
  // Whatever is older than a tombstone that is this old, a replica refuses.
  purgeWaitMs: (keyspace) => keyspace.deletes.refuseOlderMs ?? 0,
  copiesBeforePurge: (owners) => owners,
  awaitsTombstone: () => true,
};
