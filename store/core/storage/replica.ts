import type { Metrics } from "../metrics.ts";
import type { Keyspace } from "../options/keyspace.ts";
import type { Policies } from "../policies.ts";
import { isTooOld } from "../repair/refusal.ts";
import { isTombstone } from "../repair/tombstones.ts";
import type { DiskTarget, Notes, Runtime } from "../runtime.ts";
import type { State, Versioning } from "../versions/version.ts";
import { compareVersions, headOf, isNothing, nothing } from "../versions/version.ts";
import { noted } from "../versions/version-text.ts";
import type { Durable } from "./durable.ts";
import type { Log } from "./log.ts";
import type { LogRecord } from "./record.ts";
import { forgottenRecord, RecordKind, stateRecord } from "./record.ts";

/** Waits for a replica to have stored something; called inside `store` when it has it already. */
export interface StoreWaiter {
  onStored(tag: number): void;
  onStoreFailed(tag: number): void;
}

/**
 * Why a replica is told something: a client's write, one replica repairing another, a write kept elsewhere, or
 * all that another replica has, however old it is.
 */
export type StoreReason = "write" | "repair" | "hint" | "stream";

/** Hears of every change of what a replica shows. */
export interface ReplicaObserver {
  onChanged(key: string, before: State, after: State): void;
}

/** What a replica shares with its node. */
export interface ReplicaHome {
  readonly runtime: Runtime;
  readonly policies: Policies;
  readonly metrics: Metrics;
  readonly log: Log;
  /** The epoch of the membership, for records. */
  epoch(): number;
}

/** Writes that wait for the disk, above which further ones are refused. Chosen: as many as open requests. */
const maxPending = 10_000;
/** Bytes or characters that wait for the disk, above which writes are refused. Chosen: a second of a slow disk. */
const maxBacklog = 64 * 1024 * 1024;

/** The newest state of a key that is logged and not yet durable, and how many such states are under way. */
interface Logged {
  readonly state: State;
  readonly count: number;
}

/**
 * What one node holds of one keyspace. Where every write is synced, the table has durable states only:
 * (1) a state is shown, acknowledged or passed on only once it would survive a power loss;
 * (2) an update builds on what is logged, so that two under way at once do not make the same event.
 */
export class Replica implements Durable {
  /** False while the node may have forgotten what it acknowledged: it must not answer reads. */
  isReady = true;
  readonly #keyspace: Keyspace;
  readonly #versioning: Versioning;
  readonly #home: ReplicaHome;
  readonly #notes: Notes | null;
  readonly #syncs: boolean;
  readonly #observers: ReplicaObserver[] = [];
  readonly #table = new Map<string, State>();
  readonly #logged = new Map<string, Logged>();
  #pending = 0;
  /** Sorted; null after a key came or went. */
  #keys: readonly string[] | null = null;

  constructor(keyspace: Keyspace, versioning: Versioning, home: ReplicaHome) {
    this.#keyspace = keyspace;
    this.#versioning = versioning;
    this.#home = home;
    this.#notes = home.runtime.notes;
    this.#syncs = keyspace.fsync === "always";
  }

  /** From now on this hears of changes. Those who are there before recovery hear of that, too. */
  observe(observer: ReplicaObserver): void {
    this.#observers.push(observer);
  }

  /** What the replica may show of a key. */
  read(key: string): State {
    return this.#table.get(key) ?? nothing;
  }

  /** The keys that it holds something of, sorted. */
  keys(): readonly string[] {
    this.#keys ??= [...this.#table.keys()].sort();
    return this.#keys;
  }

  /** Writes that wait for the disk. */
  get pending(): number {
    return this.#pending;
  }

