import type { ReturnListener } from "../failure-detector.ts";
import type { Message } from "../messages.ts";
import type { NodeContext, Space } from "../node-context.ts";
import type { Keyspace } from "../options/keyspace.ts";
import type { DiskTarget } from "../runtime.ts";
import type { Durable } from "../storage/durable.ts";
import type { Log } from "../storage/log.ts";
import type { LogRecord } from "../storage/record.ts";
import { hintRecord, RecordKind } from "../storage/record.ts";
import type { StoreWaiter } from "../storage/replica.ts";
import type { State } from "../versions/version.ts";
import { headOf, isNothing, nothing } from "../versions/version.ts";
import type { HintSource } from "./handoff.ts";
import { Handoff } from "./handoff.ts";
import type { Hint } from "./hint-table.ts";
import { charactersOf, HintTable } from "./hint-table.ts";
import type { Hints } from "./hints.ts";

/** Bytes or characters that wait for the disk, above which hints are refused. Chosen: as for replicas' writes. */
const maxBacklog = 64 * 1024 * 1024;

/**
 * The hints of one node: one for each home, keyspace and key. (1) A hint is acknowledged, read or delivered
 * only once it would survive a power loss; (2) it is deleted only once its home has acknowledged all of it,
 * or when it has expired; (3) none is kept beyond the bounds of its keyspace or the window of its home.
 */
export class KeptHints implements Hints, HintSource, Durable, ReturnListener {
  readonly #context: NodeContext;
  readonly #spaces: ReadonlyMap<string, Space>;
  readonly #log: Log;
  readonly #table = new HintTable();
  readonly #handoffs = new Map<string, Handoff>();

  constructor(context: NodeContext, spaces: ReadonlyMap<string, Space>, log: Log) {
    this.#context = context;
    this.#spaces = spaces;
    this.#log = log;
  }

