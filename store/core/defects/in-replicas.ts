import type { State } from "../versions/version.ts";
import { headOf, isNothing } from "../versions/version.ts";
import type { Defect } from "./defect.ts";

/** Compares times alone, so that of two writes of one tick the one that comes last stays. */
function laterOrLast(held: State, arriving: State): State {
  const ours = headOf(held);
  const theirs = headOf(arriving);
  if (theirs === null) return held;
  return ours !== null && ours.version.time > theirs.version.time ? held : arriving;
}

/** Planted in what replicas keep. */
export const inReplicas: readonly Defect[] = [
  {
    name: "older-write-overwrites",
    standsFor: "A replica stores what arrives last without comparing versions.",
    policies: { merge: (_versioning, _held, arriving) => arriving },
  },
  {
    name: "tie-broken-by-arrival",
    standsFor: "Two writes with one timestamp are ordered by arrival, so each replica keeps its own.",
    policies: {
      merge: (_versioning, held, arriving) => laterOrLast(held, arriving),
      mergeRepair: (_versioning, held, arriving) => laterOrLast(held, arriving),
    },
  },
  {
    name: "repair-overwrites",
    standsFor: "Repairs are stored without comparing versions, so a slow repair undoes a newer write.",
    policies: { mergeRepair: (_versioning, _held, arriving) => arriving },
  },
  {
    name: "ack-before-sync",
    standsFor: "A write is acknowledged when it is in the page cache, before fsync.",
    policies: { acksUnsynced: () => true },
  },
  {
    name: "shown-before-sync",
    standsFor: "A write is in the memtable, and readable, before it is synced.",
    policies: { showsUnsynced: () => true },
  },
  {
    name: "recovery-forgets-tail",
    standsFor: "Recovery takes the last whole record for torn and drops it.",
    policies: { recordsToRecover: (records) => records.slice(0, -1) },
  },
  {
    name: "recovery-keeps-first",
    standsFor: "Recovery replays the log with insert instead of upsert, so the first version of a key stays.",
    policies: { mergeRecovered: (_versioning, held, logged) => (isNothing(held) ? logged : held) },
  },
  {
    name: "recovery-starts-empty",
    standsFor: "The log is opened with truncation, so a restarted node has forgotten everything.",
    policies: { recordsToRecover: () => [] },
  },
  {
    name: "delete-without-tombstone",
    standsFor: "A delete removes the key on each replica, though the keyspace asks for tombstones.",
    policies: { keepsTombstone: () => false },
  },
  {
    name: "tombstone-ignored-by-anti-entropy",
    standsFor: "The exchange between replicas leaves deleted keys out, so a peer's old value looks new.",
    policies: { isExchanged: (entry) => !entry.deleted },
  },
];
