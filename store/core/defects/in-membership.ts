import type { Defect } from "./defect.ts";

/** Planted in changes of membership and in streaming. */
export const inMembership: readonly Defect[] = [
  {
    name: "pending-range-forgotten",
    standsFor:
      "While a node joins, writes still go to the old owners alone, so it lacks what came meanwhile.",
    policies: { writesToPendingOwners: () => false },
  },
  {
    name: "union-counted",
    standsFor: "While a node joins, acknowledgements of old and new owners are counted together up to w.",
    policies: { countsUnionOfOwners: () => true },
  },
  {
    name: "phase-skipped",
    standsFor: "The joining node alone decides when the next phase begins, whatever phase the others are in.",
    policies: { awaitsEveryNode: () => false, acceptsEpochBehind: () => true },
  },
  {
    name: "drain-skipped",
    standsFor: "A node says that it follows the new ring while its older requests are still under way.",
    policies: { drainsBeforeNextPhase: () => false, acceptsEpochBehind: () => true },
  },
  {
    name: "stream-from-one-owner",
    standsFor: "A joining node streams each range from one replica, which may lack acknowledged writes.",
    policies: { streamsNeeded: (peers) => Math.min(1, peers) },
  },
  {
    name: "stream-without-tombstones",
    standsFor: "Streaming leaves deleted keys out, so an older value elsewhere comes back.",
    policies: { isStreamed: (entry) => !entry.deleted },
  },
  {
    name: "resync-answers-early",
    standsFor: "A node that dropped a damaged record answers reads before its peers have filled the gap.",
    policies: { answersBeforeResync: () => true },
  },
];
