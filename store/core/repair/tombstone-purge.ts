import { BackgroundTask, causeOf } from "../background-cause.ts";
import { hashText } from "../hash.ts";
import type { Message } from "../messages.ts";
import { answerTo, keyMessage, MessageKind } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { StoreWaiter } from "../storage/replica.ts";
import type { State, Version } from "../versions/version.ts";
import { compareVersions, headOf, isNothing, nothing } from "../versions/version.ts";
import type { OwnedSpace } from "./group-trees.ts";
import { isTooOld } from "./refusal.ts";
import type { TombstoneTask } from "./tombstone-watch.ts";
import { TombstoneWatch } from "./tombstone-watch.ts";
import { isTombstone } from "./tombstones.ts";

/** How often in its wait a tombstone is looked at. Chosen: it stays a quarter longer than it must. */
const looksPerWait = 4;
/** Where there is neither a wait nor a period of anti-entropy. Chosen. */
const usualPeriodMs = 100;
/** Chosen: no timer is longer, whatever the wait. */
const longestPeriodMs = 60_000;
/** Keys that are asked for in one period; others wait. Chosen, so that a long outage floods nobody. */
const keysPerPeriod = 256;
/** Periods after which a purge begins anew: an owner has perhaps lost its disk. Chosen. */
const periodsPerAttempt = 16;

/** How far the purge of one tombstone is, at the owner that leads it. Lost in a crash: it begins again. */
interface Purge {
  readonly version: Version;
  readonly epoch: number;
  readonly owners: readonly string[];
  /** Owners that have it synced. */
  readonly known: Set<string>;
  /** Owners that keep nothing of it any more. */
  readonly purged: Set<string>;
  periods: number;
}

/**
 * Purges a tombstone once all owners are known to have it synced. The key's first owner (1) waits until the
 * tombstone is so old that replicas refuse whatever it deleted; (2) sends it to the others, who answer once
 * their disk has it; (3) tells them all to forget it, if that is still what they hold; (4) forgets it
 * last. Messages are repeated each period until they are answered.
 */
export class TombstonePurge implements TombstoneTask {
  readonly #context: NodeContext;
  readonly #space: OwnedSpace;
  readonly #watch: TombstoneWatch;
  readonly #periodUs: number;
  #purges = new Map<string, Purge>();
  /** The last key that had its turn. */
  #lastKey = "";

  constructor(context: NodeContext, space: OwnedSpace) {
    this.#context = context;
    this.#space = space;
    const periodMs = periodMsOf(space);
    this.#periodUs = periodMs * 1_000;
    this.#watch = new TombstoneWatch(context, space, BackgroundTask.purgeTombstones, periodMs, this);
  }

  start(): void {
    this.#watch.start();
  }