  /** Merges a state into the key's. The waiter hears once the replica has it, or one that covers it, for good. */
  store(
    key: string,
    state: State,
    reason: StoreReason,
    cause: number,
    waiter: StoreWaiter | null,
    tag: number,
  ): void {
    const held = this.read(key);
    const { metrics, log } = this.#home;
    if (this.#merged(held, state, reason) === held) {
      metrics.writesDropped += 1;
      if (this.#notes !== null) this.#note("dropped", key, state, held, cause);
      if (waiter !== null) waiter.onStored(tag);
    } else if (this.#mustRefuse(key, state, reason, cause)) {
      if (waiter !== null) waiter.onStoreFailed(tag);
    } else if (this.#syncs) {
      this.#storeSynced(key, state, reason, cause, waiter, tag, false);
    } else {
      log.append(stateRecord(this.#keyspace.name, this.#home.epoch(), key, state), null, 0, cause);
      this.land(key, state, reason, cause);
      if (waiter !== null) waiter.onStored(tag);
    }
  }

  /**
   * Changes what is held of a key in one step, and returns what it then is. Nobody may see that before the
   * waiter hears that it is stored. A change that returns its argument still waits for what that builds on.
   */
  update(
    key: string,
    change: (held: State) => State,
    cause: number,
    waiter: StoreWaiter,
    tag: number,
  ): State {
    const logged = this.#logged.get(key);
    const held = this.read(key);
    const before = logged === undefined ? held : this.#versioning.merge(logged.state, held);
    const after = change(before);
    if (after === before && logged === undefined) {
      waiter.onStored(tag);
    } else if (this.#isOverloaded()) {
      this.#home.metrics.overloadedWrites += 1;
      waiter.onStoreFailed(tag);
    } else if (this.#syncs) {
      this.#logged.set(key, { state: after, count: (logged?.count ?? 0) + 1 });
      this.#storeSynced(key, after, "write", cause, waiter, tag, true);
    } else {
      this.store(key, after, "write", cause, waiter, tag);
    }
    return after;
  }

  /** Keeps nothing of a key any more. What comes later is stored as if the key had never been. */
  forget(key: string, cause: number): void {
    const held = this.read(key);
    if (isNothing(held)) return;
    const { log } = this.#home;
    // A newer state may be logged already and land later: a recovery must not take the record to mean it.
    const upTo = isTombstone(held) ? (headOf(held)?.version ?? null) : null;
    log.append(forgottenRecord(this.#keyspace.name, this.#home.epoch(), key, upTo), null, 0, cause);
    this.#remove(key, held);
    if (this.#notes !== null) this.#note("erased", key, held, nothing, cause);
  }

  /** Makes a logged state part of the table. */
  land(key: string, state: State, reason: StoreReason, cause: number): void {
    const held = this.read(key);
    const merged = this.#merged(held, state, reason);
    const holds = this.#put(key, held, merged);
    if (this.#notes === null) return;
    if (merged === held) this.#note("dropped", key, state, holds, cause);
    else if (isNothing(holds)) this.#note(isNothing(held) ? "dropped" : "erased", key, state, holds, cause);
    else this.#note(reason === "write" ? "stored" : "repaired", key, state, holds, cause);
  }

  /** A pending state is durable, or will never be. */
  settle(key: string, isUpdate: boolean, isDurable: boolean): void {
    this.#pending -= 1;
    if (!isDurable) this.#home.metrics.diskFailures += 1;
    if (!isUpdate) return;
    const logged = this.#logged.get(key);
    if (logged === undefined) return;
    if (logged.count === 1) this.#logged.delete(key);
    else this.#logged.set(key, { state: logged.state, count: logged.count - 1 });
  }

  recover(record: LogRecord): void {
    const { policies } = this.#home;
    const held = this.read(record.key);
    if (record.kind === RecordKind.forgotten) {
      const head = headOf(held);
      const isNewer =
        record.version !== null && head !== null && compareVersions(head.version, record.version) > 0;
      if (!isNewer) this.#remove(record.key, held);
    } else this.#put(record.key, held, policies.mergeRecovered(this.#versioning, held, record.state));
  }

  /** In no order, and with what comes in meanwhile: a large table is not sorted, nor copied, for it. */
  *records(): Generator<LogRecord> {
    for (const [key, state] of this.#table) {
      yield stateRecord(this.#keyspace.name, this.#home.epoch(), key, state);
    }
  }

  /** How many keys it remembers only as deleted. */
  tombstones(): number {
    let count = 0;
    for (const state of this.#table.values()) if (isTombstone(state)) count += 1;
    return count;
  }

  /** Tells the listener what every key holds after recovery. */
  noteRecovered(cause: number): void {
    for (const key of this.keys()) this.#note("recovered", key, this.read(key), this.read(key), cause);
  }

  #storeSynced(
    key: string,
    state: State,
    reason: StoreReason,
    cause: number,
    waiter: StoreWaiter | null,
    tag: number,
    isUpdate: boolean,
  ): void {
    const { policies, log } = this.#home;
    const isAckedNow = policies.acksUnsynced();
    const isShownNow = isAckedNow || policies.showsUnsynced();
    const heard = isAckedNow ? null : waiter;
    this.#pending += 1;
    const pending = new PendingStore(this, key, state, reason, cause, heard, tag, isShownNow, isUpdate);
    log.append(stateRecord(this.#keyspace.name, this.#home.epoch(), key, state), pending, 0, cause);
    if (isShownNow) this.land(key, state, reason, cause);
    if (isAckedNow && waiter !== null) waiter.onStored(tag);
  }

  /** Whether the disk is too far behind, or the state too old to be let in again. */
  #mustRefuse(key: string, state: State, reason: StoreReason, cause: number): boolean {
    const { metrics } = this.#home;
    if (this.#isOverloaded()) {
      metrics.overloadedWrites += 1;
      return true;
    }
    const { policies, runtime } = this.#home;
    if (reason === "stream" || !isNothing(this.read(key))) return false;
    if (!isTooOld(state, this.#keyspace, policies, runtime)) return false;
    metrics.oldWritesRefused += 1;
    if (this.#notes !== null) this.#note("dropped", key, state, this.read(key), cause);
    return true;
  }

  #isOverloaded(): boolean {
    return this.#pending >= maxPending || this.#home.log.disk.backlog > maxBacklog;
  }

  #merged(held: State, state: State, reason: StoreReason): State {
    const { policies } = this.#home;
    if (reason === "write") return policies.merge(this.#versioning, held, state);
    if (reason === "hint") return policies.mergeHint(this.#versioning, held, state);
    return policies.mergeRepair(this.#versioning, held, state);
  }

  /** Keeps the merged state, or nothing where deletes are physical. Returns what is held then. */
  #put(key: string, held: State, merged: State): State {
    if (merged === held) return held;
    if (isTombstone(merged) && !this.#home.policies.keepsTombstone(this.#keyspace)) {
      this.#remove(key, held);
      return nothing;
    }
    if (isNothing(held)) this.#keys = null;
    this.#table.set(key, merged);
    for (const observer of this.#observers) observer.onChanged(key, held, merged);
    return merged;
  }

  #remove(key: string, held: State): void {
    if (!this.#table.delete(key)) return;
    this.#keys = null;
    for (const observer of this.#observers) observer.onChanged(key, held, nothing);
  }

  #note(
    what: "stored" | "dropped" | "erased" | "repaired" | "recovered",
    key: string,
    subject: State,
    holds: State,
    cause: number,
  ): void {
    this.#notes?.note(what, this.#keyspace.name, key, noted(subject), noted(holds), cause);
  }
}

/** A state on its way to the disk. */
class PendingStore implements DiskTarget {
  readonly #replica: Replica;
  readonly #key: string;
  readonly #state: State;
  readonly #reason: StoreReason;
  readonly #cause: number;
  readonly #waiter: StoreWaiter | null;
  readonly #tag: number;
  readonly #isShown: boolean;
  readonly #isUpdate: boolean;

  constructor(
    replica: Replica,
    key: string,
    state: State,
    reason: StoreReason,
    cause: number,
    waiter: StoreWaiter | null,
    tag: number,
    isShown: boolean,
    isUpdate: boolean,
  ) {
    this.#replica = replica;
    this.#key = key;
    this.#state = state;
    this.#reason = reason;
    this.#cause = cause;
    this.#waiter = waiter;
    this.#tag = tag;
    this.#isShown = isShown;
    this.#isUpdate = isUpdate;
  }

  onDurable(): void {
    this.#replica.settle(this.#key, this.#isUpdate, true);
    if (!this.#isShown) this.#replica.land(this.#key, this.#state, this.#reason, this.#cause);
    if (this.#waiter !== null) this.#waiter.onStored(this.#tag);
  }

  onDiskFailed(): void {
    this.#replica.settle(this.#key, this.#isUpdate, false);
    if (this.#waiter !== null) this.#waiter.onStoreFailed(this.#tag);
  }
}
