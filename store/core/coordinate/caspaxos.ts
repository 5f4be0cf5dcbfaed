import type { Message } from "../messages.ts";
import { MessageKind, mostAttempts } from "../messages.ts";
import { allOf } from "../placement.ts";
import { answeredRead, failed } from "../replies.ts";
import type { ReplyError } from "../request.ts";
import type { TimerHandle, TimerTarget } from "../runtime.ts";
import type { State, Version } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";
import type { BallotWaiter } from "./acceptor.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Exchange } from "./exchange.ts";
import { readNeeds, unionOf, writeNeeds } from "./needs.ts";
import type { ProposedChange } from "./proposed-change.ts";
import { proposedChange } from "./proposed-change.ts";
import type { Need } from "./quorum.ts";
import { countFailure } from "./quorum.ts";
import { QuorumPhase } from "./quorum-phase.ts";

/** The shortest back-off, in microseconds. Chosen: about a round trip within a data centre, syncs included. */
const leastBackOffUs = 2_000;
/** Doublings of it. Chosen: 64 ms, so that a second's deadline leaves a dozen rounds. */
const mostDoublings = 5;
/** Rounds for which there is time when messages are lost. Chosen: of 2, 3 and 4 it left the fewest unanswered. */
const roundsInTime = 2;
/** Draws of the proposer's back-off, apart from the store's other draws. */
const backOffPurpose = 1;

type TooFew = Extract<ReplyError, "Timeout" | "QuorumNotMet">;

/**
 * One request that goes through the ballots of its key (CASPaxos; Rystsov, 2018): r acceptors promise a
 * ballot and tell what they have accepted, the newest of that is changed, and w accept the outcome. Reads, and
 * compare-and-sets that are refused, do the same with no change. It tries again by itself only before
 * its first accept: later its change may have been taken, and would be made twice.
 */
