/**
 * A named configuration of the store. Many live side by side in one cluster. `settings` tells of each field
 * what it means, its unit, its default, and where that comes from.
 */
export interface Keyspace {
  readonly name: string;
  /** Replicas of each key. */
  readonly n: number;
  /** Replicas by data centre, where they are placed that way: they sum up to n. */
  readonly replicas: Readonly<Record<string, number>> | null;
  readonly w: number;
  readonly r: number;
  readonly versions: "lww" | "arrival" | "hlc" | "siblings" | "pn-counter" | "or-set" | "or-cart";
  readonly actor: "incarnation" | "node";
  readonly siblings: "dotted" | "vectors";
  readonly replicate: "merged" | "new-sibling";
  readonly removes: "context" | "own-view";
  readonly tieBreak: "unique" | "none" | "value";
  readonly protocol: "quorum" | "abd" | "caspaxos";
  readonly cas: "none" | "quorum" | "caspaxos";
  readonly read: "plain" | "repair-async" | "repair-blocking";
  readonly writeBackTo: "contacted" | "w";
  readonly stamp: "coordinator" | "client";
  readonly stampUnitUs: number;
  readonly answer: "any" | "own-replica";
  readonly coordinate: "node" | "client";
  readonly deletes: DeletePolicy;
  readonly sloppy: SloppyPolicy | null;
  readonly hints: HintPolicy | null;
  readonly antiEntropyMs: number | null;
  readonly fsync: "always" | "never" | { readonly everyMs: number };
  readonly ring: "pending" | "naive" | "pending-union";
}

export interface DeletePolicy {
  readonly kind: "physical" | "forever" | "grace" | "purge";
  /** Milliseconds that a tombstone is kept; only of kind `grace`. */
  readonly graceMs: number | null;
  /** Milliseconds: a replica refuses versions that are older. A purge waits as long. Null refuses nothing. */
  readonly refuseOlderMs: number | null;
}

export interface SloppyPolicy {
  /** Milliseconds between two heartbeats to each peer. */
  readonly heartbeatMs: number;
  /** Milliseconds of silence after which a peer is suspected. */
  readonly suspectAfterMs: number;
}

export interface HintPolicy {
  /** Milliseconds of a home's outage during which hints are collected for it. */
  readonly windowMs: number;
  /** Milliseconds after which a hint is not delivered any more; null keeps it for ever. */
  readonly expiryMs: number | null;
  /** Hints that one node keeps. */
  readonly max: number;
  /** Characters of values in all hints that one node keeps. */
  readonly maxCharacters: number;
}

/** Whether a replica must make the version, because it says what that replica has seen. */
export function isDotted(keyspace: Keyspace): boolean {
  return dotted.has(keyspace.versions);
}

const dotted: ReadonlySet<string> = new Set(["siblings", "pn-counter", "or-set", "or-cart"]);

/** Whether replicas promise and accept ballots for its keys. */
export function hasBallots({ protocol, cas }: Keyspace): boolean {
  return protocol === "caspaxos" || cas === "caspaxos";
}

/** Whether versions tell the time at which they were made. */
export function isTimed(keyspace: Keyspace): boolean {
  const { protocol, versions } = keyspace;
  return protocol === "quorum" && (versions === "lww" || versions === "hlc");
}

/** The smallest number of n replicas that any two choices of share one. */
export function majority(n: number): number {
  return Math.floor(n / 2) + 1;
}
