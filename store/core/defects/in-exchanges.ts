import type { Defect } from "./defect.ts";

/** Planted in Merkle trees and in the collection of tombstones. */
export const inExchanges: readonly Defect[] = [];
