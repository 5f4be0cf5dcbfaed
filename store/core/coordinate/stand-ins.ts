import type { Message, MessageKindCode } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import { maxReplicas } from "../options/settings.ts";
import type { Placement } from "../placement.ts";

/** Where a message goes, and in whose place its receiver acts; `home` is empty where it acts for itself. */
export interface Recipient {
  readonly to: string;
  readonly home: string;
}

/** Nodes that a fallback round asks. Chosen: as many as a key may have replicas, lest a large cluster is flooded. */
const mostInFallback = maxReplicas;

/**
 * Who acts for the owners of a key that are away (Dynamo, section 4.6): the next nodes of the walk behind the
 * owners. (1) An owner that is suspected has one from the start. (2) A fallback round asks the others, too, for
 * the owners that are silent, and the owners that were not asked before: suspicion may be wrong. (3) A
 * stand-in is asked for another owner only when somebody else has answered for the one before, so that every
 * node counts once, and as many count as are reached.
 */
export class StandIns {
  readonly #context: NodeContext;
  readonly #placement: Placement;
  readonly #key: string;
  /** By place: who acts for the owner; null where it acts for itself. */
  readonly #nodes: (string | null)[];
  /** The place that each stand-in was asked for last. */
  readonly #askedFor = new Map<string, number>();
  /** Nodes behind the owners that were not asked yet, in the order of the walk; null before it is known. */
  #free: string[] | null = null;
  /** Places that somebody has answered for, as bits. */
  #heard = 0;

  constructor(context: NodeContext, placement: Placement, key: string) {
    this.#context = context;
    this.#placement = placement;
    this.#key = key;
    const { detector } = context;
    this.#nodes = placement.nodes.map(() => null);
    placement.nodes.forEach((owner, place) => {
      if (detector.isSuspected(owner)) this.#assign(this.#nextTrusted(), place);
    });
  }

  /** Another question is asked: nobody has answered that one, and those who stand in may do so again. */
  restart(): void {
    this.#heard = 0;
    this.#free = null;
    this.#askedFor.clear();
    this.#nodes.forEach((node, place) => {
      this.#assign(node, place);
    });
  }

  /** Who is asked for a place. */
  recipient(place: number): Recipient {
    const owner = this.#placement.nodes[place] ?? "";
    const node = this.#nodes[place] ?? null;
    return node === null ? { to: owner, home: "" } : { to: node, home: owner };
  }

  /** The place of the owner that a node stands in for; −1 where it stands in for none. */
  placeOf(node: string): number {
    return this.#nodes.indexOf(node);
  }

  /** Places that somebody stands in for, as bits. */
  get stoodInFor(): number {
    let bits = 0;
    this.#nodes.forEach((node, place) => {
      if (node !== null) bits |= 1 << place;
    });
    return bits;
  }

  /**
   * Notes who has answered for a place: the first one acts for it from now on, unless the owner answers, too.
   * Returns whom to ask next, for another place of a set; null for nobody.
   */
  heard(place: number, from: string, among: number): Recipient | null {
    const isOwner = from === this.#placement.nodes[place];
    const before = this.#nodes[place] ?? null;
    const isFirst = (this.#heard & (1 << place)) === 0;
    this.#heard |= 1 << place;
    if (isFirst || isOwner) this.#nodes[place] = isOwner ? null : from;
    const spare = isOwner ? before : from;
    if (isFirst || spare === null || spare === this.#nodes[place]) return null;
    // What was moved before may answer for its earlier place once more.
    return this.#askedFor.get(spare) === place ? this.#move(spare, among) : null;
  }

  /** Whom to ask now: all that are left, by turns for the silent places of a set, and owners that were not asked. */
  fallBack(among: number): readonly Recipient[] {
    const { nodes } = this.#placement;
    const places = nodes.flatMap((_, place) => ((among & (1 << place)) === 0 ? [] : place));
    const owners = places.flatMap((place) => (this.#nodes[place] === null ? [] : (nodes[place] ?? [])));
    const silent = places.filter((place) => (this.#heard & (1 << place)) === 0);
    const asked = owners.map((owner) => ({ to: owner, home: "" }));
    if (silent.length === 0) return asked;
    const standIns = this.#takeAll().map((node, turn) => {
      const place = silent[turn % silent.length] ?? 0;
      this.#assign(node, place);
      return { to: node, home: nodes[place] ?? "" };
    });
    return [...asked, ...standIns];
  }

  #assign(node: string | null, place: number): void {
    if (node === null) return;
    this.#nodes[place] = node;
    this.#askedFor.set(node, place);
  }

  /** Lets a stand-in act for the first silent owner. */
  #move(standIn: string, among: number): Recipient | null {
    const { nodes } = this.#placement;
    const silent = nodes.findIndex((_, place) => (among & ~this.#heard & (1 << place)) !== 0);
    const home = nodes[silent];
    if (home === undefined) return null;
    this.#assign(standIn, silent);
    return { to: standIn, home };
  }

  #nextTrusted(): string | null {
    const free = this.#known();
    const place = free.findIndex((node) => !this.#context.detector.isSuspected(node));
    return place < 0 ? null : (free.splice(place, 1)[0] ?? null);
  }

  /** Those that are left, the suspected ones last. */
  #takeAll(): readonly string[] {
    const { detector } = this.#context;
    const free = this.#known().splice(0);
    const trusted = free.filter((node) => !detector.isSuspected(node));
    const suspected = free.filter((node) => detector.isSuspected(node));
    return [...trusted, ...suspected].slice(0, mostInFallback);
  }

  #known(): string[] {
    const { nodes } = this.#placement;
    this.#free ??= this.#context.membership
      .walk(this.#key)
      .flatMap(({ id }) => (nodes.includes(id) || this.#askedFor.has(id) ? [] : id));
    return this.#free;
  }
}

/** Whether a message says no. A stand-in's counts for nothing: the owner was asked too, or will be. */
export function isRefusal({ kind }: Message): boolean {
  return refusals.has(kind);
}

const refusals: ReadonlySet<MessageKindCode> = new Set([
  MessageKind.writeRefused,
  MessageKind.writeBackRefused,
  MessageKind.readRefused,
]);

/** Whether somebody else can do it in an owner's place. */
export function isForStandIns(kind: MessageKindCode): boolean {
  return served.has(kind);
}

const served: ReadonlySet<MessageKindCode> = new Set([
  MessageKind.writeRequest,
  MessageKind.writeBack,
  MessageKind.readRequest,
]);
