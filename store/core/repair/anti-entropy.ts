import { BackgroundTask, causeOf, taskSeed } from "../background-cause.ts";
import type { KeyDigest, KeyState, Message } from "../messages.ts";
import { backgroundMessage, MessageKind } from "../messages.ts";
import type { NodeContext, Space } from "../node-context.ts";
import type { TimerTarget } from "../runtime.ts";
import type { Replica } from "../storage/replica.ts";
import type { State } from "../versions/version.ts";
import { isNothing } from "../versions/version.ts";

/** A keyspace of which this node holds a part. */
type OwnedSpace = Space & { readonly replica: Replica };

/** Keys in one message of digests. Chosen: some 25 KiB on the wire. */
const keysPerMessage = 256;
/** Characters of values in one message of entries, unless a single entry has more. Chosen as a quarter of the largest value. */
const charactersPerMessage = 256 * 1024;

/**
 * Finds and repairs what replicas do not share, at rest as under load. Each period, with every peer: (1) I
 * send the versions that I hold of the keys that we both hold; (2) the peer sends what it knows better,
 * and the versions of what it lacks; (3) I send that. What only the peer holds, I learn in its own round.
 */
export class AntiEntropy implements TimerTarget {
  readonly #context: NodeContext;
  readonly #space: OwnedSpace;
  readonly #causeSeed: number;
  #period = 0;

  constructor(context: NodeContext, space: OwnedSpace) {
    this.#context = context;
    this.#space = space;
    const { antiEntropyMs, name } = space.keyspace;
    this.#causeSeed = antiEntropyMs === null ? 0 : taskSeed(context, BackgroundTask.antiEntropy, name);
  }

  /** Waits for the next period, if the keyspace has any. */
  schedule(): void {
    const { antiEntropyMs } = this.#space.keyspace;
    if (antiEntropyMs === null) return;
    this.#period += 1;
    this.#context.runtime.after(antiEntropyMs * 1_000, this, 0, causeOf(this.#causeSeed, this.#period));
  }

  onTimer(): void {
    const cause = causeOf(this.#causeSeed, this.#period);
    this.#context.metrics.antiEntropyRounds += 1;
    for (const member of this.#context.membership.members) {
      if (member.id !== this.#context.id) this.#sendDigests(member.id, cause);
    }
    this.schedule();
  }

  /** Step 2, at the peer. */
  onDigests(from: string, message: Message): void {
    const { replica, versioning } = this.#space;
    const better: KeyState[] = [];
    const wanted: KeyDigest[] = [];
    for (const digest of message.digests) {
      const held = this.#exchanged(replica.read(digest.key));
      const theirs = stateOfDigest(digest);
      if (!versioning.covers(theirs, held)) better.push({ key: digest.key, state: held, promised: null });
      if (!versioning.covers(held, theirs)) wanted.push(digestOf(digest.key, held));
    }
    this.#sendEntries(from, message, MessageKind.differences, wanted, better);
  }

  /** Step 3, at the one who began. */
  onDifferences(from: string, message: Message): void {
    this.onEntries(message);
    const states: KeyState[] = [];
    for (const { key } of message.digests) {
      const state = this.#exchanged(this.#space.replica.read(key));
      if (!isNothing(state)) states.push({ key, state, promised: null });
    }
    this.#sendEntries(from, message, MessageKind.entries, [], states);
  }

  /** Takes what a peer knows better. */
  onEntries(message: Message): void {
    for (const { key, state } of message.entries) {
      this.#space.replica.store(key, state, "repair", message.cause, null, 0);
    }
  }

  #sendDigests(peer: string, cause: number): void {
    let digests: KeyDigest[] = [];
    let chunk = 0;
    for (const key of this.#space.replica.keys()) {
      const state = this.#exchanged(this.#space.replica.read(key));
      if (isNothing(state) || !this.#bothHold(key, peer)) continue;
      digests.push(digestOf(key, state));
      if (digests.length < keysPerMessage) continue;
      this.#send(peer, MessageKind.digests, cause, chunk, digests, []);
      digests = [];
      chunk += 1;
    }
    if (digests.length > 0) this.#send(peer, MessageKind.digests, cause, chunk, digests, []);
  }

  /** In as many messages as the values need; none when there is nothing to say. */
  #sendEntries(
    to: string,
    request: Message,
    kind: typeof MessageKind.differences | typeof MessageKind.entries,
    wanted: readonly KeyDigest[],
    states: readonly KeyState[],
  ): void {
    this.#context.metrics.antiEntropyEntries += states.length;
    let batch: KeyState[] = [];
    let characters = 0;
    // A message has at most `keysPerMessage` keys, so the numbers of its answers never meet.
    let attempt = request.attempt * keysPerMessage;
    let unsaid = wanted;
    for (const entry of states) {
      const size = charactersOf(entry.state);
      if (batch.length > 0 && characters + size > charactersPerMessage) {
        this.#send(to, kind, request.cause, attempt, unsaid, batch);
        attempt += 1;
        unsaid = [];
        batch = [];
        characters = 0;
      }
      batch.push(entry);
      characters += size;
    }
    if (batch.length + unsaid.length > 0) this.#send(to, kind, request.cause, attempt, unsaid, batch);
  }

  #send(
    to: string,
    kind: typeof MessageKind.digests | typeof MessageKind.differences | typeof MessageKind.entries,
    cause: number,
    attempt: number,
    digests: readonly KeyDigest[],
    entries: readonly KeyState[],
  ): void {
    const { membership, runtime } = this.#context;
    const { name } = this.#space.keyspace;
    const { incarnation } = runtime;
    runtime.send(
      to,
      backgroundMessage(kind, cause, attempt, incarnation, name, membership.epoch, digests, entries, null),
    );
  }

  #bothHold(key: string, peer: string): boolean {
    const { nodes } = this.#context.membership.place(this.#space.keyspace, key);
    return nodes.includes(peer) && nodes.includes(this.#context.id);
  }

  /** What of a state takes part: all of it, tombstones too. */
  #exchanged(state: State): State {
    const { policies } = this.#context;
    if (state.entries.every((entry) => policies.isExchanged(entry))) return state;
    return { ...state, entries: state.entries.filter((entry) => policies.isExchanged(entry)) };
  }
}

function digestOf(key: string, state: State): KeyDigest {
  return { key, versions: state.entries.map((entry) => entry.version), context: state.context };
}

/** A state with the digest's versions and no values: enough to compare with. */
function stateOfDigest(digest: KeyDigest): State {
  const entries = digest.versions.map((version) => ({ version, value: null, deleted: false }));
  return { entries, context: digest.context };
}

function charactersOf(state: State): number {
  let count = 0;
  for (const entry of state.entries) count += entry.value?.length ?? 0;
  return count;
}