  /** Takes a message about a purge. */
  receive(from: string, message: Message): void {
    // While owners change, or this one gets back what it has lost, old data is on its way.
    if (message.ringEpoch !== this.#context.membership.epoch || !this.#space.replica.isReady) return;
    if (message.kind === MessageKind.tombstoneQuery) this.#onQuery(from, message);
    else if (message.kind === MessageKind.tombstoneKnown) this.#onKnown(from, message);
    else if (message.kind === MessageKind.tombstonePurge) this.#onPurge(from, message);
    else this.#onPurged(from, message);
  }

  onPeriod(tombstones: ReadonlySet<string>, cause: number): void {
    const { membership } = this.#context;
    if (membership.state.next !== null || !this.#space.replica.isReady) return;
    const before = this.#purges;
    this.#purges = new Map();
    for (const key of tombstones) {
      const purge = this.#purgeOf(key, before.get(key) ?? null);
      if (purge !== null) this.#purges.set(key, purge);
    }
    for (const key of this.#turns([...this.#purges.keys()].sort())) {
      // What becomes of one key's messages must not depend on which others there are.
      this.#advance(key, causeOf(cause, hashText(key)));
    }
  }

  /** The keys whose turn it is: those behind the last ones, then from the beginning. */
  #turns(keys: readonly string[]): readonly string[] {
    const behind = keys.filter((key) => key > this.#lastKey);
    const before = keys.filter((key) => key <= this.#lastKey);
    const turns = [...behind, ...before].slice(0, keysPerPeriod);
    this.#lastKey = turns[turns.length - 1] ?? "";
    return turns;
  }

  /** The purge of a tombstone that is due and that this node leads; it goes on where the old one still fits. */
  #purgeOf(key: string, old: Purge | null): Purge | null {
    const { id, membership } = this.#context;
    const tombstone = this.#tombstoneOf(key);
    if (tombstone === null || !this.#isDue(tombstone)) return null;
    const { epoch } = membership;
    if (old?.epoch === epoch && isSame(old.version, tombstone) && old.periods < periodsPerAttempt) return old;
    const owners = membership.place(this.#space.keyspace, key).nodes;
    if (!owners.includes(id) || (owners[0] !== id && !this.#isOverdue(tombstone))) return null;
    return { version: tombstone, epoch, owners, known: new Set([id]), purged: new Set([id]), periods: 0 };
  }

  /** Whether the own replica refuses whatever the tombstone has deleted. */
  #isDue(tombstone: Version): boolean {
    const waitMs = this.#waitMs;
    return waitMs === 0 || tombstone.time < this.#context.runtime.wallClockUs() - waitMs * 1_000;
  }

  /** A crash may bring a tombstone back to an owner that is not the first, when the others have forgotten it. */
  #isOverdue(tombstone: Version): boolean {
    const ageUs = this.#context.runtime.wallClockUs() - tombstone.time;
    return ageUs > 2 * this.#waitMs * 1_000 + periodsPerAttempt * this.#periodUs;
  }

  get #waitMs(): number {
    return this.#context.policies.purgeWaitMs(this.#space.keyspace);
  }

  #advance(key: string, cause: number): void {
    const purge = this.#purges.get(key);
    if (purge === undefined) return;
    purge.periods += 1;
    const isKnown = this.#isEnough(purge, purge.known);
    if (isKnown && this.#isEnough(purge, purge.purged)) this.#finish(key, purge, cause);
    else if (isKnown) this.#tellAll(key, purge, cause);
    else {
      const state = this.#space.replica.read(key);
      for (const owner of purge.owners) {
        if (!purge.known.has(owner)) this.#send(owner, MessageKind.tombstoneQuery, cause, key, state);
      }
    }
  }

  #tellAll(key: string, { owners, purged, version }: Purge, cause: number): void {
    const kind = MessageKind.tombstonePurge;
    for (const owner of owners) {
      if (!purged.has(owner)) this.#send(owner, kind, cause, key, nothing, version);
    }
  }

  #isEnough({ owners }: Purge, among: ReadonlySet<string>): boolean {
    return among.size >= this.#context.policies.copiesBeforePurge(owners.length);
  }

  /** Step 2, at another owner: stores the tombstone, and answers once it is there for good. */
  #onQuery(from: string, message: Message): void {
    const { mint, policies } = this.#context;
    mint.heardState(message.keyspace, message.state);
    const answer = new KnownAnswer(this.#context, this.#space, from, message);
    const waiter = policies.awaitsTombstone() ? answer : null;
    if (waiter === null) answer.onStored();
    this.#space.replica.store(message.key, message.state, "repair", message.cause, waiter, 0);
  }

  #onKnown(from: string, { key, version, cause }: Message): void {
    const purge = this.#openPurge(key, version);
    if (purge === null || purge.known.has(from) || !purge.owners.includes(from)) return;
    const wasEnough = this.#isEnough(purge, purge.known);
    purge.known.add(from);
    if (!wasEnough && this.#isEnough(purge, purge.known)) this.#tellAll(key, purge, cause);
  }

  /** Step 3, at another owner. Silent where it holds something older, or would still let that in. */
  #onPurge(from: string, message: Message): void {
    const { key, version, cause } = message;
    if (version === null) return;
    const head = headOf(this.#space.replica.read(key));
    const order = head === null ? 1 : compareVersions(head.version, version);
    if (order < 0 && this.#context.policies.awaitsTombstone()) return;
    if (order === 0) {
      if (head?.deleted !== true || !this.#isDue(version)) return;
      this.#forget(key, cause);
    }
    const { runtime } = this.#context;
    runtime.send(from, answerTo(message, MessageKind.tombstonePurged, nothing, version));
  }

  #onPurged(from: string, { key, version, cause }: Message): void {
    const purge = this.#openPurge(key, version);
    if (purge === null || !purge.owners.includes(from)) return;
    purge.purged.add(from);
    if (this.#isEnough(purge, purge.purged)) this.#finish(key, purge, cause);
  }

  /** Step 4. */
  #finish(key: string, { version }: Purge, cause: number): void {
    this.#purges.delete(key);
    const held = this.#tombstoneOf(key);
    if (held !== null && isSame(held, version)) this.#forget(key, cause);
  }

  #forget(key: string, cause: number): void {
    this.#space.replica.forget(key, cause);
    this.#context.metrics.tombstonesPurged += 1;
  }

  /** The purge that an answer is about. */
  #openPurge(key: string, version: Version | null): Purge | null {
    const purge = this.#purges.get(key);
    return purge !== undefined && version !== null && isSame(purge.version, version) ? purge : null;
  }

