import type { Keyspace } from "./options/keyspace.ts";
import type { ExchangePolicies } from "./policies/exchange-policies.ts";
import { standardExchangePolicies } from "./policies/exchange-policies.ts";
import type { HintPoliciesOfNode } from "./policies/hint-policies.ts";
import { standardHintPoliciesOfNode } from "./policies/hint-policies.ts";
import type { MembershipPolicies } from "./policies/membership-policies.ts";
import { standardMembershipPolicies } from "./policies/membership-policies.ts";
import type { PaxosPolicies } from "./policies/paxos-policies.ts";
import { standardPaxosPolicies } from "./policies/paxos-policies.ts";
import type { SiblingPolicies } from "./policies/sibling-policies.ts";
import { standardSiblingPolicies } from "./policies/sibling-policies.ts";
import type { StoragePolicies } from "./policies/storage-policies.ts";
import { standardStoragePolicies } from "./policies/storage-policies.ts";
import { leavesTombstone } from "./repair/tombstones.ts";
import type { Runtime } from "./runtime.ts";
import type { State, Versioning } from "./versions/version.ts";

/**
 * The decisions that a correct store must get right, one function each. The logic asks here and nowhere
 * else, so that a planted defect is the override of one function and never an `if` in the logic.
 */
export interface Policies
  extends SiblingPolicies,
    PaxosPolicies,
    HintPoliciesOfNode,
    MembershipPolicies,
    ExchangePolicies,
    StoragePolicies {
  /** Acknowledgements that a write waits for. */
  writeAcksNeeded(w: number): number;
  /** Answers that a read waits for. */
  readAnswersNeeded(r: number): number;
  /** Answers that an abd write waits for before it chooses its version. */
  versionsNeeded(r: number): number;
  /** Replicas that must have what a read returns before it is answered, of those that it takes. */
  copiesNeeded(count: number): number;
  /** Whether an answer counts, by the bits of the replicas that were counted and the bit of this one. */
  countsAnswer(counted: number, bit: number): boolean;
  /** Whether an answer belongs to this life of the coordinator. */
  isOfThisLife(incarnation: string, own: string): boolean;
  /** What a request that ran out of time is answered with: true for success all the same. */
  succeedsAtDeadline(): boolean;
  /** Whether a failed put or delete is reported as one that may have taken effect. */
  isFailedWriteIndeterminate(): boolean;
  /** Whether a repeated request is recognised. */
  remembersRequests(): boolean;

  /** What a read makes of one more answer. */
  pick(versioning: Versioning, picked: State, answer: State): State;
  /** Whether a read sees to it that enough replicas have what it returns, where its keyspace asks for it. */
  writesBack(keyspace: Keyspace): boolean;
  /** Whether it waits for the acknowledgements of that. */
  awaitsWriteBack(): boolean;
  /** What a stale replica is sent. */
  stateForRepair(picked: State, stale: State): State;
  /** Whether stale replicas are sent this at all. */
  repairsWith(state: State): boolean;

  /** What a replica holds after a write. */
  merge(versioning: Versioning, held: State, arriving: State): State;
  /** What a replica holds after a repair, a write-back or an exchange at rest. */
  mergeRepair(versioning: Versioning, held: State, arriving: State): State;
  /** What a replica holds after one more record of its log. */
  mergeRecovered(versioning: Versioning, held: State, logged: State): State;
  /** Whether a replica acknowledges what is not synced, though its keyspace asks for it. */
  acksUnsynced(): boolean;
  /** Whether a replica shows what is not synced, though its keyspace asks for it. */
  showsUnsynced(): boolean;
  /** Whether a delete leaves a tombstone. */
  keepsTombstone(keyspace: Keyspace): boolean;
  /** Milliseconds: versions that are older are refused by replicas; null refuses none. */
  refusesOlderThanMs(keyspace: Keyspace): number | null;

  /** The time in the version of a write under lww, in microseconds. */
  stampUs(runtime: Runtime): number;
  /** The sequence in such a version: it tells writes of one tick apart. */
  stampSequence(sequence: number): number;
  /** The time of a hybrid clock, above every time that the node has made or heard of. */
  hybridTime(clockUs: number, highest: number): number;
  /** Whether a hybrid clock restarts above the times in the log. */
  restoresHybridClock(): boolean;
  /** The counter in the version of a write under abd, given the greatest that a quorum knows. */
  nextCounter(highest: number, ownHighest: number, runtime: Runtime): number;
  /** The life of the node, as its versions tell it. */
  incarnationOf(runtime: Runtime): string;
}

/** The store as it should be. */
export const standardPolicies: Policies = {
  ...standardSiblingPolicies,
  ...standardPaxosPolicies,
  ...standardHintPoliciesOfNode,
  ...standardMembershipPolicies,
  ...standardExchangePolicies,
  ...standardStoragePolicies,

  writeAcksNeeded: (w) => w,
  readAnswersNeeded: (r) => r,
  versionsNeeded: (r) => r,
  copiesNeeded: (count) => count,
  countsAnswer: (counted, bit) => (counted & bit) === 0,
  isOfThisLife: (incarnation, own) => incarnation === own,
  succeedsAtDeadline: () => false,
  isFailedWriteIndeterminate: () => true,
  remembersRequests: () => true,

  pick: (versioning, picked, answer) => versioning.merge(picked, answer),
  writesBack: (keyspace) => keyspace.protocol === "abd" || keyspace.read === "repair-blocking",
  awaitsWriteBack: () => true,
  stateForRepair: (picked) => picked,
  repairsWith: () => true,

  merge: (versioning, held, arriving) => versioning.merge(held, arriving),
  mergeRepair: (versioning, held, arriving) => versioning.merge(held, arriving),
  mergeRecovered: (versioning, held, logged) => versioning.merge(held, logged),
  acksUnsynced: () => false,
  showsUnsynced: () => false,
  keepsTombstone: leavesTombstone,
  refusesOlderThanMs: (keyspace) => keyspace.deletes.refuseOlderMs,

  stampUs: (runtime) => runtime.wallClockUs(),
  stampSequence: (sequence) => sequence,
  hybridTime: (clockUs, highest) => Math.max(clockUs, highest + 1),
  restoresHybridClock: () => true,
  nextCounter: (highest) => highest + 1,
  incarnationOf: (runtime) => runtime.incarnation,
};
