import { causeOf } from "../background-cause.ts";
import { hashText, mixHash } from "../hash.ts";
import type { KeyState, Message } from "../messages.ts";
import { keyMessage, MessageKind, mostAttempts } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { TimerHandle, TimerTarget } from "../runtime.ts";
import type { StoreWaiter } from "../storage/replica.ts";
import { isNothing, nothing } from "../versions/version.ts";
import { backOffUs } from "./back-off.ts";
import type { StreamedSpace } from "./streamed-space.ts";

/** Whom a fetch belongs to. */
export interface Fetcher {
  readonly context: NodeContext;
  readonly spaces: readonly StreamedSpace[];
  readonly isResync: boolean;
  readonly causeSeed: number;
  /** Numbers that no other request of this life for a stream has. */
  nextRequestId(): number;
  onFetched(peer: string): void;
}

/**
 * Gets what this node is to own from one peer, keyspace by keyspace, chunk by chunk. The next chunk is
 * asked for once the one before is durable, so memory stays bounded; what is lost is asked for again.
 */
export class StreamFetch implements TimerTarget, StoreWaiter {
  readonly #fetcher: Fetcher;
  readonly #peer: string;
  /** Which keyspace, and after which of its keys. */
  #place = 0;
  #after = "";
  /** Of the request whose answer is awaited; 0 while an answer is being stored. */
  #requestId = 0;
  #repetitions = 0;
  #timer: TimerHandle = null;
  /** Of the chunk that is being stored. */
  #unstored = 0;
  #hasFailed = false;
  #chunk: Message | null = null;
  #isOver = false;

  constructor(fetcher: Fetcher, peer: string) {
    this.#fetcher = fetcher;
    this.#peer = peer;
  }

  start(): void {
    this.#askFor(0, "");
  }

  stop(): void {
    this.#isOver = true;
    this.#stopWaiting();
  }

  /** Takes an answer, unless it is to an earlier question. */
  take(message: Message): void {
    if (this.#isOver || message.requestId !== this.#requestId) return;
    this.#requestId = 0;
    this.#stopWaiting();
    this.#chunk = message;
    this.#store(message);
  }

  onTimer(): void {
    this.#repetitions += 1;
    if (this.#chunk === null) this.#ask();
    else this.#store(this.#chunk);
  }

  onStored(): void {
    this.#unstored -= 1;
    if (this.#unstored === 0 && !this.#isOver) this.#endChunk();
  }

  onStoreFailed(): void {
    this.#hasFailed = true;
    this.onStored();
  }

  /** The chunk is durable; or some of it is not, because the disk is full or slow, and is tried again. */
  #endChunk(): void {
    const chunk = this.#chunk;
    if (this.#hasFailed || chunk === null) {
      this.#wait();
      return;
    }
    this.#chunk = null;
    if (chunk.kind === MessageKind.streamEnd) this.#askFor(this.#place + 1, "");
    else this.#askFor(this.#place, chunk.key);
  }

  #askFor(place: number, after: string): void {
    this.#place = place;
    this.#after = after;
    this.#repetitions = 0;
    if (place < this.#fetcher.spaces.length) {
      this.#requestId = this.#fetcher.nextRequestId();
      this.#ask();
      return;
    }
    this.#isOver = true;
    this.#fetcher.onFetched(this.#peer);
  }

  #ask(): void {
    const { context, spaces, isResync } = this.#fetcher;
    const { membership, runtime } = context;
    const message = keyMessage(
      MessageKind.streamRequest,
      this.#cause(),
      this.#repetitions % mostAttempts,
      this.#requestId,
      runtime.incarnation,
      spaces[this.#place]?.keyspace.name ?? "",
      membership.epoch,
      this.#after,
      "",
      nothing,
      null,
      { kind: "stream", isResync },
    );
    runtime.send(this.#peer, message);
    this.#wait();
  }

  #stopWaiting(): void {
    if (this.#timer !== null) this.#fetcher.context.runtime.cancel(this.#timer);
    this.#timer = null;
  }

  #wait(): void {
    const delayUs = backOffUs(this.#repetitions);
    this.#timer = this.#fetcher.context.runtime.after(delayUs, this, 0, this.#cause());
  }

  #store(chunk: Message): void {
    const space = this.#fetcher.spaces[this.#place];
    if (space === undefined) return;
    this.#hasFailed = false;
    // One more than there are, so that a replica that has it all already does not end the chunk too soon.
    this.#unstored = chunk.entries.length + 1;
    for (const entry of chunk.entries) this.#storeOne(space, entry, chunk.cause);
    this.onStored();
  }

  #storeOne({ keyspace, replica, acceptor }: StreamedSpace, entry: KeyState, cause: number): void {
    const { key, state, promised } = entry;
    this.#fetcher.context.mint.heardState(keyspace.name, state);
    if (promised !== null) acceptor?.learn(key, promised, cause);
    // Without versions what came by itself meanwhile is newer.
    const isKnown = keyspace.versions === "arrival" && !isNothing(replica.read(key));
    if (isNothing(state) || isKnown) this.onStored();
    else replica.store(key, state, "stream", cause, this, 0);
  }

  /** By what is asked for, and how often: a background cause has room for so many attempts. */
  #cause(): number {
    const name = this.#fetcher.spaces[this.#place]?.keyspace.name ?? "";
    const question = hashText(JSON.stringify([this.#peer, name, this.#after]));
    const round = Math.floor(this.#repetitions / mostAttempts);
    return causeOf(this.#fetcher.causeSeed, mixHash(question, round));
  }
}
