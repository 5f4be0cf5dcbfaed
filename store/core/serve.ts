import type { Message, MessageKindCode } from "./messages.ts";
import { answerTo, MessageKind } from "./messages.ts";
import type { NodeContext } from "./node-context.ts";
import type { Replica, StoreWaiter } from "./storage/replica.ts";
import { headOf, nothing } from "./versions/version.ts";

/** What a replica does for a coordinator on another node. */

/** Stores a write and acknowledges it once it is there for good. */
export function serveWrite(context: NodeContext, replica: Replica, from: string, message: Message): void {
  context.mint.heardState(message.keyspace, message.state);
  const waiter = new RemoteStore(context, from, message);
  const reason = message.kind === MessageKind.writeRequest ? "write" : "repair";
  replica.store(message.key, message.state, reason, message.cause, waiter, 0);
}

/** Answers with all that the replica may show of a key. */
export function serveRead(context: NodeContext, replica: Replica, from: string, message: Message): void {
  if (!replica.isReady) {
    refuse(context, from, message);
    return;
  }
  const state = replica.read(message.key);
  context.runtime.send(from, answerTo(message, MessageKind.readAnswer, state, null));
}

/** Answers with the version of what the replica may show of a key. */
export function serveVersion(context: NodeContext, replica: Replica, from: string, message: Message): void {
  if (!replica.isReady) {
    refuse(context, from, message);
    return;
  }
  const version = headOf(replica.read(message.key))?.version ?? null;
  context.runtime.send(from, answerTo(message, MessageKind.versionAnswer, nothing, version));
}

/** Stores a repair that nobody waits for. */
export function serveRepair(context: NodeContext, replica: Replica, message: Message): void {
  context.mint.heardState(message.keyspace, message.state);
  replica.store(message.key, message.state, "repair", message.cause, null, 0);
}

/** Tells a coordinator that this node cannot do what it asked; silent where nobody waits for an answer. */
export function refuse(context: NodeContext, from: string, message: Message): void {
  const kind = refusalOf(message.kind);
  if (kind !== null) reply(context, from, answerTo(message, kind, nothing, null));
}

/** Sends an answer, or takes it where the coordinator is on this node: it may stand in for an owner, too. */
export function reply(context: NodeContext, to: string, answer: Message): void {
  if (to === context.id) context.deliver(to, answer);
  else context.runtime.send(to, answer);
}

function refusalOf(kind: MessageKindCode): MessageKindCode | null {
  if (kind === MessageKind.writeRequest) return MessageKind.writeRefused;
  if (kind === MessageKind.writeBack) return MessageKind.writeBackRefused;
  if (kind === MessageKind.prepare) return MessageKind.prepareRefused;
  if (kind === MessageKind.accept) return MessageKind.acceptRefused;
  if (kind === MessageKind.readRequest || kind === MessageKind.versionRequest) return MessageKind.readRefused;
  return null;
}

/** Acknowledges another node's write, or a stand-in's own, when the disk of this node has it. */
export class RemoteStore implements StoreWaiter {
  readonly #context: NodeContext;
  readonly #from: string;
  readonly #message: Message;

  constructor(context: NodeContext, from: string, message: Message) {
    this.#context = context;
    this.#from = from;
    this.#message = message;
  }

  onStored(): void {
    const isWrite = this.#message.kind === MessageKind.writeRequest;
    const kind = isWrite ? MessageKind.writeAck : MessageKind.writeBackAck;
    reply(this.#context, this.#from, answerTo(this.#message, kind, nothing, null));
  }

  onStoreFailed(): void {
    refuse(this.#context, this.#from, this.#message);
  }
}
