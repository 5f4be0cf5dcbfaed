import type { Policies } from "./policies.ts";
import { standardPolicies } from "./policies.ts";
import type { State, Versioning } from "./versions/version.ts";
import { headOf, nothing } from "./versions/version.ts";

/** A bug that somebody really shipped, planted on purpose: the checkers must be able to catch it. */
export interface Defect {
  readonly name: string;
  /** The real bug that it stands for, in one sentence. */
  readonly standsFor: string;
  readonly policies: Partial<Policies>;
}

/** Of two states the one that a correct merge throws away; the other where one of them is nothing. */
function older(versioning: Versioning, a: State, b: State): State {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return versioning.covers(a, b) ? b : a;
}

/** Compares times alone, so that of two writes of one tick the one that comes last stays. */
function laterOrLast(held: State, arriving: State): State {
  const ours = headOf(held);
  const theirs = headOf(arriving);
  if (theirs === null) return held;
  return ours !== null && ours.version.time > theirs.version.time ? held : arriving;
}

/** What is shown once tombstones are taken for nothing. */
function unlessDeleted(state: State): State {
  return headOf(state)?.deleted === true ? nothing : state;
}

const inQuorums: readonly Defect[] = [
  {
    name: "write-acked-at-w-minus-1",
    standsFor: "An off-by-one in the comparison lets a write succeed one acknowledgement early.",
    policies: { writeAcksNeeded: (w) => Math.max(1, w - 1) },
  },
  {
    name: "read-answered-at-r-minus-1",
    standsFor: "An off-by-one in the comparison lets a read answer one replica early.",
    policies: { readAnswersNeeded: (r) => Math.max(1, r - 1) },
  },
  {
    name: "read-answered-by-one",
    standsFor: "A fast path takes the first replica's answer, whatever r says.",
    policies: { readAnswersNeeded: () => 1 },
  },
  {
    name: "write-acked-by-one",
    standsFor: "The coordinator answers when its own replica has the write and replicates afterwards.",
    policies: { writeAcksNeeded: () => 1 },
  },
  {
    name: "ack-counted-twice",
    standsFor:
      "Acknowledgements are counted by message and not by replica, so a doubled packet makes a quorum.",
    policies: { countsAnswer: () => true },
  },
  {
    name: "late-answer-of-earlier-life",
    standsFor:
      "Request ids start from one after a restart, so answers to an earlier life are taken for new ones.",
    policies: { isOfThisLife: () => true },
  },
  {
    name: "timeout-answered-as-success",
    standsFor: "The time-out handler of a write reports success, for the message was sent after all.",
    policies: { succeedsAtDeadline: () => true },
  },
  {
    name: "timeout-answered-as-failure",
    standsFor: "A write that timed out is reported as not done, though replicas may have it.",
    policies: { isFailedWriteIndeterminate: () => false },
  },
  {
    name: "repeated-request-applied",
    standsFor:
      "Request ids are not remembered, so a request that the network doubles is written again later.",
    policies: { remembersRequests: () => false },
  },
];

const inReads: readonly Defect[] = [
  {
    name: "read-ignores-newest",
    standsFor: "The read resolver sorts versions the wrong way round and returns the older answer.",
    policies: { pick: older },
  },
  {
    name: "read-takes-first-answer",
    standsFor: "The read waits for r answers and returns the first without comparing them.",
    policies: { pick: (_versioning, picked) => picked },
  },
  {
    name: "read-skips-tombstones",
    standsFor: "The read resolver takes a tombstone for a missing answer and prefers any value to it.",
    policies: {
      pick: (versioning, picked, answer) => versioning.merge(unlessDeleted(picked), unlessDeleted(answer)),
    },
  },
  {
    name: "repair-writes-older",
    standsFor: "Read repair sends a stale replica its own version back and takes that for repaired.",
    policies: { stateForRepair: (_picked, stale) => stale },
  },
  {
    name: "blocking-answers-unacked",
    standsFor: "A blocking read sends the write-back and answers without waiting for it.",
    policies: { awaitsWriteBack: () => false },
  },
  {
    name: "read-without-write-back",
    standsFor: "Blocking read repair was switched off to save a round trip.",
    policies: { writesBack: (keyspace) => keyspace.protocol === "abd" },
  },
  {
    name: "write-back-to-one",
    standsFor: "A read is answered once a single replica has what it returns.",
    policies: { copiesNeeded: () => 1 },
  },
  {
    name: "tombstone-dropped-on-repair",
    standsFor: "Read repair skips deleted keys, since there is no value to send.",
    policies: { repairsWith: (state) => headOf(state)?.deleted !== true },
  },
];

const inReplicas: readonly Defect[] = [
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
    policies: { mergeRecovered: (_versioning, held, logged) => (held.length > 0 ? held : logged) },
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

const inVersions: readonly Defect[] = [
  {
    name: "stamp-in-milliseconds",
    standsFor: "Timestamps are taken in milliseconds, so the node's name decides between close writes.",
    policies: { stampUs: (runtime) => Math.floor(runtime.wallClockUs() / 1_000) * 1_000 },
  },
  {
    name: "stamp-from-boot-time",
    standsFor: "Timestamps come from the monotonic clock, which starts anew with every process.",
    policies: { stampUs: (runtime) => runtime.monotonicUs() },
  },
  {
    name: "version-without-incarnation",
    standsFor: "Versions carry node and sequence only, so a restarted node mints the same ones again.",
    policies: { incarnationOf: () => "" },
  },
  {
    name: "abd-without-write-back",
    standsFor: "The read phase of abd is thought to be enough, and its second round is left out.",
    policies: {
      writesBack: (keyspace) => keyspace.protocol === "quorum" && keyspace.read === "repair-blocking",
    },
  },
  {
    name: "abd-sequence-reset",
    standsFor: "A coordinator counts versions in its own memory instead of asking a quorum.",
    policies: { nextCounter: (_highest, ownHighest) => ownHighest + 1 },
  },
  {
    name: "abd-clock-version",
    standsFor: "The version of an abd write is taken from the wall clock to save a round trip.",
    policies: { nextCounter: (_highest, _ownHighest, runtime) => runtime.wallClockUs() },
  },
  {
    name: "abd-version-from-one",
    standsFor: "The version of an abd write is one above that of the first replica that answers.",
    policies: { versionsNeeded: () => 1 },
  },
];

/** Every planted defect: the override of one decision, rarely two, of `Policies`. */
export const defects: readonly Defect[] = [...inQuorums, ...inReads, ...inReplicas, ...inVersions];

/** The policies of a store with that defect, or of the store as it should be. Throws on an unknown name. */
export function policiesOf(defect: string | undefined): Policies {
  if (defect === undefined) return standardPolicies;
  const found = defects.find(({ name }) => name === defect);
  if (found !== undefined) return { ...standardPolicies, ...found.policies };
  const names = defects.map(({ name }) => name).join(", ");
  throw new RangeError(`there is no defect "${defect}"; the defects are ${names}`);
}
