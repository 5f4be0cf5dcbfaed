import { majority } from "../options/keyspace.ts";
import { isTombstone } from "../repair/tombstones.ts";
import { isNothing } from "../versions/version.ts";
import type { Defect } from "./defect.ts";

/** Planted in Merkle trees and in the collection of tombstones. */
export const inExchanges: readonly Defect[] = [
  {
    name: "merkle-leaf-not-updated-on-delete",
    standsFor: "The hook that keeps the hash tree hangs on puts only, so a delete leaves the old hash in it.",
    policies: { isHashed: (after) => !isTombstone(after) && !isNothing(after) },
  },
  {
    name: "merkle-tree-empty-after-restart",
    standsFor:
      "The hash tree is fed by writes and not by recovery, so a restarted node offers nothing it has.",
    policies: { hashesRecovered: () => false },
  },
  {
    name: "exchange-one-way",
    standsFor: "A node sends what it knows better and throws away what its peers send, for each has a turn.",
    policies: { takesFromPeers: () => false },
  },
  {
    name: "grace-read-as-microseconds",
    standsFor: "The grace is in milliseconds and clocks in microseconds, so tombstones go far too early.",
    policies: { graceMs: (keyspace) => (keyspace.deletes.graceMs ?? 0) / 1_000 },
  },
  {
    name: "purge-at-once",
    standsFor: "A tombstone that all replicas have is purged though an older write is still under way.",
    policies: { purgeWaitMs: () => 0 },
  },
  {
    name: "purge-without-all-replicas",
    standsFor: "A tombstone is purged once a quorum has it, so the replica that missed it brings data back.",
    policies: { copiesBeforePurge: majority },
  },
  {
    name: "purge-before-peer-synced",
    standsFor: "A replica says that it has a tombstone when it is in memory, and then loses its power.",
    policies: { awaitsTombstone: () => false },
  },
  {
    name: "refusal-skipped",
    standsFor: "Writes older than the purge wait are let in, since their version looks like any other.",
    policies: { refusesOlderThanMs: () => null },
  },
];
