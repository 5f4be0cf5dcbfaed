import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import { answeredRead } from "../replies.ts";
import type { State } from "../versions/version.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Exchange } from "./exchange.ts";
import type { Tally } from "./quorum.ts";
import { countAnswer, countFailure, Decision, decide, startTally } from "./quorum.ts";

/**
 * Before a read is answered, sees to it that enough replicas durably have what it returns: those whose
 * answers cover it, and those that acknowledge a write-back. If there are not enough in time, the read
 * fails and may have taken effect, for the write-back may still arrive.
 */
export class WriteBack implements Coordinator {
  readonly #exchange: Exchange;
  readonly #answers: readonly (State | null)[];
  readonly #picked: State;
  /** Counts the replicas that have it. */
  readonly #tally: Tally;
  /** Also those that have not answered, or only those that are known to be behind. */
  readonly #toAll: boolean;

  constructor(exchange: Exchange, answers: readonly (State | null)[], picked: State) {
    const { context, request } = exchange;
    const { keyspace } = exchange.space;
    const needed = context.policies.copiesNeeded(keyspace, request.w ?? keyspace.w, request.r ?? keyspace.r);
    this.#exchange = exchange;
    this.#answers = answers;
    this.#picked = picked;
    this.#tally = startTally(exchange.replicas.length, needed);
    this.#toAll = keyspace.protocol === "abd" || keyspace.writeBackTo === "w";
  }

  start(): void {
    const exchange = this.#exchange;
    exchange.handTo(this);
    this.#countCopies();
    const isDone = decide(this.#tally, false) === Decision.succeed;
    if (isDone || !exchange.context.policies.awaitsWriteBack()) this.#answer();
    if (isDone) exchange.close();
    else this.#writeBack();
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.writeBackAck) this.onStored(replica);
    else if (message.kind === MessageKind.writeBackRefused) this.onStoreFailed(replica);
    else if (message.kind === MessageKind.readAnswer) this.#addLateAnswer(replica, message.state);
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

  /** A replica that answers late has it already, or is sent it unless that was done before. */
  #addLateAnswer(replica: number, state: State): void {
    if ((this.#answers[replica] ?? null) !== null || this.#has(replica)) return;
    if (this.#exchange.space.versioning.covers(state, this.#picked)) this.onStored(replica);
    else if (!this.#toAll) this.#send(replica, state);
  }

  #countCopies(): void {
    const { context, space } = this.#exchange;
    for (let replica = 0; replica < this.#answers.length; replica += 1) {
      const answer = this.#answers[replica] ?? null;
      if (answer === null || !space.versioning.covers(answer, this.#picked)) continue;
      countAnswer(this.#tally, replica, context.policies);
    }
  }

  #writeBack(): void {
    const exchange = this.#exchange;
    let own = -1;
    for (let replica = 0; replica < exchange.replicas.length; replica += 1) {
      const answer = this.#answers[replica] ?? null;
      if (this.#has(replica) || (answer === null && !this.#toAll)) continue;
      if (exchange.isOwn(replica)) own = replica;
      else this.#send(replica, answer);
    }
    // Last, because the own replica may answer at once.
    if (own >= 0) this.#send(own, this.#answers[own] ?? null);
  }

  #has(replica: number): boolean {
    return (this.#tally.answered & (1 << replica)) !== 0;
  }

  #send(replica: number, stale: State | null): void {
    const exchange = this.#exchange;
    const { context, request, space } = exchange;
    const state = stale === null ? this.#picked : context.policies.stateForRepair(this.#picked, stale);
    if (!context.policies.repairsWith(this.#picked)) {
      this.onStored(replica);
      return;
    }
    context.metrics.readRepairs += 1;
    if (exchange.isOwn(replica))
      space.replica.store(request.key, state, "repair", request.cause, this, replica);
    else exchange.send(MessageKind.writeBack, replica, state);
  }

  #settle(isLate: boolean): void {
    if (this.#exchange.isClosed) return;
    const decision = decide(this.#tally, isLate);
    if (decision === Decision.wait) return;
    if (decision === Decision.succeed) {
      this.#answer();
      this.#exchange.close();
      return;
    }
    const error = decision === Decision.timeOut ? "Timeout" : "QuorumNotMet";
    this.#exchange.fail(error, this.#tally, true, "what the read would return is on");
  }

  #answer(): void {
    this.#exchange.note("answered", this.#picked);
    this.#exchange.answer(answeredRead(this.#picked));
  }
}

/**
 * After a read was answered, sends what it returned to the replicas that turned out to be behind. Late
 * answers count until the request's deadline; one of them may be newer than what was returned.
 */
export class BackgroundRepair implements Coordinator {
  readonly #exchange: Exchange;
  readonly #answers: (State | null)[];
  #newest: State;
  #waiting = 0;
  /** Tells the repairs of one read apart: each has its own fate. */
  #attempt = 0;

  constructor(exchange: Exchange, answers: (State | null)[], picked: State) {
    this.#exchange = exchange;
    this.#answers = answers;
    this.#newest = picked;
  }

  start(): void {
    this.#exchange.handTo(this);
    for (const answer of this.#answers) if (answer === null) this.#waiting += 1;
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
      space.replica.store(request.key, state, "repair", request.cause, null, replica);
      return;
    }
    this.#exchange.send(MessageKind.repair, replica, state, this.#attempt);
    this.#attempt += 1;
  }
}
