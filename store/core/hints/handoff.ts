import { BackgroundTask, causeOf, taskSeed } from "../background-cause.ts";
import type { KeyState, Message } from "../messages.ts";
import { MessageKind, mostAttempts } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { TimerHandle, TimerTarget } from "../runtime.ts";
import type { State } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";
import type { Hint } from "./hint-table.ts";
import { charactersOf } from "./hint-table.ts";

/** What the delivery needs of the hints. */
export interface HintSource {
  /** Whether anything is kept for a node. */
  has(home: string): boolean;
  /** What may be delivered now, in order of keyspace and key. */
  deliverable(home: string): readonly Hint[];
  isDeliverable(hint: Hint): boolean;
  /** The home has the state. */
  delivered(hint: Hint, state: State): void;
}

/** Microseconds until the first try where nobody says that the home is back. Chosen: above a slow round trip. */
const firstRetryUs = 250_000;
/** The longest wait between tries; the detector speaks up earlier. Chosen, as Cassandra has 10 s to a minute. */
const mostRetryUs = 30_000_000;
/** Microseconds that an acknowledgement may take. Chosen: a second, as a client's request. */
const ackTimeoutUs = 1_000_000;
/** Hints in one message. Chosen: a slow disk syncs as many in one go. */
const mostInMessage = 64;
/** Characters of values in one message, unless a single hint has more. Chosen as a quarter of the largest value. */
const charactersPerMessage = 256 * 1024;
/** Rounds are named by the time when they begin, not by their number: that depends on others. Chosen, finely. */
const roundUs = 10_000;
/** What the wait is drawn for. */
const waitPurpose = 2;

const Wake = { retry: 0, late: 1 } as const;

/** A hint in a message, as it was when that was sent. */
interface Sent {
  readonly hint: Hint;
  readonly state: State;
}

/**
 * Brings one home what is kept for it: in rounds, one message at a time, when it is back, and else again and
 * again with growing waits. A round takes the hints that were there when it began.
 */
export class Handoff implements TimerTarget {
  readonly #context: NodeContext;
  readonly #home: string;
  readonly #source: HintSource;
  readonly #causeSeed: number;
  #timer: TimerHandle | null = null;
  #waitUs = firstRetryUs;
  #round = 0;
  #attempt = 0;
  /** The rest of the round, last first. */
  #queue: Hint[] = [];
  #inFlight: readonly Sent[] | null = null;
  #deliveries = 0;

  constructor(context: NodeContext, home: string, source: HintSource) {
    this.#context = context;
    this.#home = home;
    this.#source = source;
    this.#causeSeed = taskSeed(context, BackgroundTask.handoff, home);
  }

  /** The cause of what is done now. */
  get cause(): number {
    return causeOf(this.#causeSeed, this.#round);
  }

  /** There is something to bring, if not now. */
  wake(): void {
    if (this.#timer === null) this.#wait();
  }

  /** The home was away and is heard of again. */
  homeIsBack(): void {
    this.#waitUs = firstRetryUs;
    this.#begin();
  }

  onTimer(tag: number): void {
    this.#timer = null;
    if (tag === Wake.retry) this.#begin();
    else this.#giveUp();
  }

  onAck(message: Message): void {
    const sent = this.#inFlight;
    const { incarnation } = this.#context.runtime;
    const isIt = message.requestId === this.#deliveries && message.incarnation === incarnation;
    if (sent === null || !isIt) return;
    this.#stopTimer();
    this.#inFlight = null;
    this.#waitUs = firstRetryUs;
    for (const { hint, state } of sent) this.#source.delivered(hint, state);
    this.#attempt += 1;
    this.#sendNext();
  }

  #begin(): void {
    const { detector, membership } = this.#context;
    this.#stopTimer();
    this.#inFlight = null;
    // Also where nothing can be sent: hints expire all the same.
    this.#queue = [...this.#source.deliverable(this.#home)].reverse();
    this.#nextRound();
    if (detector.isSuspected(this.#home) || membership.dcOf(this.#home) === null) this.#waitLonger();
    else this.#sendNext();
  }

  #nextRound(): void {
    const nowUs = this.#context.runtime.monotonicUs();
    this.#round = Math.max(this.#round + 1, Math.floor(nowUs / roundUs));
    this.#attempt = 0;
  }

  #sendNext(): void {
    const sent = this.#take();
    if (sent.length === 0) {
      this.#rest();
      return;
    }
    if (this.#attempt >= mostAttempts) this.#nextRound();
    const { policies, runtime } = this.#context;
    this.#inFlight = sent;
    this.#deliveries += 1;
    this.#timer = runtime.after(ackTimeoutUs, this, Wake.late, this.cause);
    runtime.send(this.#home, this.#message(sent));
    if (policies.keepsHintUntilAcked()) return;
    for (const { hint, state } of sent) this.#source.delivered(hint, state);
  }

  /** As many of the round's next hints as go into one message. */
  #take(): readonly Sent[] {
    const sent: Sent[] = [];
    let characters = 0;
    for (let hint = this.#queue.pop(); hint !== undefined; hint = this.#queue.pop()) {
      if (!this.#source.isDeliverable(hint)) continue;
      const [first] = sent;
      characters += charactersOf(hint.durable);
      const isFull = sent.length === mostInMessage || characters > charactersPerMessage;
      if (first !== undefined && (isFull || hint.keyspace !== first.hint.keyspace)) {
        this.#queue.push(hint);
        break;
      }
      sent.push({ hint, state: hint.durable });
    }
    return sent;
  }

  #message(sent: readonly Sent[]): Message {
    const { membership, runtime } = this.#context;
    return {
      kind: MessageKind.hint,
      cause: this.cause,
      attempt: this.#attempt,
      requestId: this.#deliveries,
      incarnation: runtime.incarnation,
      keyspace: sent[0]?.hint.keyspace ?? "",
      ringEpoch: membership.epoch,
      key: "",
      home: "",
      state: nothing,
      version: null,
      digests: [],
      entries: sent.map(({ hint, state }): KeyState => ({ key: hint.key, state, promised: null })),
      extra: null,
    };
  }

  /** The home did not answer in time. */
  #giveUp(): void {
    const sent = this.#inFlight ?? [];
    this.#inFlight = null;
    if (!this.#context.policies.retriesHints()) {
      for (const { hint, state } of sent) this.#source.delivered(hint, state);
    }
    this.#waitLonger();
  }

  /** The round is over. */
  #rest(): void {
    if (this.#source.has(this.#home)) this.#wait();
  }

  #waitLonger(): void {
    if (!this.#source.has(this.#home)) return;
    this.#wait();
    this.#waitUs = Math.min(2 * this.#waitUs, mostRetryUs);
  }

  /** Between half of the wait and all of it, lest all holders come at once. */
  #wait(): void {
    const { runtime } = this.#context;
    const drawn = runtime.draw(waitPurpose, this.cause, 0, 0);
    const half = this.#waitUs / 2;
    this.#timer = runtime.after(half + (drawn % (half + 1)), this, Wake.retry, this.cause);
  }

  #stopTimer(): void {
    if (this.#timer !== null) this.#context.runtime.cancel(this.#timer);
    this.#timer = null;
  }
}
