import type { NodeMember } from "./membership/membership-state.ts";

/**
 * Where a key is. A replica is known by its place in `nodes`, and sets of replicas are bits by place. While
 * owners change there are two sets, which may overlap; otherwise `next` is empty.
 */
export interface Placement {
  /** Nearest first. */
  readonly nodes: readonly string[];
  /** The data centre of each. */
  readonly dcs: readonly string[];
  /** The owners before a change of membership, or the only ones. */
  readonly current: number;
  /** The owners after it. */
  readonly next: number;
  /** The owners that reads ask. */
  readonly read: number;
}

/** Bits of the first `count` replicas. */
export function allOf(count: number): number {
  return (1 << count) - 1;
}

/** The placement while nothing changes. */
export function placementOf(members: readonly NodeMember[]): Placement {
  const all = allOf(members.length);
  return {
    nodes: members.map(({ id }) => id),
    dcs: members.map(({ dc }) => dc),
    current: all,
    next: 0,
    read: all,
  };
}

/** The placement while writes go to two sets of owners. */
export function placementOfBoth(before: Placement, after: Placement, readsNew: boolean): Placement {
  const nodes = [...before.nodes];
  const dcs = [...before.dcs];
  let next = 0;
  after.nodes.forEach((node, index) => {
    let place = nodes.indexOf(node);
    if (place < 0) {
      place = nodes.push(node) - 1;
      dcs.push(after.dcs[index] ?? "");
    }
    next |= 1 << place;
  });
  const current = before.current;
  return { nodes, dcs, current, next, read: readsNew ? next : current };
}
