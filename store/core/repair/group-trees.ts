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
/** Changed keys that wait to be hashed. Chosen: a key that changes again is hashed once, and nothing stalls. */
const mostChanged = 256;

/**
 * A hash tree for each group of owners that this node is one of. Two owners compare whole trees, so that
 * a key counts only where both should have it. A node knows a group once it holds a key of it.
 */
export class GroupTrees implements ReplicaObserver {
  readonly #context: NodeContext;
  readonly #space: OwnedSpace;
  #groups = new Map<string, ReplicaGroup>();
  /** Keys that changed since they were hashed, and what is held of them now. */
  readonly #changed = new Map<string, State>();
  /** The membership that the groups are of; null before the first. */
  #epoch: number | null = null;

  constructor(context: NodeContext, space: OwnedSpace) {
    this.#context = context;
    this.#space = space;
    space.replica.observe(this);
  }

  /** Makes the trees of what the log had. */
  start(): void {
    if (!this.#context.policies.hashesRecovered()) this.#epoch = this.#context.membership.epoch;
    this.#refresh();
  }

  onChanged(key: string, _before: State, after: State): void {
    // What comes before the start is found then.
    if (this.#epoch === null || !this.#context.policies.isHashed(after)) return;
    this.#changed.set(key, after);
    if (this.#changed.size >= mostChanged) this.#refresh();
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

  /** Hashes what changed; all of it after a change of membership, which takes keys from group to group. */
  #refresh(): void {
    const { epoch } = this.#context.membership;
    if (this.#epoch !== epoch) {
      this.#epoch = epoch;
      this.#groups = new Map();
      for (const key of this.#space.replica.keys()) this.#set(key, this.#space.replica.read(key));
    } else for (const [key, state] of this.#changed) this.#set(key, state);
    this.#changed.clear();
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
