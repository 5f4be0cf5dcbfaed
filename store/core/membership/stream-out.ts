import type { KeyState, Message } from "../messages.ts";
import { MessageKind, streamAnswer } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { State } from "../versions/version.ts";
import type { StreamedSpace } from "./streamed-space.ts";

/** Keys in one chunk, and keys that are looked at for one. Chosen: some 25 KiB, and some milliseconds. */
const keysPerChunk = 256;
const lookedAtPerChunk = 512;
/** Characters of values in one chunk, unless a single key has more. Chosen as a quarter of the largest value. */
const charactersPerChunk = 256 * 1_024;

/**
 * Sends peers what they are to own, a chunk for each request. A request says after which key it goes on, so
 * a source that dies in between need not remember anything; what it does remember saves it sorting again.
 */
export class StreamOut {
  readonly #context: NodeContext;
  readonly #spaces: ReadonlyMap<string, StreamedSpace>;
  /** The keys as they were when a stream began, by peer, keyspace and purpose. What came later is written to both. */
  readonly #keys = new Map<string, readonly string[]>();

  constructor(context: NodeContext, spaces: ReadonlyMap<string, StreamedSpace>) {
    this.#context = context;
    this.#spaces = spaces;
  }

  /** Answers a request; silent where it must not yet, for the peer repeats it. */
  onRequest(from: string, message: Message): void {
    const space = this.#spaces.get(message.keyspace);
    const { extra } = message;
    if (space === undefined || extra?.kind !== "stream") return;
    const { isResync } = extra;
    // (1) A node that adopts the phase in which streaming begins has in its table whatever it acknowledged
    // before. One that is still in an earlier phase might take a write of that phase after it has streamed.
    if (message.ringEpoch !== this.#context.membership.epoch) return;
    // (2) Who may have forgotten is no source for a new owner. All nodes may have lost power at once, though:
    // then each gives the others what it has.
    if (!isResync && !space.replica.isReady) return;
    this.#answer(from, message, space, isResync);
  }

  /** Forgets where streams stood: their peers begin again. */
  reset(): void {
    this.#keys.clear();
  }

  #answer(from: string, message: Message, space: StreamedSpace, isResync: boolean): void {
    const { metrics, runtime } = this.#context;
    const stream = JSON.stringify([from, message.keyspace, isResync]);
    const keys = this.#keysOf(stream, space, message.key === "");
    const entries: KeyState[] = [];
    let at = message.key === "" ? 0 : firstAfter(keys, message.key);
    const end = Math.min(keys.length, at + lookedAtPerChunk);
    let characters = 0;
    for (; at < end && entries.length < keysPerChunk && characters < charactersPerChunk; at += 1) {
      const key = keys[at] ?? "";
      if (!this.#isWanted(space, key, from, isResync)) continue;
      const entry = this.#entryOf(space, key);
      characters += charactersOf(entry.state);
      entries.push(entry);
    }
    const isLast = at >= keys.length;
    if (isLast) this.#keys.delete(stream);
    metrics.streamedKeysSent += entries.length;
    const kind = isLast ? MessageKind.streamEnd : MessageKind.streamEntries;
    runtime.send(from, streamAnswer(message, kind, keys[at - 1] ?? "", entries));
  }

  #isWanted({ keyspace }: StreamedSpace, key: string, by: string, isResync: boolean): boolean {
    const { membership } = this.#context;
    return isResync ? membership.isOwner(keyspace, key, by) : membership.isNewOwner(keyspace, key, by);
  }

  #entryOf({ replica, acceptor }: StreamedSpace, key: string): KeyState {
    const { policies } = this.#context;
    const held = replica.read(key);
    const entries = held.entries.filter((entry) => policies.isStreamed(entry));
    const state = entries.length === held.entries.length ? held : { entries, context: held.context };
    return { key, state, promised: acceptor?.promised(key) ?? null };
  }

  /** Sorted. Also keys of which nothing but a promise is held. */
  #keysOf(stream: string, { replica, acceptor }: StreamedSpace, isNew: boolean): readonly string[] {
    const known = isNew ? undefined : this.#keys.get(stream);
    if (known !== undefined) return known;
    let keys = replica.keys();
    if (acceptor !== null) {
      const all = new Set(keys);
      for (const { key } of acceptor.records()) all.add(key);
      if (all.size > keys.length) keys = [...all].sort();
    }
    this.#keys.set(stream, keys);
    return keys;
  }
}

/** The place of the first key after one, in sorted keys. */
function firstAfter(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? "") <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function charactersOf(state: State): number {
  let count = 0;
  for (const entry of state.entries) count += entry.value?.length ?? 0;
  return count;
}
