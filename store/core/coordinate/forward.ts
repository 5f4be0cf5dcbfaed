import type { Message } from "../messages.ts";
import { answerTo, MessageKind } from "../messages.ts";
import type { NodeContext, Space } from "../node-context.ts";
import { failed } from "../replies.ts";
import type { ClientReply, ClientRequest } from "../request.ts";
import type { Version } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Exchange } from "./exchange.ts";

/** The first question is who is there; the second, to one of them, is the request. Each has its own fate. */
const requestAttempt = 1;

/**
 * Hands a request to a replica of its key, where only a replica may coordinate it, and answers with what
 * comes back. First it asks who is ready, then it sends the request to the first that says so: to one
 * replica, ever, and to this life of it, for the next one would not know what the last one has done.
 */
export class ForwardCoordinator implements Coordinator {
  readonly #exchange: Exchange;
  /** Replicas that were asked and have not refused, as bits by place. */
  #asked = 0;
  /** Where the request was sent; −1 before. */
  #chosen = -1;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  start(): void {
    this.#exchange.handTo(this);
    this.#asked = candidatesOf(this.#exchange);
    this.#exchange.sendToAll(MessageKind.forward, this.#asked, nothing);
  }

  onAnswer(replica: number, { kind, version, extra }: Message): void {
    if (kind !== MessageKind.forwardReply) return;
    if (extra?.kind === "reply") this.#onReply(replica, extra.reply);
    else if (version !== null && this.#chosen < 0) this.#hand(replica, version);
  }

  onDeadline(): void {
    this.#exchange.context.metrics.timeouts += 1;
    const isSent = this.#chosen >= 0;
    const message = isSent
      ? "the replica that the request was forwarded to has not answered in time"
      : "no replica of the key said in time that it is ready; the request was not sent to any";
    this.#answer(failed("Timeout", message, 1, 0, isSent));
  }

  /** It is no replica, and stores nothing. */
  onStored(): void {
    return;
  }

  onStoreFailed(): void {
    return;
  }

  #hand(replica: number, life: Version): void {
    const { request } = this.#exchange;
    this.#chosen = replica;
    const extra = { kind: "request" as const, request };
    this.#exchange.send(MessageKind.forward, replica, nothing, requestAttempt, life, extra);
  }

  #onReply(replica: number, reply: ClientReply): void {
    this.#asked &= ~(1 << replica);
    // A refusal of the first question is final only when nobody else is left to answer it.
    if (this.#chosen === replica || (this.#chosen < 0 && this.#asked === 0)) this.#answer(reply);
  }

  #answer(reply: ClientReply): void {
    this.#exchange.answer(reply);
    this.#exchange.close();
  }
}

/** The replicas that reads ask, as bits by place, without those that are suspected unless all are. */
function candidatesOf({ context, placement }: Exchange): number {
  let present = 0;
  placement.nodes.forEach((node, place) => {
    if (!context.detector.isSuspected(node)) present |= placement.read & (1 << place);
  });
  return present === 0 ? placement.read : present;
}

/** Says whether this node is ready, or carries a request out as if the client had asked here. */
export function serveForward(
  context: NodeContext,
  space: Space,
  from: string,
  message: Message,
  take: (request: ClientRequest, done: (reply: ClientReply) => void) => void,
): void {
  const { id, runtime } = context;
  const reply = (answer: ClientReply): void => {
    const extra = { kind: "reply" as const, reply: answer };
    runtime.send(from, answerTo(message, MessageKind.forwardReply, nothing, null, extra));
  };
  const { extra, version } = message;
  if (extra?.kind !== "request") {
    const life: Version = { time: 0, node: id, incarnation: runtime.incarnation, sequence: 0 };
    if (isReady(context, space, message.key)) {
      runtime.send(from, answerTo(message, MessageKind.forwardReply, nothing, life));
    } else reply(failed("NotReady", `${id} is not ready to change "${message.key}"`, 0, 0, false));
  } else if (version?.incarnation !== runtime.incarnation) {
    // A doubled message may come when the life that carried it out is over.
    reply(failed("NotReady", `${id} has restarted since it was asked; read before you repeat`, 1, 0, true));
  } else take(extra.request, reply);
}

/** Whether this node holds the key, by what it knows, and may answer for what it holds. */
function isReady({ id, membership }: NodeContext, { keyspace, replica }: Space, key: string): boolean {
  return replica?.isReady === true && membership.place(keyspace, key).nodes.includes(id);
}
