import type { Keyspace } from "../options/keyspace.ts";
import type { Entry } from "../versions/version.ts";

/** What must be right while owners change, and while a node gets back what it has lost. */
export interface MembershipPolicies {
  /** Whether, while owners change, w acknowledgements of old and new owners together are enough. */
  countsUnionOfOwners(keyspace: Keyspace): boolean;
  /** Whether writes go to the new owners before reads do. */
  writesToPendingOwners(): boolean;
  /** Whether a node leaves a phase only once its requests of the phase before have ended. */
  drainsBeforeNextPhase(): boolean;
  /** Whether a phase is entered only once every node, and not the joining ones alone, has left the one before. */
  awaitsEveryNode(): boolean;
  /** Whether a replica does what a request asks that is so many phases behind it. */
  acceptsEpochBehind(phases: number, isAwaited: boolean): boolean;
  /** Peers that must have sent all they have, of those that should. */
  streamsNeeded(peers: number): number;
  /** Whether an entry is streamed. */
  isStreamed(entry: Entry): boolean;
  /** Whether a node that may have forgotten answers reads before it has resynchronised. */
  answersBeforeResync(): boolean;
}

/** As it should be. */
export const standardMembershipPolicies: MembershipPolicies = {
  countsUnionOfOwners: (keyspace) => keyspace.ring === "pending-union",
  writesToPendingOwners: () => true,
  drainsBeforeNextPhase: () => true,
  awaitsEveryNode: () => true,
  acceptsEpochBehind: (phases, isAwaited) => phases <= (isAwaited ? 1 : 0),
  streamsNeeded: (peers) => peers,
  isStreamed: () => true,
  answersBeforeResync: () => false,
};
