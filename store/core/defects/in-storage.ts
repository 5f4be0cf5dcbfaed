import { isTombstone } from "../repair/tombstones.ts";
import type { Defect } from "./defect.ts";

/** So often that short runs meet the defect. */
const recordsBetweenSnapshots = (): number => 6;

/** Planted in snapshots and recovery. */
export const inStorage: readonly Defect[] = [
  {
    name: "snapshot-forgets-tombstones",
    standsFor: "The snapshot keeps live keys only, so a restarted replica has never heard of a delete.",
    policies: { recordsBetweenSnapshots, isKeptInSnapshot: ({ state }) => !isTombstone(state) },
  },
  {
    name: "snapshot-before-sync",
    standsFor:
      "The snapshot is made from the memtable while writes before its position are still on their way there.",
    policies: { recordsBetweenSnapshots, awaitsSyncBeforeSnapshot: () => false },
  },
  {
    name: "log-truncated-too-early",
    standsFor: "The log is cut when a snapshot is begun, before the snapshot holds what it stands for.",
    policies: { recordsBetweenSnapshots, isSnapshotFit: () => true },
  },
  {
    name: "resync-skipped",
    standsFor: "A node that had to drop a torn record answers as if it had forgotten nothing.",
    policies: { mustResync: () => false },
  },
];