  #tombstoneOf(key: string): Version | null {
    const held = this.#space.replica.read(key);
    return isTombstone(held) ? (headOf(held)?.version ?? null) : null;
  }

  #send(
    to: string,
    kind: typeof MessageKind.tombstoneQuery | typeof MessageKind.tombstonePurge,
    cause: number,
    key: string,
    state: State,
    version: Version | null = headOf(state)?.version ?? null,
  ): void {
    if (to === this.#context.id) return;
    const { membership, runtime } = this.#context;
    const { name } = this.#space.keyspace;
    const { incarnation } = runtime;
    const { epoch } = membership;
    runtime.send(to, keyMessage(kind, cause, 0, 0, incarnation, name, epoch, key, "", state, version, null));
  }
}

/** Says that a tombstone is synced here. */
class KnownAnswer implements StoreWaiter {
  readonly #context: NodeContext;
  readonly #space: OwnedSpace;
  readonly #from: string;
  readonly #query: Message;

  constructor(context: NodeContext, space: OwnedSpace, from: string, query: Message) {
    this.#context = context;
    this.#space = space;
    this.#from = from;
    this.#query = query;
  }

  onStored(): void {
    const { runtime } = this.#context;
    const { version } = this.#query;
    runtime.send(this.#from, answerTo(this.#query, MessageKind.tombstoneKnown, nothing, version));
  }

  /** Refused for its age where nothing is held: then all that it has deleted will be refused as well. */
  onStoreFailed(): void {
    const { policies, runtime } = this.#context;
    const { keyspace, replica } = this.#space;
    const { key, state } = this.#query;
    const isRefused = isNothing(replica.read(key)) && isTooOld(state, keyspace, policies, runtime);
    // What waits for the disk was let in before.
    if (isRefused && replica.pending === 0) this.onStored();
  }
}

function isSame(a: Version, b: Version): boolean {
  return compareVersions(a, b) === 0;
}

function periodMsOf({ keyspace }: OwnedSpace): number {
  const { antiEntropyMs, deletes } = keyspace;
  if (deletes.refuseOlderMs === null) return antiEntropyMs ?? usualPeriodMs;
  return Math.min(longestPeriodMs, Math.max(1, Math.floor(deletes.refuseOlderMs / looksPerWait)));
}
