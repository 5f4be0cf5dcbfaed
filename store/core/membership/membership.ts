import type { Keyspace } from "../options/keyspace.ts";
import type { Placement } from "../placement.ts";
import { placementOfBoth } from "../placement.ts";
import type { MembershipPolicies } from "../policies/membership-policies.ts";
import { standardMembershipPolicies } from "../policies/membership-policies.ts";
import type { Ring } from "../ring.ts";
import { ringOf } from "../ring.ts";
import type { MembershipState, NodeMember } from "./membership-state.ts";
import { everybody, isLater } from "./membership-state.ts";

/** Hears that a later phase is known. */
export type MembershipListener = (state: MembershipState) => void;

/** What a node knows of who belongs to the cluster, and where keys are therefore. */
export class Membership {
  readonly #policies: MembershipPolicies;
  readonly #listeners: MembershipListener[] = [];
  #state: MembershipState;
  #ring: Ring;
  #nextRing: Ring | null;
  #members: readonly NodeMember[];
  /** Who belonged to it in the phase before: their requests of that phase still count. */
  #former: readonly string[] = [];

  constructor(state: MembershipState, policies: MembershipPolicies = standardMembershipPolicies) {
    this.#policies = policies;
    this.#state = state;
    this.#ring = ringOf(state.members);
    this.#nextRing = state.next === null ? null : ringOf(state.next);
    this.#members = everybody(state);
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

  isMember(node: string): boolean {
    return this.#members.some(({ id }) => id === node);
  }

  /**
   * Whether a node is asked to leave a phase before the next one is entered. Nobody waits for clients, for
   * strangers, or for nodes that were declared dead: they may be any number of phases behind.
   */
  isAwaited(node: string): boolean {
    return !this.#state.dead.includes(node) && (this.isMember(node) || this.#former.includes(node));
  }

  /** Hears of every later phase, in the order of subscription. */
  observe(listener: MembershipListener): void {
    this.#listeners.push(listener);
  }

  /** Knows a later phase. Earlier ones, and this one again, change nothing. False then. */
  adopt(state: MembershipState): boolean {
    const before = this.#state;
    if (!isLater(state, before)) return false;
    this.#former = this.#members.map(({ id }) => id).filter((id) => !before.dead.includes(id));
    this.#state = state;
    this.#ring = ringOf(state.members);
    this.#nextRing = state.next === null ? null : ringOf(state.next);
    this.#members = everybody(state);
    for (const listener of this.#listeners) listener(state);
    return true;
  }

  /** Where a key of a keyspace is now. */
  place(keyspace: Keyspace, key: string): Placement {
    const { n, replicas, ring } = keyspace;
    const next = this.#nextRing;
    if (next === null) return this.#ring.place(key, n, replicas);
    if (ring === "naive") return next.place(key, n, replicas);
    const before = this.#ring.place(key, n, replicas);
    const after = next.place(key, n, replicas);
    const readsNew = this.#state.phase === "write-both-read-new";
    if (!this.#policies.writesToPendingOwners()) return readsNew ? after : before;
    return placementOfBoth(before, after, readsNew);
  }

  /** Whether a node holds a key of a keyspace, before or after the change. */
  isOwner(keyspace: Keyspace, key: string, node: string): boolean {
    return this.place(keyspace, key).nodes.includes(node);
  }

  /** Whether a node is to hold a key that it does not hold yet. */
  isNewOwner({ n, replicas, ring }: Keyspace, key: string, node: string): boolean {
    const next = this.#nextRing;
    if (next === null || ring === "naive") return false;
    return (
      next.place(key, n, replicas).nodes.includes(node) &&
      !this.#ring.place(key, n, replicas).nodes.includes(node)
    );
  }

  /** All nodes in the order in which the walk from a key meets them: those behind the owners can stand in. */
  walk(key: string): readonly NodeMember[] {
    return this.#ring.walk(key);
  }
}
