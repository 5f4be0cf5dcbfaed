import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import { answeredRead } from "../replies.ts";
import type { ReplyError } from "../request.ts";
import type { State } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";
import type { Exchange } from "./exchange.ts";
import { readNeeds, unionOf } from "./needs.ts";
import type { Need } from "./quorum.ts";
import { QuorumPhase } from "./quorum-phase.ts";
import { BackgroundRepair, WriteBack } from "./read-repair.ts";

/** Asks the replicas, waits for enough answers, and merges them into what the client is shown. */
export class GetCoordinator extends QuorumPhase {
  readonly #among: number;
  /** By replica; null where none came. */
  readonly #answers: (State | null)[];
  #picked: State | null = null;

  constructor(exchange: Exchange) {
    const needs = needsOf(exchange);
    super(exchange, needs);
    this.#among = unionOf(needs);
    this.#answers = exchange.placement.nodes.map(() => null);
  }

  start(): void {
    const { exchange } = this;
    exchange.handTo(this);
    if (!exchange.sendToAll(MessageKind.readRequest, this.#among, nothing)) return;
    const replica = exchange.readable;
    if (replica === null) this.onStoreFailed(exchange.own);
    else this.#add(exchange.own, replica.read(exchange.request.key));
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.readAnswer) this.#add(replica, message.state);
    else if (message.kind === MessageKind.readRefused) this.onStoreFailed(replica);
  }

  #add(replica: number, state: State): void {
    const { context, space } = this.exchange;
    if (!this.count(replica)) return;
    context.mint.heardState(space.keyspace.name, state);
    const picked = this.#picked;
    this.#picked = picked === null ? state : context.policies.pick(space.versioning, picked, state);
    this.#answers[replica] = state;
    this.settle(false);
  }

  protected onTooFew(error: Extract<ReplyError, "Timeout" | "QuorumNotMet">): void {
    // Nothing was written, so nothing can have taken effect.
    this.exchange.fail(error, this.tally, false, "the read was answered by");
  }

  protected onEnough(): void {
    const { exchange } = this;
    const { keyspace, versioning } = exchange.space;
    const picked = this.#picked ?? nothing;
    if (exchange.context.policies.writesBack(keyspace)) {
      new WriteBack(exchange, this.#answers, picked).start();
      return;
    }
    exchange.note("answered", picked);
    exchange.answer(answeredRead(versioning, picked));
    if (keyspace.read === "repair-async") {
      new BackgroundRepair(exchange, this.#answers, picked, this.#among).start();
    } else exchange.close();
  }
}

/** Any r of the owners, or the coordinator's own replica where it is one and that is asked for. */
function needsOf(exchange: Exchange): readonly Need[] {
  const { context, space, placement, own } = exchange;
  const isOwn = space.keyspace.answer === "own-replica" && own >= 0 && (placement.read & (1 << own)) !== 0;
  if (isOwn) return [{ among: 1 << own, count: 1 }];
  return readNeeds(exchange, context.policies.readAnswersNeeded);
}
