import type { Message } from "../messages.ts";
import { answerTo, MessageKind } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import { RemoteStore, refuse, reply } from "../serve.ts";
import type { Replica, StoreWaiter } from "../storage/replica.ts";
import { nothing } from "../versions/version.ts";

/** Acts in the place of a node that is away: its writes are kept as hints, its reads answered from them. */
export function serveForAnother(context: NodeContext, from: string, message: Message): void {
  const { hints, mint } = context;
  const { cause, home, key, keyspace, kind, state } = message;
  if (hints === null) {
    refuse(context, from, message);
  } else if (kind === MessageKind.readRequest) {
    reply(context, from, answerTo(message, MessageKind.readAnswer, hints.read(home, keyspace, key), null));
  } else {
    mint.heardState(keyspace, state);
    hints.keep(home, keyspace, key, state, cause, new RemoteStore(context, from, message), 0);
  }
}

/** Stores what another node has kept for this one, and acknowledges it once all of it is there for good. */
export function serveHint(context: NodeContext, replica: Replica, from: string, message: Message): void {
  const { cause, entries } = message;
  const waiter = new HintArrival(context, from, message);
  for (const { key, state } of entries) {
    context.mint.heardState(message.keyspace, state);
    replica.store(key, state, "hint", cause, waiter, 0);
  }
}

/** Counts the hints of one message; where one cannot be stored, silence brings all of them again. */
class HintArrival implements StoreWaiter {
  readonly #context: NodeContext;
  readonly #from: string;
  readonly #message: Message;
  #left: number;

  constructor(context: NodeContext, from: string, message: Message) {
    this.#context = context;
    this.#from = from;
    this.#message = message;
    this.#left = message.entries.length;
  }

  onStored(): void {
    this.#left -= 1;
    if (this.#left > 0) return;
    this.#context.runtime.send(this.#from, answerTo(this.#message, MessageKind.hintAck, nothing, null));
  }

  onStoreFailed(): void {
    this.#context.metrics.hintsRefused += 1;
  }
}
