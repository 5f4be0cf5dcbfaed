import type { Defect } from "./defect.ts";

/** Planted in CASPaxos and compare-and-set. */
export const inPaxos: readonly Defect[] = [];
