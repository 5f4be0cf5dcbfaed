import { hashText, mixHash } from "./hash.ts";
import type { NodeMember } from "./membership/membership-state.ts";
import type { Placement } from "./placement.ts";
import { placementOf } from "./placement.ts";

export type { NodeMember } from "./membership/membership-state.ts";

/** Points of each node on the ring. From STORE.md; Cassandra had 256 before it placed them by plan. */
const virtualNodes = 128;
/**
 * Places at which a key is looked up; the nearest node of all of them wins (multi-probe consistent
 * hashing, Appleton and O'Reilly, 2015). Chosen: with 128 points a single probe leaves shares with a
 * deviation of 9%, eight leave 2.3%.
 */
const probes = 8;
/** Keys whose replicas are remembered. Chosen, because a run has few keys and a server's cost a microsecond. */
const maxRemembered = 16_384;
const maxRings = 64;

/** Positions on the ring: 31 bits, so that they stay small integers. */
const circumference = 0x8000_0000;

/**
 * Which nodes hold a key: consistent hashing with virtual nodes. It depends on nothing but the
 * membership, so it is made once for each and shared.
 */
export class Ring {
  readonly members: readonly NodeMember[];
  readonly #points: Int32Array;
  readonly #owners: Uint16Array;
  readonly #remembered: Map<string, Placement>[] = [];
  /** The same for replicas that are counted by data centre, by the counts' own object. */
  readonly #rememberedByDc = new Map<DcCounts, Map<string, Placement>>();

  constructor(members: readonly NodeMember[], pointsPerNode: number) {
    this.members = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
    const all: { readonly at: number; readonly owner: number }[] = [];
    this.members.forEach((member, owner) => {
      const seed = hashText(member.id);
      for (let point = 0; point < pointsPerNode; point += 1)
        all.push({ at: mixHash(seed, point + 1), owner });
    });
    all.sort((a, b) => a.at - b.at || a.owner - b.owner);
    this.#points = Int32Array.from(all, (point) => point.at);
    this.#owners = Uint16Array.from(all, (point) => point.owner);
  }

  /** The n distinct nodes that hold a key, nearest first, in as many data centres as there are. */
  replicas(key: string, n: number): readonly string[] {
    return this.place(key, n, null).nodes;
  }

  /** The nodes that hold a key: n of them, or as many of each data centre as `byDc` says. */
  place(key: string, n: number, byDc: DcCounts | null): Placement {
    const remembered = this.#rememberedFor(n, byDc);
    const found = remembered.get(key);
    if (found !== undefined) return found;
    if (remembered.size >= maxRemembered) remembered.clear();
    const walk = this.walk(key);
    const placement = placementOf(byDc === null ? spread(walk, n) : spreadByDc(walk, byDc));
    remembered.set(key, placement);
    return placement;
  }

  #rememberedFor(n: number, byDc: DcCounts | null): Map<string, Placement> {
    let remembered = byDc === null ? this.#remembered[n] : this.#rememberedByDc.get(byDc);
    if (remembered === undefined) {
      remembered = new Map();
      if (byDc === null) this.#remembered[n] = remembered;
      else {
        if (this.#rememberedByDc.size >= maxRings) this.#rememberedByDc.clear();
        this.#rememberedByDc.set(byDc, remembered);
      }
    }
    return remembered;
  }

  /**
   * All nodes in the order in which the walk from a key meets them. A node that joins is put between the
   * others and moves nobody else, which is what makes the hashing consistent.
   */
  walk(key: string): readonly NodeMember[] {
    const nearest = this.members.map(() => circumference);
    const hash = hashText(key);
    for (let probe = 0; probe < probes; probe += 1) this.#measure(mixHash(hash, -probe - 1), nearest);
    return this.members
      .map((member, owner) => ({ member, distance: nearest[owner] ?? circumference }))
      .sort((a, b) => a.distance - b.distance || (a.member.id < b.member.id ? -1 : 1))
      .map((place) => place.member);
  }

  /** Notes for each node how far clockwise from `from` its first point is, where that is nearer. */
  #measure(from: number, nearest: number[]): void {
    const met = new Uint8Array(this.members.length);
    let left = this.members.length;
    const size = this.#points.length;
    const start = this.#firstFrom(from);
    for (let step = 0; step < size && left > 0; step += 1) {
      const index = (start + step) % size;
      const owner = this.#owners[index] ?? 0;
      if (met[owner] === 1) continue;
      met[owner] = 1;
      left -= 1;
      const distance = ((this.#points[index] ?? 0) - from + circumference) % circumference;
      if (distance < (nearest[owner] ?? 0)) nearest[owner] = distance;
    }
  }

  #firstFrom(position: number): number {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#points[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Replicas by data centre. */
export type DcCounts = Readonly<Record<string, number>>;

const rings = new Map<string, Ring>();
/** The same rings by the list itself: a run makes all its nodes from one list. */
const ringsByList = new WeakMap<readonly NodeMember[], Ring>();

/** The ring of a membership. The same membership gives the same ring, made once; the list must not change. */
export function ringOf(members: readonly NodeMember[]): Ring {
  const known = ringsByList.get(members);
  if (known !== undefined) return known;
  const name = JSON.stringify(members.map((member) => [member.id, member.dc]));
  let ring = rings.get(name);
  if (ring === undefined) {
    if (rings.size >= maxRings) rings.clear();
    ring = new Ring(members, virtualNodes);
    rings.set(name, ring);
  }
  ringsByList.set(members, ring);
  return ring;
}

/** Takes n nodes in the order of the walk, each time from a data centre that has fewest of them so far. */
function spread(walk: readonly NodeMember[], n: number): readonly NodeMember[] {
  const rest = [...walk];
  const taken = new Map<string, number>();
  const chosen: NodeMember[] = [];
  while (chosen.length < n && rest.length > 0) {
    let best = 0;
    for (let place = 1; place < rest.length; place += 1) {
      if (takenFrom(taken, rest[place]) < takenFrom(taken, rest[best])) best = place;
    }
    const [member] = rest.splice(best, 1);
    if (member === undefined) break;
    taken.set(member.dc, takenFrom(taken, member) + 1);
    chosen.push(member);
  }
  return chosen;
}

/** Takes from each data centre as many nodes as it is to have, in the order of the walk. */
function spreadByDc(walk: readonly NodeMember[], counts: DcCounts): readonly NodeMember[] {
  const taken = new Map<string, number>();
  return walk.filter((member) => {
    const before = takenFrom(taken, member);
    if (before >= (counts[member.dc] ?? 0)) return false;
    taken.set(member.dc, before + 1);
    return true;
  });
}

function takenFrom(taken: ReadonlyMap<string, number>, member: NodeMember | undefined): number {
  return member === undefined ? 0 : (taken.get(member.dc) ?? 0);
}
