import type { Keyspace } from "../options/keyspace.ts";
import type { Placement } from "../placement.ts";
import { placementOfBoth } from "../placement.ts";
import type { Ring } from "../ring.ts";
import { ringOf } from "../ring.ts";
import type { MembershipState, NodeMember } from "./membership-state.ts";

/** What a node knows of who belongs to the cluster, and where keys are therefore. */
export class Membership {
  #state: MembershipState;
  #ring: Ring;
  #nextRing: Ring | null;
  #members: readonly NodeMember[];

  constructor(state: MembershipState) {
    this.#state = state;
    this.#ring = ringOf(state.members);
    this.#nextRing = state.next === null ? null : ringOf(state.next);
    this.#members = allMembers(state);
  }

  get state(): MembershipState {
    return this.#state;
  }

  get epoch(): number {
    return this.#state.epoch;
  }

  /** Everybody: owners before and after a change. Sorted by id. */
  get members(): readonly NodeMember[] {
    return this.#members;
  }

  /** The data centre of a node; null for one that is no member. */
  dcOf(node: string): string | null {
    return this.#members.find(({ id }) => id === node)?.dc ?? null;
  }

  /** Knows a later phase. Earlier ones, and this one again, change nothing. False then. */
  adopt(state: MembershipState): boolean {
    if (state.epoch <= this.#state.epoch) return false;
    this.#state = state;
    this.#ring = ringOf(state.members);
    this.#nextRing = state.next === null ? null : ringOf(state.next);
    this.#members = allMembers(state);
    return true;
  }

  /** Where a key of a keyspace is now. */
  place(keyspace: Keyspace, key: string): Placement {
    const { n, replicas, ring } = keyspace;
    const next = this.#nextRing;
    if (next === null) return this.#ring.place(key, n, replicas);
    if (ring === "naive") return next.place(key, n, replicas);
    const readsNew = this.#state.phase === "write-both-read-new";
    return placementOfBoth(this.#ring.place(key, n, replicas), next.place(key, n, replicas), readsNew);
  }

  /** All nodes in the order in which the walk from a key meets them: those behind the owners can stand in. */
  walk(key: string): readonly NodeMember[] {
    return this.#ring.walk(key);
  }
}

function allMembers(state: MembershipState): readonly NodeMember[] {
  const all = [...state.members];
  for (const member of state.next ?? []) {
    if (!all.some(({ id }) => id === member.id)) all.push(member);
  }
  return all.sort((a, b) => (a.id < b.id ? -1 : 1));
}
