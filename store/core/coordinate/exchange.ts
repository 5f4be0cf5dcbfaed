import { serveForAnother } from "../hints/serve-hints.ts";
import type { Message, MessageExtra, MessageKindCode } from "../messages.ts";
import { keyMessage } from "../messages.ts";
import type { NodeContext, OpenRequest, Space } from "../node-context.ts";
import type { Placement } from "../placement.ts";
import type { Done, RememberedRequest } from "../remembered-requests.ts";
import { failed } from "../replies.ts";
import type { ClientReply, ClientRequest, ReplyError } from "../request.ts";
import type { TimerHandle, TimerTarget } from "../runtime.ts";
import type { Replica, StoreReason } from "../storage/replica.ts";
import type { State, Version } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";
import { noted } from "../versions/version-text.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Tally } from "./quorum.ts";
import { gotBy, neededBy } from "./quorum.ts";
import type { Recipient } from "./stand-ins.ts";
import { isForStandIns, isRefusal, StandIns } from "./stand-ins.ts";

/** What a timer of an exchange says. */
const Due = { deadline: 0, fallback: 1 } as const;
/** A fallback round begins after this part of the time. Chosen: what it asks has twice as long to answer. */
const fallbackShare = 3;

/** What all other replicas were asked, for those who are asked later in their place. */
interface Asked {
  readonly by: Coordinator | null;
  readonly kind: MessageKindCode;
  readonly among: number;
  readonly state: State;
  readonly version: Version | null;
  readonly attempt: number;
}

/**
 * One client request under way: its replicas, its number, its deadline, its one reply. It outlives its
 * reply where late answers still matter, and the coordinator of its first phase where there is a second.
 */
export class Exchange implements OpenRequest, TimerTarget {
  readonly context: NodeContext;
  readonly space: Space;
  readonly request: ClientRequest;
  /** Where the key was when the request began. A replica is known by its place in it. */
  readonly placement: Placement;
  /** This node's own place; −1 where it is no replica. */
  readonly own: number;
  readonly #epoch: number;
  readonly #done: Done;
  readonly #remembered: RememberedRequest | null;
  readonly #requestId: number;
  readonly #timer: TimerHandle;
  /** Null where the quorum is strict. */
  readonly #standIns: StandIns | null;
  #asked: Asked | null = null;
  #fallbackTimer: TimerHandle | null = null;
  /** How often a stand-in was asked for another owner. */
  #moves = 0;
  #coordinator: Coordinator | null = null;
  #isAnswered = false;
  #isClosed = false;

  constructor(
    context: NodeContext,
    space: Space,
    request: ClientRequest,
    done: Done,
    remembered: RememberedRequest | null,
  ) {
    this.context = context;
    this.space = space;
    this.request = request;
    this.placement = context.membership.place(space.keyspace, request.key);
    this.own = space.replica === null ? -1 : this.placement.nodes.indexOf(context.id);
    this.#epoch = context.membership.epoch;
    this.#done = done;
    this.#remembered = remembered;
    this.#requestId = context.openRequest(this);
    this.#timer = context.runtime.after(request.timeoutUs, this, Due.deadline, request.cause);
    const isSloppy = space.keyspace.sloppy !== null;
    this.#standIns = isSloppy ? new StandIns(context, this.placement, request.key) : null;
  }

  /** From now on this coordinator hears answers and deadline. */
  handTo(coordinator: Coordinator): void {
    this.#coordinator = coordinator;
  }

  /** Whether this coordinator is still the one that hears. */
  isWith(coordinator: Coordinator): boolean {
    return this.#coordinator === coordinator;
  }

  isOwn(replica: number): boolean {
    return replica === this.own;
  }

  /** Whether somebody else acts for a replica. */
  isStoodInFor(replica: number): boolean {
    return this.#standIns !== null && this.#standIns.recipient(replica).home !== "";
  }

  /** Sends a message to every replica of a set, but not to this node. True when this node is among them. */
  sendToAll(
    kind: MessageKindCode,
    among: number,
    state: State,
    version: Version | null = null,
    attempt = 0,
  ): boolean {
    const { nodes } = this.placement;
    this.#standIns?.restart();
    const ownStandIn = this.#standIns === null ? -1 : this.#standIns.placeOf(this.context.id);
    for (let replica = 0; replica < nodes.length; replica += 1) {
      if ((among & (1 << replica)) !== 0 && replica !== this.own && replica !== ownStandIn)
        this.send(kind, replica, state, attempt, version);
    }
    if (this.#standIns !== null && isForStandIns(kind)) {
      const others = this.own < 0 ? among : among & ~(1 << this.own);
      this.#awaitFallback({ by: this.#coordinator, kind, among: others, state, version, attempt });
    }
    // Last, because it may answer at once.
    if (ownStandIn >= 0 && (among & (1 << ownStandIn)) !== 0)
      this.send(kind, ownStandIn, state, attempt, version);
    return this.own >= 0 && (among & (1 << this.own)) !== 0;
  }

