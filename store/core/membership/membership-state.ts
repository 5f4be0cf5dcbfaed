/** A node and the data centre that it stands in. */
export interface NodeMember {
  readonly id: string;
  readonly dc: string;
  /** Where peers dial it, as HOST:PORT; absent where the world knows. */
  readonly address?: string;
}

/**
 * Where a change of membership stands. A phase is entered once every coordinator has left the one before.
 * `write-both-read-old`: writes go to old and new owners, reads to old ones. `streaming`: the same, and the
 * new owners stream, since no write to old owners alone is under way any more. `write-both-read-new`: the
 * new owners have everything that was acknowledged. `steady`: one list.
 */
export type MembershipPhase = "steady" | "write-both-read-old" | "streaming" | "write-both-read-new";

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
  /** Members whose word the change does not wait for and whose requests count no more. */
  readonly dead: readonly string[];
}

/** A cluster in which nothing changes. */
export function steady(members: readonly NodeMember[], epoch = 1): MembershipState {
  return { epoch, phase: "steady", members, next: null, leader: null, dead: [] };
}

/** The first phase of a change. */
export function changeOf(
  state: MembershipState,
  next: readonly NodeMember[],
  leader: string,
  dead: readonly string[],
): MembershipState {
  const { epoch, members } = state;
  return { epoch: epoch + 1, phase: "write-both-read-old", members, next, leader, dead };
}

/** The phase after this one; null where nothing changes. */
export function phaseAfter(state: MembershipState): MembershipState | null {
  const { members, next, leader, dead } = state;
  const epoch = state.epoch + 1;
  switch (state.phase) {
    case "steady":
      return null;
    case "write-both-read-old":
      return { epoch, phase: "streaming", members, next, leader, dead };
    case "streaming":
      return { epoch, phase: "write-both-read-new", members, next, leader, dead };
    case "write-both-read-new":
      return steady(next ?? members, epoch);
  }
}

/** Whether the change can still be given up: reads go to the old owners, who have been written to as before. */
export function canGiveUp({ phase }: MembershipState): boolean {
  return phase === "write-both-read-old" || phase === "streaming";
}

/**
 * Whether the first goes before the second. Two nodes may begin a change in the same epoch; the leader with
 * the greater name wins. The other cannot have got beyond its first phase, for the winner never joined it.
 */
export function isLater(a: MembershipState, b: MembershipState): boolean {
  if (a.epoch !== b.epoch) return a.epoch > b.epoch;
  return (a.leader ?? "") > (b.leader ?? "");
}

/** Owners before and after a change, sorted by id. */
export function everybody(state: MembershipState): readonly NodeMember[] {
  const all = [...state.members];
  for (const member of state.next ?? []) {
    if (!all.some(({ id }) => id === member.id)) all.push(member);
  }
  return all.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether two lists name the same nodes in the same places. */
export function isSameList(a: readonly NodeMember[], b: readonly NodeMember[]): boolean {
  const texts = (list: readonly NodeMember[]): string =>
    JSON.stringify(list.map(({ id, dc, address }) => JSON.stringify([id, dc, address ?? null])).sort());
  return texts(a) === texts(b);
}
