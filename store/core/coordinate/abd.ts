import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import type { Version } from "../versions/version.ts";
import { compareVersions, headOf } from "../versions/version.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Exchange } from "./exchange.ts";
import { PutCoordinator } from "./put.ts";
import type { Tally } from "./quorum.ts";
import { countAnswer, countFailure, Decision, decide, startTally } from "./quorum.ts";

/**
 * A write of the ABD protocol (Attiya, Bar-Noy, Dolev, 1995, for many writers): asks r replicas for their
 * versions, takes one above the greatest, and writes that to w. No clock is involved. Its reads are
 * `GetCoordinator` with a `WriteBack` to w.
 */
export class AbdPutCoordinator implements Coordinator {
  readonly #exchange: Exchange;
  readonly #value: string | null;
  readonly #tally: Tally;
  #highest: Version | null = null;

  /** A value of null deletes. */
  constructor(exchange: Exchange, value: string | null) {
    const r = exchange.request.r ?? exchange.space.keyspace.r;
    this.#exchange = exchange;
    this.#value = value;
    this.#tally = startTally(exchange.replicas.length, exchange.context.policies.versionsNeeded(r));
  }

  start(): void {
    const exchange = this.#exchange;
    exchange.handTo(this);
    let own = -1;
    for (let replica = 0; replica < exchange.replicas.length; replica += 1) {
      if (exchange.isOwn(replica)) own = replica;
      else exchange.send(MessageKind.versionRequest, replica);
    }
    if (own < 0) return;
    this.#add(own, headOf(exchange.space.replica.read(exchange.request.key))?.version ?? null);
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.versionAnswer) this.#add(replica, message.version);
    else if (message.kind === MessageKind.readRefused) this.onStoreFailed(replica);
  }

  /** This phase stores nothing. */
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

  #add(replica: number, version: Version | null): void {
    if (!countAnswer(this.#tally, replica, this.#exchange.context.policies)) return;
    const highest = this.#highest;
    if (version !== null && (highest === null || compareVersions(version, highest) > 0))
      this.#highest = version;
    this.#settle(false);
  }

  #settle(isLate: boolean): void {
    if (this.#exchange.isClosed) return;
    const decision = decide(this.#tally, isLate);
    if (decision === Decision.wait) return;
    const exchange = this.#exchange;
    if (decision === Decision.succeed) {
      const entry = exchange.context.mintCounted(this.#highest, this.#value);
      new PutCoordinator(exchange, [entry]).start();
      return;
    }
    const error = decision === Decision.timeOut ? "Timeout" : "QuorumNotMet";
    exchange.fail(error, this.#tally, true, "the version before the write was told by");
  }
}
