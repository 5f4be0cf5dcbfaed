import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import { answeredWrite } from "../replies.ts";
import type { State } from "../versions/version.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Exchange } from "./exchange.ts";
import type { Tally } from "./quorum.ts";
import { countAnswer, countFailure, Decision, decide, startTally } from "./quorum.ts";

/** Sends a state to all replicas and answers once w of them have it. Puts and deletes alike. */
export class PutCoordinator implements Coordinator {
  readonly #exchange: Exchange;
  readonly #state: State;
  readonly #tally: Tally;

  constructor(exchange: Exchange, state: State) {
    const { keyspace } = exchange.space;
    const w = exchange.request.w ?? keyspace.w;
    this.#exchange = exchange;
    this.#state = state;
    this.#tally = startTally(exchange.replicas.length, exchange.context.policies.writeAcksNeeded(w));
  }

  start(): void {
    const exchange = this.#exchange;
    const { request, space } = exchange;
    exchange.handTo(this);
    exchange.note("minted", this.#state);
    let own = -1;
    for (let replica = 0; replica < exchange.replicas.length; replica += 1) {
      if (exchange.isOwn(replica)) own = replica;
      else exchange.send(MessageKind.writeRequest, replica, this.#state);
    }
    // Last, because the own replica may answer at once.
    if (own >= 0) space.replica.store(request.key, this.#state, "write", request.cause, this, own);
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.writeAck) this.onStored(replica);
    else if (message.kind === MessageKind.writeRefused) this.onStoreFailed(replica);
  }

  onStored(replica: number): void {
    if (countAnswer(this.#tally, replica, this.#exchange.context.policies)) this.#settle(false);
  }

  onStoreFailed(replica: number): void {
    countFailure(this.#tally, replica);
    this.#settle(false);
  }

  onDeadline(): void {
    this.#settle(true);
  }

  #settle(isLate: boolean): void {
    if (this.#exchange.isClosed) return;
    const decision = decide(this.#tally, isLate);
    if (decision === Decision.wait) return;
    const { policies } = this.#exchange.context;
    if (decision === Decision.succeed || (isLate && policies.succeedsAtDeadline())) {
      this.#exchange.answer(answeredWrite(this.#state));
      this.#exchange.close();
      return;
    }
    const error = decision === Decision.timeOut ? "Timeout" : "QuorumNotMet";
    this.#exchange.fail(
      error,
      this.#tally,
      policies.isFailedWriteIndeterminate(),
      "the write was acknowledged by",
    );
  }
}
