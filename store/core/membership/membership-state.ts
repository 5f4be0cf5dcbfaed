/** A node and the data centre that it stands in. */
export interface NodeMember {
  readonly id: string;
  readonly dc: string;
  /** Where peers dial it, as HOST:PORT; absent where the world knows. */
  readonly address?: string;
}

/**
 * Where a change of membership stands. A phase is entered once every coordinator has left the one before:
 * `write-both-read-old`: writes go to old and new owners, reads to old ones, and new owners stream.
 * `write-both-read-new`: the new owners have everything that was acknowledged. `steady`: one list.
 */
export type MembershipPhase = "steady" | "write-both-read-old" | "write-both-read-new";

/** Who belongs to the cluster. Plain data: sent, logged, and shown to operators. */
export interface MembershipState {
  /** Counts phases: each step of each change has a number of its own. */
  readonly epoch: number;
  readonly phase: MembershipPhase;
  /** The owners before the change, or the only ones. */
  readonly members: readonly NodeMember[];
  /** The owners after it; null in the steady phase. */
  readonly next: readonly NodeMember[] | null;
  /** The node that leads the change; null in the steady phase. */
  readonly leader: string | null;
}

/** A cluster in which nothing changes. */
export function steady(members: readonly NodeMember[], epoch = 1): MembershipState {
  return { epoch, phase: "steady", members, next: null, leader: null };
}
