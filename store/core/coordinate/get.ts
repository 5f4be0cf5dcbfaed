import { answeredRead } from "../replies.ts";
import type { ReplyError } from "../request.ts";
import type { Exchange } from "./exchange.ts";
import { readNeeds } from "./needs.ts";
import type { Need } from "./quorum.ts";
import { ReadPhase } from "./read-phase.ts";
import { BackgroundRepair, WriteBack } from "./read-repair.ts";

/** Asks the replicas, waits for enough answers, and merges them into what the client is shown. */
export class GetCoordinator extends ReadPhase {
  constructor(exchange: Exchange) {
    super(exchange, needsOf(exchange));
  }

  protected onTooFew(error: Extract<ReplyError, "Timeout" | "QuorumNotMet">): void {
    // Nothing was written, so nothing can have taken effect.
    this.exchange.fail(error, this.tally, false, "the read was answered by");
  }

  protected onEnough(): void {
    const { answers, exchange, picked } = this;
    const { keyspace, versioning } = exchange.space;
    if (exchange.context.policies.writesBack(keyspace)) {
      new WriteBack(exchange, answers, picked).start();
      return;
    }
    exchange.note("answered", picked);
    exchange.answer(answeredRead(versioning, picked));
    if (keyspace.read === "repair-async") {
      new BackgroundRepair(exchange, answers, picked, this.among).start();
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
