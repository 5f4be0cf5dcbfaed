import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import { answeredRead } from "../replies.ts";
import type { State } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Exchange } from "./exchange.ts";
import type { Tally } from "./quorum.ts";
import { countAnswer, countFailure, Decision, decide, startTally } from "./quorum.ts";
import { BackgroundRepair, WriteBack } from "./read-repair.ts";

/** Asks all replicas, waits for r answers, and merges them into what the client is shown. */
export class GetCoordinator implements Coordinator {
  readonly #exchange: Exchange;
  readonly #tally: Tally;
  /** By replica; null where none came. */
  readonly #answers: (State | null)[];
  #picked: State = nothing;

  constructor(exchange: Exchange) {
    const r = exchange.request.r ?? exchange.space.keyspace.r;
    this.#exchange = exchange;
    this.#tally = startTally(exchange.replicas.length, exchange.context.policies.readAnswersNeeded(r));
    this.#answers = [];
    for (let replica = 0; replica < exchange.replicas.length; replica += 1) this.#answers.push(null);
  }

  start(): void {
    const exchange = this.#exchange;
    exchange.handTo(this);
    let own = -1;
    for (let replica = 0; replica < exchange.replicas.length; replica += 1) {
      if (exchange.isOwn(replica)) own = replica;
      else exchange.send(MessageKind.readRequest, replica);
    }
    if (own >= 0) this.#add(own, exchange.space.replica.read(exchange.request.key));
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.readAnswer) this.#add(replica, message.state);
    else if (message.kind === MessageKind.readRefused) this.onStoreFailed(replica);
  }

  /** A read stores nothing before it has its answers. */
  onStored(): void {
    return;
  }

  onStoreFailed(replica: number): void {
    countFailure(this.#tally, replica);
    this.#settle(false);
  }

  onDeadline(): void {
    this.#settle(true);
  }

  #add(replica: number, state: State): void {
    const { context, space } = this.#exchange;
    if (!countAnswer(this.#tally, replica, context.policies)) return;
    this.#picked =
      this.#tally.got === 1 ? state : context.policies.pick(space.versioning, this.#picked, state);
    this.#answers[replica] = state;
    this.#settle(false);
  }

  #settle(isLate: boolean): void {
    if (this.#exchange.isClosed) return;
    const decision = decide(this.#tally, isLate);
    if (decision === Decision.wait) return;
    if (decision === Decision.succeed) this.#conclude();
    else {
      const error = decision === Decision.timeOut ? "Timeout" : "QuorumNotMet";
      // Nothing was written, so nothing can have taken effect.
      this.#exchange.fail(error, this.#tally, false, "the read was answered by");
    }
  }

  #conclude(): void {
    const exchange = this.#exchange;
    const { keyspace } = exchange.space;
    if (exchange.context.policies.writesBack(keyspace)) {
      new WriteBack(exchange, this.#answers, this.#picked).start();
      return;
    }
    exchange.note("answered", this.#picked);
    exchange.answer(answeredRead(this.#picked));
    if (keyspace.read === "repair-async") new BackgroundRepair(exchange, this.#answers, this.#picked).start();
    else exchange.close();
  }
}
