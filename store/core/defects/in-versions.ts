import type { Defect } from "./defect.ts";

/** Planted in how versions are made. */
export const inVersions: readonly Defect[] = [
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
    name: "stamp-reused-in-one-tick",
    standsFor: "Versions are milliseconds and a node's name, so that two writes of one node can share one.",
    policies: {
      stampUs: (runtime) => Math.floor(runtime.wallClockUs() / 1_000) * 1_000,
      stampSequence: () => 0,
    },
  },
  {
    name: "hybrid-clock-restarts-from-zero",
    standsFor: "A hybrid clock is kept in memory and starts anew from the wall clock with every process.",
    policies: { restoresHybridClock: () => false },
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
