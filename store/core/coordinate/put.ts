import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import { allOf } from "../placement.ts";
import { answeredWrite } from "../replies.ts";
import type { ReplyError } from "../request.ts";
import type { State } from "../versions/version.ts";
import type { Exchange } from "./exchange.ts";
import { endWrite, hintSuspected } from "./missed-writes.ts";
import { writeNeeds } from "./needs.ts";
import { QuorumPhase } from "./quorum-phase.ts";

/** Sends a state to all replicas and answers once enough of them have it. Puts and deletes alike. */
export class PutCoordinator extends QuorumPhase {
  readonly #state: State;
  readonly #replied: State | null;

  /** `replied`: what the client hears of, where the own replica is seen to by an update; null otherwise. */
  constructor(exchange: Exchange, state: State, replied: State | null = null) {
    super(exchange, writeNeeds(exchange, exchange.context.policies.writeAcksNeeded));
    this.#state = state;
    this.#replied = replied;
  }

  start(): void {
    const { exchange } = this;
    exchange.handTo(this);
    exchange.note("minted", this.#replied ?? this.#state);
    const among = allOf(exchange.placement.nodes.length);
    const isReplica = exchange.sendToAll(MessageKind.writeRequest, among, this.#state);
    hintSuspected(exchange, this.#state);
    if (isReplica && this.#replied === null) {
      exchange.storeOwn(this.#state, "write", this);
    }
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.writeAck) this.onStored(replica);
    else if (message.kind === MessageKind.writeRefused) this.onStoreFailed(replica);
  }

  protected onEnough(): void {
    this.exchange.answer(answeredWrite(this.#replied ?? this.#state));
    endWrite(this.exchange, this.tally, this.#state, false);
  }

  protected onTooFew(error: Extract<ReplyError, "Timeout" | "QuorumNotMet">): void {
    const { policies } = this.exchange.context;
    if (error === "Timeout" && policies.succeedsAtDeadline()) {
      this.onEnough();
      return;
    }
    const isIndeterminate = policies.isFailedWriteIndeterminate();
    this.exchange.answerFailure(error, this.tally, isIndeterminate, "the write was acknowledged by");
    endWrite(this.exchange, this.tally, this.#state, error === "Timeout");
  }
}
