import type { Defect } from "./defect.ts";

/** Planted in snapshots and recovery. */
export const inStorage: readonly Defect[] = [];
