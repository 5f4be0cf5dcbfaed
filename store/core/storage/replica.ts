import type { Metrics } from "../metrics.ts";
import type { Keyspace } from "../options/keyspace.ts";
import type { Policies } from "../policies.ts";
import { isTombstone } from "../repair/tombstones.ts";
import type { DiskTarget, Notes } from "../runtime.ts";
import type { State, Versioning } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";
import { noted } from "../versions/version-text.ts";
import type { Log } from "./log.ts";
import type { LogRecord } from "./record.ts";

/** Waits for a replica to have stored something; called inside `store` when it has it already. */
export interface StoreWaiter {
  onStored(tag: number): void;
  onStoreFailed(tag: number): void;
}

/** Why a replica is told something: a client's write, or one replica repairing another. */
export type StoreReason = "write" | "repair";

/**
 * What one node holds of one keyspace. Where every write is synced, the table has durable states only:
 * (1) a state is shown, acknowledged or passed on only once it would survive a power loss.
 * Logged states become durable in the order in which they were appended, so nothing else is kept.
 */
export class Replica {
  readonly #keyspace: Keyspace;
  readonly #versioning: Versioning;
  readonly #policies: Policies;
  readonly #log: Log;
  readonly #notes: Notes | null;
  readonly #metrics: Metrics;
  readonly #syncs: boolean;
  readonly #table = new Map<string, State>();
  /** Sorted; null after a key came or went. */
  #keys: readonly string[] | null = null;

  constructor(
    keyspace: Keyspace,
    versioning: Versioning,
    policies: Policies,
    log: Log,
    notes: Notes | null,
    metrics: Metrics,
  ) {
    this.#keyspace = keyspace;
    this.#versioning = versioning;
    this.#policies = policies;
    this.#log = log;
    this.#notes = notes;
    this.#metrics = metrics;
    this.#syncs = keyspace.fsync === "always";
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
    if (this.#merged(held, state, reason) === held) {
      this.#metrics.writesDropped += 1;
      if (this.#notes !== null) this.#note("dropped", key, state, held, cause);
      if (waiter !== null) waiter.onStored(tag);
    } else if (this.#syncs) {
      this.#storeSynced(key, state, reason, cause, waiter, tag);
    } else {
      this.#log.append(this.#keyspace.name, key, state, null, cause);
      this.land(key, state, reason, cause);
      if (waiter !== null) waiter.onStored(tag);
    }
  }

  /** Makes a logged state part of the table. */
  land(key: string, state: State, reason: StoreReason, cause: number): void {
    const held = this.read(key);
    const merged = this.#merged(held, state, reason);
    const holds = this.#put(key, held, merged);
    if (this.#notes === null) return;
    if (merged === held) this.#note("dropped", key, state, holds, cause);
    else if (holds.length === 0)
      this.#note(held.length === 0 ? "dropped" : "erased", key, state, holds, cause);
    else this.#note(reason === "write" ? "stored" : "repaired", key, state, holds, cause);
  }

  /** A state did not reach the disk: it is not shown, though it may be there after a restart. */
  countDiskFailure(): void {
    this.#metrics.diskFailures += 1;
  }

  /** Rebuilds the table from a record of the log. */
  recover(record: LogRecord): void {
    const held = this.read(record.key);
    this.#put(record.key, held, this.#policies.mergeRecovered(this.#versioning, held, record.state));
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
  ): void {
    const isAckedNow = this.#policies.acksUnsynced();
    const isShownNow = isAckedNow || this.#policies.showsUnsynced();
    const pending = new PendingStore(
      this,
      key,
      state,
      reason,
      cause,
      isAckedNow ? null : waiter,
      tag,
      isShownNow,
    );
    this.#log.append(this.#keyspace.name, key, state, pending, cause);
    if (isShownNow) this.land(key, state, reason, cause);
    if (isAckedNow && waiter !== null) waiter.onStored(tag);
  }

  #merged(held: State, state: State, reason: StoreReason): State {
    return reason === "write"
      ? this.#policies.merge(this.#versioning, held, state)
      : this.#policies.mergeRepair(this.#versioning, held, state);
  }

  /** Keeps the merged state, or nothing where deletes are physical. Returns what is held then. */
  #put(key: string, held: State, merged: State): State {
    if (merged === held) return held;
    if (isTombstone(merged) && !this.#policies.keepsTombstone(this.#keyspace)) {
      if (this.#table.delete(key)) this.#keys = null;
      return nothing;
    }
    if (held.length === 0) this.#keys = null;
    this.#table.set(key, merged);
    return merged;
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

  constructor(
    replica: Replica,
    key: string,
    state: State,
    reason: StoreReason,
    cause: number,
    waiter: StoreWaiter | null,
    tag: number,
    isShown: boolean,
  ) {
    this.#replica = replica;
    this.#key = key;
    this.#state = state;
    this.#reason = reason;
    this.#cause = cause;
    this.#waiter = waiter;
    this.#tag = tag;
    this.#isShown = isShown;
  }

  onDurable(): void {
    if (!this.#isShown) this.#replica.land(this.#key, this.#state, this.#reason, this.#cause);
    if (this.#waiter !== null) this.#waiter.onStored(this.#tag);
  }

  onDiskFailed(): void {
    this.#replica.countDiskFailure();
    if (this.#waiter !== null) this.#waiter.onStoreFailed(this.#tag);
  }
}
