import type { State, Versioning } from "../versions/version.ts";
import { headOf, isNothing, nothing } from "../versions/version.ts";
import type { Defect } from "./defect.ts";

/** Of two states the one that a correct merge throws away; the other where one of them is nothing. */
function older(versioning: Versioning, a: State, b: State): State {
  if (isNothing(a)) return b;
  if (isNothing(b)) return a;
  return versioning.covers(a, b) ? b : a;
}

/** What is shown once tombstones are taken for nothing. */
function unlessDeleted(state: State): State {
  return headOf(state)?.deleted === true ? nothing : state;
}

/** Planted in what reads return and repair. */
export const inReads: readonly Defect[] = [
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
