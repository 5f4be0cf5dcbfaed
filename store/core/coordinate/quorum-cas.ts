import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import type { ReplyError } from "../request.ts";
import type { State } from "../versions/version.ts";
import { headOf, nothing, only } from "../versions/version.ts";
import type { Exchange } from "./exchange.ts";
import { readNeeds, unionOf } from "./needs.ts";
import { mismatchOf } from "./proposed-change.ts";
import { PutCoordinator } from "./put.ts";
import { QuorumPhase } from "./quorum-phase.ts";

/**
 * Compare-and-set as it must not be done: reads from r replicas, compares, and writes to w. Two of them may
 * read the same value and both win. It is there for those who believe that quorums are enough.
 */
export class QuorumCasCoordinator extends QuorumPhase {
  readonly #among: number;
  #known: State = nothing;

  constructor(exchange: Exchange) {
    const needs = readNeeds(exchange, exchange.context.policies.readAnswersNeeded);
    super(exchange, needs);
    this.#among = unionOf(needs);
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
    this.#known = context.policies.pick(space.versioning, this.#known, state);
    this.settle(false);
  }

  protected onEnough(): void {
    const { exchange } = this;
    const { context, request, space } = exchange;
    const known = this.#known;
    const own = exchange.readable?.read(request.key) ?? known;
    const mismatch = mismatchOf(request, context.policies.compared(known, own));
    if (mismatch !== null) {
      context.metrics.casMismatches += 1;
      exchange.answer(mismatch);
      exchange.close();
      return;
    }
    const entry =
      space.keyspace.protocol === "abd"
        ? context.mint.counted(headOf(known)?.version ?? null, request.value)
        : context.mint.stamped(space.keyspace, request, request.value);
    new PutCoordinator(exchange, only(entry)).start();
  }

  protected onTooFew(error: Extract<ReplyError, "Timeout" | "QuorumNotMet">): void {
    // Nothing was written, so nothing can have taken effect.
    this.exchange.fail(error, this.tally, false, "the read before the write was answered by");
  }
}
