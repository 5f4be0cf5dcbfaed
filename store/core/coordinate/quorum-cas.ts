import type { ReplyError } from "../request.ts";
import { headOf, only } from "../versions/version.ts";
import type { Exchange } from "./exchange.ts";
import { readNeeds } from "./needs.ts";
import { mismatchOf } from "./proposed-change.ts";
import { PutCoordinator } from "./put.ts";
import { ReadPhase } from "./read-phase.ts";

/**
 * Compare-and-set as it must not be done: reads from r replicas, compares, and writes to w. Two of them may
 * read the same value and both win. It is there for those who believe that quorums are enough.
 */
export class QuorumCasCoordinator extends ReadPhase {
  constructor(exchange: Exchange) {
    super(exchange, readNeeds(exchange, exchange.context.policies.readAnswersNeeded));
  }

  protected onEnough(): void {
    const { exchange, picked: known } = this;
    const { context, request, space } = exchange;
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
