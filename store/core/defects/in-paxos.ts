import type { Defect } from "./defect.ts";

/** Planted in CASPaxos and compare-and-set. */
export const inPaxos: readonly Defect[] = [
  {
    name: "paxos-ballot-reused",
    standsFor:
      "Ballots are counter and node alone, so a proposer that has restarted uses one of its ballots again.",
    policies: { ballotOf: (minted) => ({ ...minted, incarnation: "", sequence: 0 }) },
  },
  {
    name: "paxos-promise-not-synced",
    standsFor: "A promise is given from memory, so an acceptor that loses its power has forgotten it.",
    policies: { syncsPromises: () => false },
  },
  {
    name: "paxos-promise-forgotten",
    standsFor: "An acceptor accepts a ballot without looking at what it has promised.",
    policies: { mayAccept: () => true },
  },
  {
    name: "paxos-retries-after-accept",
    standsFor:
      "A proposer whose accept was refused proposes its change again, though it may have been taken.",
    policies: { retriesAfterAccept: () => true },
  },
  {
    name: "paxos-read-after-prepare",
    standsFor: "A read is answered with what the promises tell, which nobody need ever see again.",
    policies: { confirmsReads: () => false },
  },
  {
    name: "paxos-takes-first-promise",
    standsFor: "A proposer builds on the first value that a promise tells and not on the newest.",
    policies: {
      pickAccepted: (_versioning, picked, answer) => (picked.entries.length > 0 ? picked : answer),
    },
  },
  {
    name: "paxos-accept-at-minority",
    standsFor: "An off-by-one lets a proposer succeed one acceptance early.",
    policies: { acceptancesNeeded: (w) => Math.max(1, w - 1) },
  },
  {
    name: "paxos-promise-of-minority",
    standsFor: "An off-by-one lets a proposer go on one promise early.",
    policies: { promisesNeeded: (r) => Math.max(1, r - 1) },
  },
  {
    name: "cas-compares-before-quorum",
    standsFor: "A compare-and-set compares with the coordinator's own replica to save a round trip.",
    policies: { compared: (_known, own) => own },
  },
];
