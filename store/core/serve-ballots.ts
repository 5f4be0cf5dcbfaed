import type { Acceptor, BallotWaiter } from "./coordinate/acceptor.ts";
import type { Message, MessageKindCode } from "./messages.ts";
import { answerTo, MessageKind } from "./messages.ts";
import type { NodeContext } from "./node-context.ts";
import { refuse } from "./serve.ts";
import type { State, Version } from "./versions/version.ts";
import { nothing } from "./versions/version.ts";

/** Lets the own acceptor answer another node's proposer, in the first phase or the second. */
export function serveBallot(
  context: NodeContext,
  acceptor: Acceptor | null,
  from: string,
  message: Message,
): void {
  const { key, cause, version, state, kind } = message;
  if (acceptor === null || version === null) {
    refuse(context, from, message);
    return;
  }
  const waiter = new RemoteProposer(context, from, message);
  context.mint.heardState(message.keyspace, state);
  if (kind === MessageKind.prepare) acceptor.prepare(key, version, cause, waiter, 0);
  else acceptor.accept(key, version, state, cause, waiter, 0);
}

/** Tells a proposer on another node what the own acceptor makes of its ballot. */
class RemoteProposer implements BallotWaiter {
  readonly #context: NodeContext;
  readonly #from: string;
  readonly #message: Message;

  constructor(context: NodeContext, from: string, message: Message) {
    this.#context = context;
    this.#from = from;
    this.#message = message;
  }

  onPromised(_tag: number, accepted: State): void {
    this.#answer(MessageKind.promise, accepted, null);
  }

  onRefused(_tag: number, standing: Version | null): void {
    const isPrepare = this.#message.kind === MessageKind.prepare;
    this.#answer(isPrepare ? MessageKind.prepareRefused : MessageKind.acceptRefused, nothing, standing);
  }

  onStored(): void {
    this.#answer(MessageKind.accepted, nothing, null);
  }

  onStoreFailed(): void {
    this.onRefused(0, null);
  }

  #answer(kind: MessageKindCode, state: State, version: Version | null): void {
    this.#context.runtime.send(this.#from, answerTo(this.#message, kind, state, version));
  }
}
