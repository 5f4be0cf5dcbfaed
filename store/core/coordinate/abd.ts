import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import type { ReplyError } from "../request.ts";
import type { Version } from "../versions/version.ts";
import { compareVersions, headOf, nothing, only } from "../versions/version.ts";
import type { Exchange } from "./exchange.ts";
import { readNeeds, unionOf } from "./needs.ts";
import { PutCoordinator } from "./put.ts";
import { QuorumPhase } from "./quorum-phase.ts";

/**
 * A write of the ABD protocol (Attiya, Bar-Noy, Dolev, 1995, for many writers): asks r replicas for their
 * versions, takes one above the greatest, and writes that to w. No clock is involved. Its reads are
 * `GetCoordinator` with a `WriteBack` to w.
 */
export class AbdPutCoordinator extends QuorumPhase {
  readonly #value: string | null;
  readonly #among: number;
  #highest: Version | null = null;

  /** A value of null deletes. */
  constructor(exchange: Exchange, value: string | null) {
    const needs = readNeeds(exchange, exchange.context.policies.versionsNeeded);
    super(exchange, needs);
    this.#value = value;
    this.#among = unionOf(needs);
  }

  start(): void {
    const { exchange } = this;
    exchange.handTo(this);
    if (!exchange.sendToAll(MessageKind.versionRequest, this.#among, nothing)) return;
    const replica = exchange.readable;
    if (replica === null) this.onStoreFailed(exchange.own);
    else this.#add(exchange.own, headOf(replica.read(exchange.request.key))?.version ?? null);
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.versionAnswer) this.#add(replica, message.version);
    else if (message.kind === MessageKind.readRefused) this.onStoreFailed(replica);
  }

  #add(replica: number, version: Version | null): void {
    if (!this.count(replica)) return;
    const highest = this.#highest;
    if (version !== null && (highest === null || compareVersions(version, highest) > 0))
      this.#highest = version;
    this.settle(false);
  }

  protected onEnough(): void {
    const entry = this.exchange.context.mint.counted(this.#highest, this.#value);
    new PutCoordinator(this.exchange, only(entry)).start();
  }

  protected onTooFew(error: Extract<ReplyError, "Timeout" | "QuorumNotMet">): void {
    this.exchange.fail(error, this.tally, true, "the version before the write was told by");
  }
}
