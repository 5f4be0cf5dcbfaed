import type { Keyspace } from "../options/keyspace.ts";
import type { Policies } from "../policies.ts";
import type { DiskTarget, Runtime } from "../runtime.ts";
import type { Durable } from "../storage/durable.ts";
import type { Log } from "../storage/log.ts";
import type { LogRecord } from "../storage/record.ts";
import { promiseRecord, RecordKind } from "../storage/record.ts";
import type { Replica, StoreWaiter } from "../storage/replica.ts";
import type { State, Version } from "../versions/version.ts";
import { compareVersions, headOf } from "../versions/version.ts";

/** Hears what an acceptor makes of a ballot, perhaps inside the call that asks. Accepted is `onStored`. */
export interface BallotWaiter extends StoreWaiter {
  /** No lower ballot will be accepted; `accepted` is all that was, so far. */
  onPromised(tag: number, accepted: State): void;
  /** `standing` is the greater ballot that was promised; null where the acceptor cannot answer at all. */
  onRefused(tag: number, standing: Version | null): void;
}

/** What an acceptor shares with its node. */
export interface AcceptorHome {
  readonly runtime: Runtime;
  readonly keyspace: Keyspace;
  readonly replica: Replica;
  readonly log: Log;
  readonly policies: Policies;
  /** The epoch of the membership, for records. */
  epoch(): number;
}

/** Promises that wait for the disk, above which further ones are refused. Chosen: as many as open requests. */
const maxPending = 10_000;
/**
 * Microseconds for which a promise is not given to another ballot, unless its accept comes before. Not needed
 * for safety; chosen: a round trip and two syncs, so that under contention requests wait, not end in doubt.
 */
const courtesyUs = 3_000;

/** A ballot that was promised. */
interface Promised {
  readonly ballot: Version;
  /** Monotonic microseconds until which its proposer may expect to get through. */
  readonly untilUs: number;
}

/**
 * One node's part in the consensus on each key of a keyspace (CASPaxos; Rystsov, 2018). What it has
 * accepted of a key is the replica's own state of it, whose version is the ballot; beside that it keeps
 * what it has promised. (1) A promise is durable before it is given, and rises only. (2) It tells all that was
 * accepted before it: the log is in order, so what was logged before the promise is in the table by then.
 */
export class Acceptor implements Durable {
  readonly #home: AcceptorHome;
  readonly #promises = new Map<string, Promised>();
  #highest = 0;
  #pending = 0;

  constructor(home: AcceptorHome) {
    this.#home = home;
  }

  /** The greatest ballot that was promised for a key: no lower one is accepted. */
  promised(key: string): Version | null {
    const promised = this.#promises.get(key)?.ballot ?? null;
    const accepted = headOf(this.#home.replica.read(key))?.version ?? null;
    if (promised === null || accepted === null) return promised ?? accepted;
    return compareVersions(accepted, promised) > 0 ? accepted : promised;
  }

  /** The greatest time of any ballot of the keyspace that the node has heard of, so that the next is above. */
  get highest(): number {
    return this.#highest;
  }

  /** Hears of a ballot that stands elsewhere. */
  heard({ time }: Version): void {
    if (time > this.#highest) this.#highest = time;
  }

  /** The first phase: promises a ballot, unless a greater one was. */
  prepare(key: string, ballot: Version, cause: number, waiter: BallotWaiter, tag: number): void {
    const { policies, log, replica, keyspace } = this.#home;
    const standing = this.promised(key);
    const nowUs = this.#home.runtime.monotonicUs();
    if (!replica.isReady || this.#pending >= maxPending) {
      waiter.onRefused(tag, null);
    } else if (standing !== null && !this.#mayGoAhead(key, ballot, standing, nowUs)) {
      waiter.onRefused(tag, standing);
    } else {
      this.#raise(key, ballot, nowUs + courtesyUs);
      const isAwaited = keyspace.fsync === "always" && policies.syncsPromises();
      const pending = isAwaited ? new PendingPromise(this, key, ballot, waiter, tag) : null;
      if (isAwaited) this.#pending += 1;
      log.append(this.#recordOf(key, ballot), pending, 0, cause);
      if (!isAwaited) waiter.onPromised(tag, replica.read(key));
    }
  }

  /** The second phase: accepts a state under a ballot, unless a greater one was promised. */
  accept(key: string, ballot: Version, state: State, cause: number, waiter: BallotWaiter, tag: number): void {
    const { policies, log, replica } = this.#home;
    const standing = this.promised(key);
    if (!replica.isReady) {
      waiter.onRefused(tag, null);
    } else if (!policies.mayAccept(ballot, standing)) {
      waiter.onRefused(tag, standing);
    } else {
      // Nobody waits for this record: the accepted state comes behind it, and is synced.
      if (this.#raise(key, ballot, 0)) log.append(this.#recordOf(key, ballot), null, 0, cause);
      replica.store(key, state, "write", cause, waiter, tag);
    }
  }

  /** Promises what another acceptor has promised: for a node that takes its place, or has lost its disk. */
  learn(key: string, promised: Version, cause: number): void {
    if (this.#raise(key, promised, 0)) this.#home.log.append(this.#recordOf(key, promised), null, 0, cause);
  }

  /** A promise is durable. It is given unless a greater one was meanwhile. */
  settle(key: string, ballot: Version, waiter: BallotWaiter, tag: number, isDurable: boolean): void {
    this.#pending -= 1;
    const standing = this.promised(key);
    if (!isDurable) waiter.onRefused(tag, null);
    else if (standing !== null && compareVersions(ballot, standing) < 0) waiter.onRefused(tag, standing);
    else waiter.onPromised(tag, this.#home.replica.read(key));
  }

  recover(record: LogRecord): void {
    if (record.kind === RecordKind.promise && record.version !== null)
      this.#raise(record.key, record.version, 0);
  }

  *records(): Iterable<LogRecord> {
    for (const [key, { ballot }] of this.#promises) yield this.#recordOf(key, ballot);
  }

  /** False where as much was promised before. */
  #raise(key: string, ballot: Version, untilUs: number): boolean {
    this.heard(ballot);
    const promised = this.#promises.get(key)?.ballot;
    const order = promised === undefined ? 1 : compareVersions(ballot, promised);
    if (order >= 0) this.#promises.set(key, { ballot, untilUs });
    return order > 0;
  }

  /** Whether a ballot is not below the one that stands, whose own turn is over. */
  #mayGoAhead(key: string, ballot: Version, standing: Version, nowUs: number): boolean {
    const order = compareVersions(ballot, standing);
    return order === 0 || (order > 0 && (this.#promises.get(key)?.untilUs ?? 0) <= nowUs);
  }

  #recordOf(key: string, ballot: Version): LogRecord {
    return promiseRecord(this.#home.keyspace.name, this.#home.epoch(), key, ballot);
  }
}

/** A promise on its way to the disk. */
class PendingPromise implements DiskTarget {
  readonly #acceptor: Acceptor;
  readonly #key: string;
  readonly #ballot: Version;
  readonly #waiter: BallotWaiter;
  readonly #tag: number;

  constructor(acceptor: Acceptor, key: string, ballot: Version, waiter: BallotWaiter, tag: number) {
    this.#acceptor = acceptor;
    this.#key = key;
    this.#ballot = ballot;
    this.#waiter = waiter;
    this.#tag = tag;
  }

  onDurable(): void {
    this.#acceptor.settle(this.#key, this.#ballot, this.#waiter, this.#tag, true);
  }

  onDiskFailed(): void {
    this.#acceptor.settle(this.#key, this.#ballot, this.#waiter, this.#tag, false);
  }
}
