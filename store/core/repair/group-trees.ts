import type { NodeContext, Space } from "../node-context.ts";
import type { Policies } from "../policies.ts";
import type { Replica, ReplicaObserver } from "../storage/replica.ts";
import type { State } from "../versions/version.ts";
import { isNothing } from "../versions/version.ts";
import { MerkleTree } from "./merkle-tree.ts";
import { hashOf } from "./state-hash.ts";

/** A keyspace of which this node holds a part. */
export type OwnedSpace = Space & { readonly replica: Replica };

/** The keys that have the same owners, in whichever order. */
export interface ReplicaGroup {
  /** The owners' ids, sorted and joined. */
  readonly name: string;
  readonly owners: readonly string[];
  readonly tree: MerkleTree;
}

const nothingThere = new MerkleTree();

/**
 * A hash tree for each group of owners that this node is one of. Two owners compare whole trees, so that
 * a key counts only where both should have it. A node knows a group once it holds a key of it.
 */
export class GroupTrees implements ReplicaObserver {
  readonly #context: NodeContext;
  readonly #space: OwnedSpace;
  #groups = new Map<string, ReplicaGroup>();
  /** The membership that the groups are of; null before the first. */
  #epoch: number | null = null;

  constructor(context: NodeContext, space: OwnedSpace) {
    this.#context = context;
    this.#space = space;
    space.replica.observe(this);
  }

  /** Makes the trees of what the log had. */
  start(): void {
    if (this.#context.policies.hashesRecovered()) this.#refresh();
    else this.#epoch = this.#context.membership.epoch;
  }

  onChanged(key: string, _before: State, after: State): void {
    // Trees that must be made anyway need not be kept.
    if (this.#epoch === this.#context.membership.epoch && this.#context.policies.isHashed(after)) {
      this.#set(key, after);
    }
  }

  /** The groups that a peer belongs to as well, sorted. */
  sharedWith(peer: string): readonly ReplicaGroup[] {
    this.#refresh();
    const shared = [...this.#groups.values()].filter(({ owners }) => owners.includes(peer));
    return shared.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The tree of a group; an empty one where no key of it is held. */
  treeOf(name: string): MerkleTree {
    this.#refresh();
    return this.#groups.get(name)?.tree ?? nothingThere;
  }

  /** Changes of membership take keys from group to group. They are rare: everything is made anew. */
  #refresh(): void {
    const { epoch } = this.#context.membership;
    if (this.#epoch === epoch) return;
    this.#epoch = epoch;
    this.#groups = new Map();
    for (const key of this.#space.replica.keys()) this.#set(key, this.#space.replica.read(key));
  }

  #set(key: string, held: State): void {
    const group = this.#groupOf(key);
    if (group === null) return;
    const state = exchangedPart(this.#context.policies, held);
    group.tree.set(key, isNothing(state) ? null : hashOf(key, state));
  }

  /** Null where this node is no owner. */
  #groupOf(key: string): ReplicaGroup | null {
    const { nodes } = this.#context.membership.place(this.#space.keyspace, key);
    if (!nodes.includes(this.#context.id)) return null;
    const owners = [...nodes].sort();
    const name = owners.join(",");
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { name, owners, tree: new MerkleTree() };
      this.#groups.set(name, group);
    }
    return group;
  }
}

/** What of a state takes part in the exchange: all of it, tombstones too. */
export function exchangedPart(policies: Policies, state: State): State {
  if (state.entries.every((entry) => policies.isExchanged(entry))) return state;
  return { ...state, entries: state.entries.filter((entry) => policies.isExchanged(entry)) };
}
