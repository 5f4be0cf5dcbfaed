import type { Defect } from "./defect.ts";

/** Planted in changes of membership and in streaming. */
export const inMembership: readonly Defect[] = [];
