import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import { answeredRead } from "../replies.ts";
import type { ReplyError } from "../request.ts";
import type { State } from "../versions/version.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Exchange } from "./exchange.ts";
import { readNeeds, unionOf, writeNeeds } from "./needs.ts";
import type { Need } from "./quorum.ts";
import { bitCount, Decision, decide } from "./quorum.ts";
import { QuorumPhase } from "./quorum-phase.ts";

/**
 * Before a read is answered, sees to it that enough replicas durably have what it returns: those whose
 * answers cover it, and those that acknowledge a write-back. If there are not enough in time, the read
 * fails and may have taken effect, for the write-back may still arrive.
 */
export class WriteBack extends QuorumPhase {
  readonly #answers: readonly (State | null)[];
  readonly #picked: State;
  /** Also those that have not answered, or only those that are known to be behind. */
  readonly #toAll: boolean;
  readonly #among: number;

  constructor(exchange: Exchange, answers: readonly (State | null)[], picked: State) {
    const { keyspace } = exchange.space;
    // While owners change, what a read returns must be where the next one may ask: on w of the new owners too.
    const isChanging = exchange.placement.next !== 0;
    const toAll = keyspace.protocol === "abd" || keyspace.writeBackTo === "w" || isChanging;
    const needs = needsOf(exchange, toAll);
    super(exchange, needs);
    this.#answers = answers;
    this.#picked = picked;
    this.#toAll = toAll;
    this.#among = unionOf(needs);
  }

  start(): void {
    const { exchange } = this;
    exchange.handTo(this);
    this.#countCopies();
    const isDone = decide(this.tally, false) === Decision.succeed;
    if (isDone || !exchange.context.policies.awaitsWriteBack()) this.#answer();
    if (isDone) exchange.close();
    else this.#writeBack();
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.writeBackAck) this.onStored(replica);
    else if (message.kind === MessageKind.writeBackRefused) this.onStoreFailed(replica);
    else if (message.kind === MessageKind.readAnswer) this.#addLateAnswer(replica, message.state);
  }

  /** A replica that answers late has it already, or is sent it unless that was done before. */
  #addLateAnswer(replica: number, state: State): void {
    if ((this.#answers[replica] ?? null) !== null || this.hasAnswered(replica)) return;
    if (this.exchange.space.versioning.covers(state, this.#picked)) this.onStored(replica);
    else if (!this.#toAll) this.#send(replica, state);
  }

  #countCopies(): void {
    const { space } = this.exchange;
    for (let replica = 0; replica < this.#answers.length; replica += 1) {
      const answer = this.#answers[replica] ?? null;
      if (answer !== null && space.versioning.covers(answer, this.#picked)) this.count(replica);
    }
  }

  #writeBack(): void {
    const { exchange } = this;
    let isOwnBehind = false;
    for (let replica = 0; replica < exchange.placement.nodes.length; replica += 1) {
      const answer = this.#answers[replica] ?? null;
      const isAsked = (this.#among & (1 << replica)) !== 0 && (answer !== null || this.#toAll);
      if (!isAsked || this.hasAnswered(replica)) continue;
      if (exchange.isOwn(replica)) isOwnBehind = true;
      else this.#send(replica, answer);
    }
    // Last, because the own replica may answer at once.
    if (isOwnBehind) this.#send(exchange.own, this.#answers[exchange.own] ?? null);
  }

  #send(replica: number, stale: State | null): void {
    const { exchange } = this;
    const { context } = exchange;
    const state = stale === null ? this.#picked : context.policies.stateForRepair(this.#picked, stale);
    if (!context.policies.repairsWith(this.#picked)) {
      this.onStored(replica);
      return;
    }
    context.metrics.readRepairs += 1;
    if (exchange.isOwn(replica)) exchange.storeOwn(state, "repair", this);
    else exchange.send(MessageKind.writeBack, replica, state);
  }

  protected onEnough(): void {
    this.#answer();
    this.exchange.close();
  }

  protected onTooFew(error: Extract<ReplyError, "Timeout" | "QuorumNotMet">): void {
    this.exchange.fail(error, this.tally, true, "what the read would return is on");
  }

  #answer(): void {
    const { exchange } = this;
    exchange.note("answered", this.#picked);
    exchange.answer(answeredRead(exchange.space.versioning, this.#picked));
  }
}

/** Copies that are needed before the answer: as many as a write needs, or as a read. */
function needsOf(exchange: Exchange, toAll: boolean): readonly Need[] {
  const { copiesNeeded } = exchange.context.policies;
  return toAll ? writeNeeds(exchange, copiesNeeded) : readNeeds(exchange, copiesNeeded);
}

/**
 * After a read was answered, sends what it returned to the replicas that turned out to be behind. Late
 * answers count until the request's deadline; one of them may be newer than what was returned.
 */
export class BackgroundRepair implements Coordinator {
  readonly #exchange: Exchange;
  readonly #answers: (State | null)[];
  #newest: State;
  /** Replicas that were asked and have not answered. */
  #waiting: number;
  /** Tells the repairs of one read apart: each has its own fate. */
  #attempt = 0;

  /** `among`: those that were asked. */
  constructor(exchange: Exchange, answers: (State | null)[], picked: State, among: number) {
    this.#exchange = exchange;
    this.#answers = answers;
    this.#newest = picked;
    this.#waiting = bitCount(among) - answers.filter((answer) => answer !== null).length;
  }

  start(): void {
    this.#exchange.handTo(this);
    this.#repairStale();
    if (this.#waiting === 0) this.#exchange.close();
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.readRefused) this.#addLate(replica, null);
    else if (message.kind === MessageKind.readAnswer) this.#addLate(replica, message.state);
  }

  /** Nobody waits for background repairs. */
  onStored(): void {
    return;
  }

  onStoreFailed(): void {
    return;
  }

  onDeadline(): void {
    this.#exchange.close();
  }

  #addLate(replica: number, answer: State | null): void {
    if (this.#answers[replica] !== null) return;
    const { context, space } = this.#exchange;
    this.#waiting -= 1;
    if (answer !== null) {
      this.#answers[replica] = answer;
      this.#newest = context.policies.pick(space.versioning, this.#newest, answer);
      this.#repairStale();
    }
    if (this.#waiting === 0) this.#exchange.close();
  }

  #repairStale(): void {
    const { policies } = this.#exchange.context;
    if (!policies.repairsWith(this.#newest)) return;
    for (let replica = 0; replica < this.#answers.length; replica += 1) {
      const answer = this.#answers[replica] ?? null;
      if (answer === null || this.#exchange.space.versioning.covers(answer, this.#newest)) continue;
      this.#repair(replica, policies.stateForRepair(this.#newest, answer));
      this.#answers[replica] = this.#newest;
    }
  }

  #repair(replica: number, state: State): void {
    const { context, request, space } = this.#exchange;
    context.metrics.readRepairs += 1;
    if (this.#exchange.isOwn(replica)) {
      space.replica?.store(request.key, state, "repair", request.cause, null, replica);
      return;
    }
    this.#exchange.send(MessageKind.repair, replica, state, this.#attempt);
    this.#attempt += 1;
  }
}