  /** Begins to deliver what was recovered. */
  start(): void {
    for (const home of this.#table.homes()) this.#handoffOf(home).wake();
    this.#measure();
  }

  read(home: string, keyspace: string, key: string): State {
    const hint = this.#table.find(home, keyspace, key);
    return hint === null || this.#isExpired(hint) ? nothing : hint.durable;
  }

  keep(
    home: string,
    keyspace: string,
    key: string,
    state: State,
    cause: number,
    waiter: StoreWaiter | null,
    tag: number,
  ): void {
    const space = this.#spaces.get(keyspace);
    const known = this.#unexpired(home, keyspace, key);
    const { metrics, runtime } = this.#context;
    if (known !== null && space?.versioning.covers(known.durable, state) === true) {
      waiter?.onStored(tag);
    } else if (space === undefined || this.#mustRefuse(space, home, known, state)) {
      metrics.hintsDropped += 1;
      waiter?.onStoreFailed(tag);
    } else {
      const hint = known ?? this.#table.add(home, keyspace, key, runtime.wallClockUs());
      this.#add(space, hint, state, runtime.wallClockUs());
      this.#append(space, hint, state, cause, waiter, tag);
      metrics.hintsWritten += 1;
      this.#measure();
    }
  }

  /** A write in a hint is durable, or never will be. */
  settle(hint: Hint, state: State, isDurable: boolean): void {
    hint.pending -= 1;
    if (isDurable) this.#land(hint, state);
    else this.#context.metrics.diskFailures += 1;
    if (hint.pending > 0 || !this.#table.holds(hint)) return;
    // What did not reach the disk is not kept.
    if (isNothing(hint.durable)) this.#table.remove(hint);
    else this.#table.change(hint, hint.durable);
    this.#measure();
  }

  onReturned(node: string): void {
    if (this.#table.has(node)) this.#handoffOf(node).homeIsBack();
  }

  /** A home has something synced that was brought to it. */
  onAck(from: string, message: Message): void {
    this.#handoffs.get(from)?.onAck(message);
  }

  has(home: string): boolean {
    return this.#table.has(home);
  }

  deliverable(home: string): readonly Hint[] {
    const { membership } = this.#context;
    const hints: Hint[] = [];
    // Copied, because what has moved may be gone within the loop.
    for (const hint of [...this.#table.ofHome(home)]) {
      if (!this.isDeliverable(hint)) continue;
      const space = this.#spaces.get(hint.keyspace);
      const isOwner = space === undefined || membership.isOwner(space.keyspace, hint.key, home);
      if (isOwner) hints.push(hint);
      else this.#moveHome(space, hint);
    }
    return hints.sort(byKey);
  }

  /** Whether it may be sent now. One that has expired is dropped. */
  isDeliverable(hint: Hint): boolean {
    return this.#table.holds(hint) && !this.#dropExpired(hint) && !isNothing(hint.durable);
  }

  /** The home has the state. What came to the hint since then stays. */
  delivered(hint: Hint, state: State): void {
    this.#context.metrics.hintsDelivered += 1;
    this.#release(hint, state);
  }

  recover({ kind, keyspace, key, node, state, timeUs }: LogRecord): void {
    const space = this.#spaces.get(keyspace);
    if (space === undefined) return;
    const known = this.#table.find(node, keyspace, key);
    if (kind === RecordKind.hint) {
      const hint = known ?? this.#table.add(node, keyspace, key, timeUs);
      this.#add(space, hint, state, timeUs);
      hint.durable = hint.logged;
    } else if (known !== null && space.versioning.covers(state, known.logged)) {
      this.#table.remove(known);
    }
  }

  *records(): Iterable<LogRecord> {
    for (const home of this.#table.homes()) {
      for (const hint of this.#table.ofHome(home)) {
        const { keyspace, key, logged, sinceUs } = hint;
        yield hintRecord(RecordKind.hint, keyspace, this.#epoch, key, logged, home, sinceUs);
      }
    }
  }

  /** Others own the key now: it is kept for each of them instead. */
  #moveHome({ keyspace, replica }: Space, hint: Hint): void {
    const { id, membership } = this.#context;
    const { key, durable } = hint;
    const { cause } = this.#handoffOf(hint.home);
    const owners = membership.place(keyspace, key).nodes;
    const moved = new MovedHint(owners.length, () => this.#release(hint, durable));
    for (const owner of owners) {
      if (owner !== id) this.keep(owner, keyspace.name, key, durable, cause, moved, 0);
      else if (replica !== null) replica.store(key, durable, "hint", cause, moved, 0);
    }
  }

  get #epoch(): number {
    return this.#context.membership.epoch;
  }

  #append(
    space: Space,
    hint: Hint,
    state: State,
    cause: number,
    waiter: StoreWaiter | null,
    tag: number,
  ): void {
    const { home, keyspace, key, sinceUs } = hint;
    const record = hintRecord(RecordKind.hint, keyspace, this.#epoch, key, state, home, sinceUs);
    if (space.keyspace.fsync !== "always") {
      this.#log.append(record, null, 0, cause);
      this.#land(hint, state);
      waiter?.onStored(tag);
      return;
    }
    const isAckedNow = this.#context.policies.acksUnsyncedHint();
    hint.pending += 1;
    this.#log.append(record, new PendingHint(this, hint, state, isAckedNow ? null : waiter, tag), 0, cause);
    if (isAckedNow) waiter?.onStored(tag);
  }

  #land(hint: Hint, state: State): void {
    const versioning = this.#spaces.get(hint.keyspace)?.versioning;
    if (versioning === undefined || !this.#table.holds(hint)) return;
    hint.durable = versioning.merge(hint.durable, state);
    this.#handoffOf(hint.home).wake();
  }

  /** Merges a state into what is logged. The hint is as old as the oldest write that is left in it. */
  #add({ versioning }: Space, hint: Hint, state: State, timeUs: number): void {
    if (versioning.covers(state, hint.logged)) this.#table.renew(hint, timeUs);
    this.#table.change(hint, versioning.merge(hint.logged, state));
  }

  #mustRefuse({ keyspace, versioning }: Space, home: string, known: Hint | null, state: State): boolean {
    const { hints, name } = keyspace;
    if (hints === null || this.#log.disk.backlog > maxBacklog) return true;
    if (this.#context.detector.awayForUs(home) > hints.windowMs * 1_000) return true;
    const { count, characters } = this.#table.load(name);
    const logged = known?.logged ?? nothing;
    const more = charactersOf(versioning.merge(logged, state)) - charactersOf(logged);
    return (known === null && count >= hints.max) || (more > 0 && characters + more > hints.maxCharacters);
  }

  /** Also where replicas would refuse it: it would be brought in vain for ever. */
  #isExpired({ keyspace, sinceUs, logged }: Hint): boolean {
    const space = this.#spaces.get(keyspace);
    if (space === undefined) return false;
    const { policies, runtime } = this.#context;
    const nowUs = runtime.wallClockUs();
    if (policies.isHintExpired(nowUs - sinceUs, space.keyspace.hints?.expiryMs ?? null)) return true;
    const limitMs = policies.refusesOlderThanMs(space.keyspace);
    const head = headOf(logged);
    return limitMs !== null && head !== null && head.version.time < nowUs - limitMs * 1_000;
  }

  #dropExpired(hint: Hint): boolean {
    if (!this.#isExpired(hint)) return false;
    this.#context.metrics.hintsExpired += 1;
    this.#forget(hint, hint.logged);
    return true;
  }

  /** What a write is merged into: not into what is about to be dropped. */
  #unexpired(home: string, keyspace: string, key: string): Hint | null {
    const hint = this.#table.find(home, keyspace, key);
    return hint === null || this.#dropExpired(hint) ? null : hint;
  }

  /** Somebody else has the state for good. */
  #release(hint: Hint, state: State): void {
    const versioning = this.#spaces.get(hint.keyspace)?.versioning;
    if (versioning?.covers(state, hint.logged) === true) this.#forget(hint, state);
  }

  #forget(hint: Hint, state: State): void {
    if (!this.#table.holds(hint)) return;
    this.#table.remove(hint);
    const { home, keyspace, key, sinceUs } = hint;
    const { cause } = this.#handoffOf(home);
    const done = hintRecord(RecordKind.hintDone, keyspace, this.#epoch, key, state, home, sinceUs);
    // Not synced: at worst it is delivered once more.
    this.#log.append(done, null, 0, cause);
    this.#measure();
  }

  #handoffOf(home: string): Handoff {
    let handoff = this.#handoffs.get(home);
    if (handoff === undefined) {
      handoff = new Handoff(this.#context, home, this);
      this.#handoffs.set(home, handoff);
    }
    return handoff;
  }

  #measure(): void {
    const { metrics } = this.#context;
    metrics.hintsKept = this.#table.size;
    metrics.oldestHintUs = this.#table.oldestUs();
  }
}

/** Whether a node keeps hints: where a keyspace has them, and where some are left of a time when one had. */
export function keepsHints(keyspaces: readonly Keyspace[], records: readonly LogRecord[]): boolean {
  return (
    keyspaces.some(({ hints }) => hints !== null) || records.some(({ kind }) => kind === RecordKind.hint)
  );
}

/** A write in a hint on its way to the disk. */
class PendingHint implements DiskTarget {
  readonly #hints: KeptHints;
  readonly #hint: Hint;
  readonly #state: State;
  readonly #waiter: StoreWaiter | null;
  readonly #tag: number;

  constructor(hints: KeptHints, hint: Hint, state: State, waiter: StoreWaiter | null, tag: number) {
    this.#hints = hints;
    this.#hint = hint;
    this.#state = state;
    this.#waiter = waiter;
    this.#tag = tag;
  }

  onDurable(): void {
    this.#hints.settle(this.#hint, this.#state, true);
    this.#waiter?.onStored(this.#tag);
  }

  onDiskFailed(): void {
    this.#hints.settle(this.#hint, this.#state, false);
    this.#waiter?.onStoreFailed(this.#tag);
  }
}

/** A hint on its way to new homes: it may go once all of them have it, or somebody keeps it for them. */
class MovedHint implements StoreWaiter {
  readonly #done: () => void;
  #left: number;

  constructor(left: number, done: () => void) {
    this.#left = left;
    this.#done = done;
  }

  onStored(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#done();
  }

  /** The hint stays and is tried again. */
  onStoreFailed(): void {
    return;
  }
}

function byKey(a: Hint, b: Hint): number {
  if (a.keyspace !== b.keyspace) return a.keyspace < b.keyspace ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}
