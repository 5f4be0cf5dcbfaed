import { BackgroundTask, taskSeed } from "../background-cause.ts";
import type { Message } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { Fetcher } from "./stream-fetch.ts";
import { StreamFetch } from "./stream-fetch.ts";
import type { StreamedSpace } from "./streamed-space.ts";

/** Numbers the requests of one life of a node for streams. */
export class StreamNumbers {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}

/** What is streamed, and from whom. */
export interface StreamPlan {
  readonly spaces: readonly StreamedSpace[];
  readonly peers: readonly string[];
  /** How many of them must have sent all they have. */
  readonly needed: number;
  readonly isResync: boolean;
}

/** Gets all that this node is to own from enough of its peers, from all of them at once. */
export class StreamIn implements Fetcher {
  readonly context: NodeContext;
  readonly spaces: readonly StreamedSpace[];
  readonly isResync: boolean;
  readonly causeSeed: number;
  readonly #numbers: StreamNumbers;
  readonly #fetches: ReadonlyMap<string, StreamFetch>;
  readonly #whenDone: () => void;
  #left: number;
  #isOver = false;

  constructor(context: NodeContext, plan: StreamPlan, numbers: StreamNumbers, whenDone: () => void) {
    this.context = context;
    this.spaces = plan.spaces;
    this.isResync = plan.isResync;
    const task = plan.isResync ? BackgroundTask.resync : BackgroundTask.stream;
    // A stream of another epoch asks other questions, though they may look the same.
    this.causeSeed = taskSeed(context, task, `${context.membership.epoch}`);
    this.#numbers = numbers;
    this.#whenDone = whenDone;
    this.#fetches = new Map(plan.peers.map((peer) => [peer, new StreamFetch(this, peer)]));
    this.#left = Math.min(context.policies.streamsNeeded(plan.needed), plan.peers.length);
  }

  start(): void {
    if (this.#left === 0) this.#end();
    else for (const fetch of this.#fetches.values()) fetch.start();
  }

  /** Takes a chunk of a peer. */
  take(from: string, message: Message): void {
    if (message.incarnation !== this.context.runtime.incarnation) return;
    this.#fetches.get(from)?.take(message);
  }

  stop(): void {
    this.#isOver = true;
    for (const fetch of this.#fetches.values()) fetch.stop();
  }

  nextRequestId(): number {
    return this.#numbers.next();
  }

  onFetched(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.stop();
    this.#whenDone();
  }
}
