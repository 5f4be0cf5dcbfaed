import type { Message, MessageKindCode } from "../messages.ts";
import { keyMessage } from "../messages.ts";
import type { NodeContext, OpenRequest, Space } from "../node-context.ts";
import type { Done, RememberedRequest } from "../remembered-requests.ts";
import type { Answered, FailedReply } from "../replies.ts";
import { failed } from "../replies.ts";
import type { ClientRequest, ReplyError } from "../request.ts";
import type { TimerHandle, TimerTarget } from "../runtime.ts";
import type { State } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";
import { noted } from "../versions/version-text.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Tally } from "./quorum.ts";

/**
 * One client request under way: its replicas, its number, its deadline, its one reply. It outlives its
 * reply where late answers still matter, and the coordinator of its first phase where there is a second.
 */
export class Exchange implements OpenRequest, TimerTarget {
  readonly context: NodeContext;
  readonly space: Space;
  readonly request: ClientRequest;
  /** The nodes that hold the key, nearest first. A replica is known by its place here. */
  readonly replicas: readonly string[];
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
    this.replicas = context.ring.replicas(request.key, space.keyspace.n);
    this.#done = done;
    this.#remembered = remembered;
    this.#requestId = context.openRequest(this);
    this.#timer = context.runtime.after(request.timeoutUs, this, 0, request.cause);
  }

  /** From now on this coordinator hears answers and deadline. */
  handTo(coordinator: Coordinator): void {
    this.#coordinator = coordinator;
  }

  isOwn(replica: number): boolean {
    return this.replicas[replica] === this.context.id;
  }

  /** Sends a message about the request's key to a replica that is not this node. */
  send(kind: MessageKindCode, replica: number, state: State = nothing, attempt = 0): void {
    const to = this.replicas[replica];
    if (to === undefined) return;
    const { context, request } = this;
    const message = keyMessage(
      kind,
      request.cause,
      attempt,
      this.#requestId,
      context.runtime.incarnation,
      request.keyspace,
      context.ring.epoch,
      request.key,
      state,
      null,
    );
    context.runtime.send(to, message);
  }

  receive(from: string, message: Message): void {
    const replica = this.replicas.indexOf(from);
    if (replica >= 0) this.#coordinator?.onAnswer(replica, message);
  }

  onTimer(): void {
    this.#coordinator?.onDeadline();
  }

  /** Answers the client, once. Late answers are still heard until `close`. */
  answer(reply: Answered | FailedReply): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#done(reply);
    this.#remembered?.settle(reply);
  }

  /** Tells the client that too few replicas answered, and ends. */
  fail(error: ReplyError, tally: Tally, isIndeterminate: boolean, what: string): void {
    const { metrics } = this.context;
    if (error === "Timeout") metrics.timeouts += 1;
    else metrics.quorumFailures += 1;
    const when = error === "Timeout" ? "and time is up" : "and too few are left that could follow";
    const text = `${what} ${tally.got} of the ${tally.needed} replicas that are needed, ${when}`;
    this.answer(failed(error, text, tally.needed, tally.got, isIndeterminate));
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
