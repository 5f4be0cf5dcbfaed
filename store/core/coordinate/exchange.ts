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
    this.#timer = context.runtime.after(request.timeoutUs, this, 0, request.cause);
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

  /** Sends a message to every replica of a set, but not to this node. True when this node is among them. */
  sendToAll(kind: MessageKindCode, among: number, state: State, version: Version | null = null): boolean {
    const { nodes } = this.placement;
    for (let replica = 0; replica < nodes.length; replica += 1) {
      if ((among & (1 << replica)) !== 0 && replica !== this.own) this.send(kind, replica, state, 0, version);
    }
    return this.own >= 0 && (among & (1 << this.own)) !== 0;
  }

  /** Sends a message about the request's key to a replica that is not this node. */
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
    const { context, request } = this;
    const message = keyMessage(
      kind,
      request.cause,
      attempt,
      this.#requestId,
      context.runtime.incarnation,
      request.keyspace,
      this.#epoch,
      request.key,
      "",
      state,
      version,
      extra,
    );
    context.runtime.send(to, message);
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
    const replica = this.placement.nodes.indexOf(from);
    if (replica >= 0) this.#coordinator?.onAnswer(replica, message);
  }

  onTimer(): void {
    this.#coordinator?.onDeadline();
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
