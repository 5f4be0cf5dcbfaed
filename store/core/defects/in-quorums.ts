import type { Defect } from "./defect.ts";

/** Planted in the counting of answers. */
export const inQuorums: readonly Defect[] = [
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
