import type { Message } from "../messages.ts";
import type { ReplyError } from "../request.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Exchange } from "./exchange.ts";
import type { Need, Tally } from "./quorum.ts";
import { countAnswer, countFailure, Decision, decide, startTally } from "./quorum.ts";

/**
 * Ask, count, settle: what all quorum phases share. A phase says what it asks, what it makes of an answer,
 * and what it does once there are enough or too few.
 */
export abstract class QuorumPhase implements Coordinator {
  protected readonly exchange: Exchange;
  protected readonly tally: Tally;

  protected constructor(exchange: Exchange, needs: readonly Need[]) {
    this.exchange = exchange;
    this.tally = startTally(needs);
  }

  /** Asks; the own replica last, because it may answer at once. */
  abstract start(): void;

  abstract onAnswer(replica: number, message: Message): void;

  /** Enough replicas have answered. Called at most once. */
  protected abstract onEnough(): void;

  /** Too few can still answer, or time is up. Called at most once. */
  protected abstract onTooFew(error: Extract<ReplyError, "Timeout" | "QuorumNotMet">): void;

  /** A replica has what the phase asked it to store. */
  onStored(replica: number): void {
    if (this.count(replica)) this.settle(false);
  }

  /** A replica said that it cannot. */
  onStoreFailed(replica: number): void {
    countFailure(this.tally, replica);
    this.settle(false);
  }

  onDeadline(): void {
    this.settle(true);
  }

  /** Counts the answer of a replica. False when it does not count. */
  protected count(replica: number): boolean {
    return countAnswer(this.tally, replica, this.exchange.context.policies);
  }

  protected hasAnswered(replica: number): boolean {
    return (this.tally.answered & (1 << replica)) !== 0;
  }

  /** Decides, unless the phase is over. */
  protected settle(isLate: boolean): void {
    if (!this.exchange.isWith(this)) return;
    const decision = decide(this.tally, isLate);
    if (decision === Decision.wait) return;
    if (decision === Decision.succeed) this.onEnough();
    else this.onTooFew(decision === Decision.timeOut ? "Timeout" : "QuorumNotMet");
  }
}
