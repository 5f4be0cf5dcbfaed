import { majority } from "../options/keyspace.ts";
import type { Placement } from "../placement.ts";
import type { Need } from "./quorum.ts";
import { bitCount } from "./quorum.ts";

/** How many replicas, and which: Cassandra's names. They go before w and r. */
export const consistencyLevels = [
  "ONE",
  "TWO",
  "QUORUM",
  "ALL",
  "LOCAL_ONE",
  "LOCAL_QUORUM",
  "EACH_QUORUM",
] as const;
export type ConsistencyLevel = (typeof consistencyLevels)[number];

/** Whether a text is the name of a level. */
export function isConsistencyLevel(text: string): text is ConsistencyLevel {
  return consistencyLevels.some((level) => level === text);
}

/**
 * What a level needs of a set of owners. `dc` is the coordinator's data centre. A level that asks for more
 * replicas than there are can't be met: EACH_QUORUM of a centre without replicas asks for none of it.
 */
export function needsOfLevel(
  level: ConsistencyLevel,
  owners: number,
  placement: Placement,
  dc: string | null,
): readonly Need[] {
  const size = bitCount(owners);
  switch (level) {
    case "ONE":
      return [{ among: owners, count: 1 }];
    case "TWO":
      return [{ among: owners, count: 2 }];
    case "QUORUM":
      return [{ among: owners, count: majority(size) }];
    case "ALL":
      return [{ among: owners, count: size }];
    case "LOCAL_ONE":
      return [{ among: inDc(owners, placement, dc), count: 1 }];
    case "LOCAL_QUORUM": {
      const local = inDc(owners, placement, dc);
      return [{ among: local, count: majority(bitCount(local)) }];
    }
    case "EACH_QUORUM":
      return [...new Set(placement.dcs)]
        .map((each) => inDc(owners, placement, each))
        .filter((among) => among !== 0)
        .map((among) => ({ among, count: majority(bitCount(among)) }));
  }
}

/** Those of the owners that stand in a data centre. */
function inDc(owners: number, placement: Placement, dc: string | null): number {
  let among = 0;
  placement.dcs.forEach((each, place) => {
    if (each === dc) among |= owners & (1 << place);
  });
  return among;
}
