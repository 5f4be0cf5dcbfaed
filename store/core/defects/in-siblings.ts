import type { Defect } from "./defect.ts";

/** Planted in siblings and CRDTs. */
export const inSiblings: readonly Defect[] = [];