  /** Sends a message about the request's key to a replica that is not this node, or to who stands in for it. */
  send(
    kind: MessageKindCode,
    replica: number,
    state: State = nothing,
    attempt = 0,
    version: Version | null = null,
    extra: MessageExtra | null = null,
  ): void {
    const to = this.placement.nodes[replica];
    if (to === undefined) return;
    const recipient = this.#standIns?.recipient(replica);
    if (recipient === undefined || !isForStandIns(kind)) {
      this.context.runtime.send(to, this.#message(kind, "", state, attempt, version, extra));
    } else {
      this.#sendTo(recipient, this.#message(kind, recipient.home, state, attempt, version, extra));
    }
  }

  #message(
    kind: MessageKindCode,
    home: string,
    state: State,
    attempt: number,
    version: Version | null,
    extra: MessageExtra | null,
  ): Message {
    const { context, request } = this;
    return keyMessage(
      kind,
      request.cause,
      attempt,
      this.#requestId,
      context.runtime.incarnation,
      request.keyspace,
      this.#epoch,
      request.key,
      home,
      state,
      version,
      extra,
    );
  }

  /** This node, too, may stand in for an owner. */
  #sendTo({ to }: Recipient, message: Message): void {
    const { context } = this;
    if (to === context.id) serveForAnother(context, to, message);
    else context.runtime.send(to, message);
  }

  #awaitFallback(asked: Asked): void {
    const { runtime } = this.context;
    const { timeoutUs, cause } = this.request;
    this.#asked = asked;
    if (this.#fallbackTimer !== null) runtime.cancel(this.#fallbackTimer);
    const delayUs = Math.ceil(timeoutUs / fallbackShare);
    this.#fallbackTimer = runtime.after(delayUs, this, Due.fallback, cause);
  }

  /** Asks others for the places that are silent, unless the coordinator has gone on. */
  #fallBack(): void {
    const asked = this.#asked;
    if (asked === null || asked.by !== this.#coordinator) return;
    const { kind, among, state, version, attempt } = asked;
    for (const recipient of this.#standIns?.fallBack(among) ?? []) {
      this.#sendTo(recipient, this.#message(kind, recipient.home, state, attempt, version, null));
    }
  }

  /** The own replica, where it may answer for itself; null where there is none, or it may have forgotten. */
  get readable(): Replica | null {
    const { replica } = this.space;
    return this.own < 0 || replica === null || !replica.isReady ? null : replica;
  }

  /** Stores a state on the own replica; the coordinator hears of it as of any other replica's answer. */
  storeOwn(state: State, reason: StoreReason, coordinator: Coordinator): void {
    const { replica } = this.space;
    if (this.own < 0 || replica === null) return;
    replica.store(this.request.key, state, reason, this.request.cause, coordinator, this.own);
  }

  receive(from: string, message: Message): void {
    const { home } = message;
    const replica = this.placement.nodes.indexOf(home === "" ? from : home);
    if (replica < 0) return;
    if (this.#standIns === null) this.#coordinator?.onAnswer(replica, message);
    else this.#receiveSloppily(this.#standIns, from, replica, message);
  }

  #receiveSloppily(standIns: StandIns, from: string, replica: number, message: Message): void {
    const isStandIn = message.home !== "";
    if (isStandIn && isRefusal(message)) return;
    const asked = this.#asked;
    const next = standIns.heard(replica, from, asked?.among ?? 0);
    const { policies } = this.context;
    const places = isStandIn ? policies.ownersAnsweredFor(1 << replica, standIns.stoodInFor) : 1 << replica;
    for (let place = 0; place < this.placement.nodes.length; place += 1) {
      if ((places & (1 << place)) !== 0) this.#coordinator?.onAnswer(place, message);
    }
    if (asked === null || next === null || asked.by !== this.#coordinator) return;
    // A node that is asked again for another owner: that message has a fate of its own.
    this.#moves += 1;
    const { kind, state, version, attempt } = asked;
    this.#sendTo(next, this.#message(kind, next.home, state, attempt + this.#moves, version, null));
  }

  onTimer(due: number): void {
    if (due === Due.fallback) this.#fallBack();
    else this.#coordinator?.onDeadline();
  }

  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** Answers the client, once. Late answers are still heard until `close`. */
  answer(reply: ClientReply): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#done(reply);
    this.#remembered?.settle(reply);
  }

  /** Tells the client that too few replicas answered. */
  answerFailure(error: ReplyError, tally: Tally, isIndeterminate: boolean, what: string): void {
    const { metrics } = this.context;
    if (error === "Timeout") metrics.timeouts += 1;
    else metrics.quorumFailures += 1;
    const needed = neededBy(tally);
    const got = gotBy(tally);
    const when = error === "Timeout" ? "and time is up" : "and too few are left that could follow";
    const text = `${what} ${got} of the ${needed} replicas that are needed, ${when}`;
    this.answer(failed(error, text, needed, got, isIndeterminate));
  }

  /** The same, and ends. */
  fail(error: ReplyError, tally: Tally, isIndeterminate: boolean, what: string): void {
    this.answerFailure(error, tally, isIndeterminate, what);
    this.close();
  }

  /** True once nothing more can come of the request. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** No more answers are heard. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.context.runtime.cancel(this.#timer);
    if (this.#fallbackTimer !== null) this.context.runtime.cancel(this.#fallbackTimer);
    this.context.closeRequest(this.#requestId);
    this.#coordinator = null;
  }

  /** Says to the listener what was decided about the key, if anybody listens. */
  note(what: "minted" | "answered", state: State): void {
    const { notes } = this.context.runtime;
    if (notes === null) return;
    notes.note(what, this.request.keyspace, this.request.key, noted(state), null, this.request.cause);
  }
}
