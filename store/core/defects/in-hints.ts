import type { Defect } from "./defect.ts";

/** Planted in sloppy quorums and hinted handoff. */
export const inHints: readonly Defect[] = [];