export class Proposal {
  readonly exchange: Exchange;
  /** Counts prepares, from 1: the attempt of all messages of a round. */
  round = 0;
  hasSentAccept = false;
  /** The greatest time of any ballot that stood in the way. */
  #highest = 0;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  /** Begins a round, with a ballot above all that were heard of. */
  start(): void {
    const { context } = this.exchange;
    this.round += 1;
    const ballot = context.policies.ballotOf(context.mint.version(this.#nextTime()));
    new PreparePhase(this, ballot).start();
  }

  /** Hears of a ballot that stood in the way. */
  heard(standing: Version): void {
    this.#highest = Math.max(this.#highest, standing.time);
    this.exchange.space.acceptor?.heard(standing);
  }

  /** Tries again after a while. */
  backOff(): void {
    if (this.round + 1 < mostAttempts) new BackOff(this).start();
    else this.failContended();
  }

  /** Other requests' ballots went first. */
  failContended(): void {
    const { exchange, hasSentAccept, round } = this;
    exchange.context.metrics.contentions += 1;
    const what = hasSentAccept ? "this one may have taken effect" : `${round} rounds were not enough`;
    const text = `other requests for the key went first, and ${what}; try again later`;
    exchange.answer(failed("Contention", text, 0, 0, this.mayHaveTakenEffect));
    exchange.close();
  }

  get mayHaveTakenEffect(): boolean {
    return this.hasSentAccept && this.exchange.context.policies.isFailedWriteIndeterminate();
  }

  /**
   * A counter under caspaxos. Where plain writes share the table it is their clock, or they could not be
   * told which of them is newer (as Cassandra's ballots are).
   */
  #nextTime(): number {
    const { context, request, space } = this.exchange;
    const { acceptor, keyspace } = space;
    const own = acceptor?.promised(request.key)?.time ?? 0;
    const above = Math.max(own, this.#highest) + 1;
    if (keyspace.protocol === "caspaxos") return Math.max(above, (acceptor?.highest ?? 0) + 1);
    return Math.max(above, context.policies.stampUs(context.runtime));
  }
}

/** What both phases share: a ballot, and what a refusal means. */
abstract class BallotPhase extends QuorumPhase implements BallotWaiter {
  protected readonly proposal: Proposal;
  protected readonly ballot: Version;
  protected readonly round: number;
  /** Whether a greater ballot stands in the way, rather than a replica that cannot. */
  protected isContended = false;

  protected constructor(proposal: Proposal, ballot: Version, needs: readonly Need[]) {
    super(proposal.exchange, needs);
    this.proposal = proposal;
    this.ballot = ballot;
    this.round = proposal.round;
  }

  onRefused(replica: number, standing: Version | null): void {
    if (standing !== null) {
      this.isContended = true;
      this.proposal.heard(standing);
    }
    countFailure(this.tally, replica);
    this.settle(false);
  }

  abstract onPromised(replica: number, accepted: State): void;
}

/** The first phase: r promises. Nothing has taken effect yet. */
class PreparePhase extends BallotPhase implements TimerTarget {
  readonly #among: number;
  #patience: TimerHandle | null = null;
  #picked: State = nothing;

  constructor(proposal: Proposal, ballot: Version) {
    const { exchange } = proposal;
    const needs = readNeeds(exchange, exchange.context.policies.promisesNeeded);
    super(proposal, ballot, needs);
    this.#among = unionOf(needs);
  }

  start(): void {
    const { exchange, ballot, round } = this;
    const { context, request, space } = exchange;
    exchange.handTo(this);
    const patienceUs = Math.floor(request.timeoutUs / roundsInTime);
    this.#patience = context.runtime.after(patienceUs, this, round, request.cause);
    if (!exchange.sendToAll(MessageKind.prepare, this.#among, nothing, ballot, round)) return;
    space.acceptor?.prepare(request.key, ballot, request.cause, this, exchange.own);
  }

  onAnswer(replica: number, { kind, attempt, state, version }: Message): void {
    if (attempt !== this.round) return;
    if (kind === MessageKind.promise) this.onPromised(replica, state);
    else if (kind === MessageKind.prepareRefused) this.onRefused(replica, version);
  }

  /** Prepares or promises were lost: another round, as long as nothing was accepted. */
  onTimer(): void {
    if (this.exchange.isWith(this)) this.proposal.start();
  }

  onPromised(replica: number, accepted: State): void {
    if (!this.count(replica)) return;
    const { context, space } = this.exchange;
    context.mint.heardState(space.keyspace.name, accepted);
    this.#picked = context.policies.pickAccepted(space.versioning, this.#picked, accepted);
    this.settle(false);
  }

  protected onEnough(): void {
    const { exchange } = this;
    this.#endPatience();
    if (exchange.request.f !== "get" || exchange.context.policies.confirmsReads()) {
      new AcceptPhase(this.proposal, this.ballot, this.#picked).start();
      return;
    }
    exchange.answer(answeredRead(exchange.space.versioning, this.#picked));
    exchange.close();
  }

  protected onTooFew(error: TooFew): void {
    const { exchange, proposal, tally } = this;
    this.#endPatience();
    if (error === "QuorumNotMet" && this.isContended) proposal.backOff();
    else exchange.fail(error, tally, proposal.mayHaveTakenEffect, "the ballot was promised by");
  }

  #endPatience(): void {
    if (this.#patience !== null) this.exchange.context.runtime.cancel(this.#patience);
    this.#patience = null;
  }
}

/** The second phase: w acceptances. */
class AcceptPhase extends BallotPhase {
  readonly #change: ProposedChange;

  constructor(proposal: Proposal, ballot: Version, accepted: State) {
    const { exchange } = proposal;
    const { context, request, space } = exchange;
    super(proposal, ballot, writeNeeds(exchange, context.policies.acceptancesNeeded));
    const own = exchange.readable?.read(request.key) ?? accepted;
    const compared = context.policies.compared(accepted, own);
    this.#change = proposedChange(request, space.versioning, accepted, compared, ballot);
  }

  start(): void {
    const { exchange, ballot, proposal, round } = this;
    const { placement, request, space } = exchange;
    const { state } = this.#change;
    exchange.handTo(this);
    exchange.note("minted", state);
    exchange.context.mint.heardState(request.keyspace, state);
    proposal.hasSentAccept = true;
    const all = allOf(placement.nodes.length);
    if (!exchange.sendToAll(MessageKind.accept, all, state, ballot, round)) return;
    space.acceptor?.accept(request.key, ballot, state, request.cause, this, exchange.own);
  }

  onAnswer(replica: number, { kind, attempt, version }: Message): void {
    if (attempt !== this.round) return;
    if (kind === MessageKind.accepted) this.onStored(replica);
    else if (kind === MessageKind.acceptRefused) this.onRefused(replica, version);
  }

  /** Promises that come late add nothing. */
  onPromised(): void {
    return;
  }

  protected onEnough(): void {
    const { exchange } = this;
    const { reply, state } = this.#change;
    if (exchange.request.f === "get") exchange.note("answered", state);
    if (reply.kind === "error") exchange.context.metrics.casMismatches += 1;
    exchange.answer(reply);
    exchange.close();
  }

  protected onTooFew(error: TooFew): void {
    const { exchange, proposal, tally } = this;
    const isContended = error === "QuorumNotMet" && this.isContended;
    if (isContended && exchange.context.policies.retriesAfterAccept()) proposal.backOff();
    else if (isContended) proposal.failContended();
    else exchange.fail(error, tally, proposal.mayHaveTakenEffect, "the outcome was accepted by");
  }
}

/** Lets the requests that were first finish. */
class BackOff implements Coordinator, TimerTarget {
  readonly #proposal: Proposal;

  constructor(proposal: Proposal) {
    this.#proposal = proposal;
  }

  start(): void {
    const { exchange, round } = this.#proposal;
    const { runtime, metrics } = exchange.context;
    const longestUs = leastBackOffUs << Math.min(round, mostDoublings);
    const drawn = runtime.draw(backOffPurpose, exchange.request.cause, 0, round);
    metrics.ballotRetries += 1;
    exchange.handTo(this);
    runtime.after(leastBackOffUs + (drawn % longestUs), this, round, exchange.request.cause);
  }

  onTimer(): void {
    if (this.#proposal.exchange.isWith(this)) this.#proposal.start();
  }

  onDeadline(): void {
    this.#proposal.failContended();
  }

  /** What comes from a round that is over adds nothing. */
  onAnswer(): void {
    return;
  }

  onStored(): void {
    return;
  }

  onStoreFailed(): void {
    return;
  }
}
