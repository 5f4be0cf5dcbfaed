import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import { allOf } from "../placement.ts";
import type { State } from "../versions/version.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Exchange } from "./exchange.ts";
import type { Tally } from "./quorum.ts";
import { countAnswer, countFailure } from "./quorum.ts";

/**
 * Keeps hints at once for the owners that are suspected. Where the quorum is sloppy somebody stands in for
 * them, and keeps it. Called when a write has been sent.
 */
export function hintSuspected(exchange: Exchange, state: State): void {
  const { context, placement, space } = exchange;
  if (context.hints === null || space.keyspace.hints === null || space.keyspace.sloppy !== null) return;
  placement.nodes.forEach((owner, place) => {
    if (context.detector.isSuspected(owner)) keepHint(exchange, place, state);
  });
}

/**
 * Ends a write that was answered, or has failed. Where the keyspace has hints it stays open until all owners
 * have answered or its time is up, and hints are kept for those that have not. `isLate`: the time is up.
 */
export function endWrite(exchange: Exchange, tally: Tally, state: State, isLate: boolean): void {
  if (exchange.context.hints === null || exchange.space.keyspace.hints === null) exchange.close();
  else new MissedWrites(exchange, tally, state).start(isLate);
}

/** Waits for the owners that have not acknowledged a write. Nobody waits for this. */
class MissedWrites implements Coordinator {
  readonly #exchange: Exchange;
  readonly #tally: Tally;
  readonly #state: State;

  constructor(exchange: Exchange, tally: Tally, state: State) {
    this.#exchange = exchange;
    this.#tally = tally;
    this.#state = state;
  }

  start(isLate: boolean): void {
    this.#exchange.handTo(this);
    if (isLate) this.onDeadline();
    else this.#closeUnlessAwaited();
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.writeAck) {
      countAnswer(this.#tally, replica, this.#exchange.context.policies);
    } else if (message.kind === MessageKind.writeRefused) {
      countFailure(this.#tally, replica);
    }
    this.#closeUnlessAwaited();
  }

  /** The own replica needs no hint. */
  onStored(): void {
    return;
  }

  onStoreFailed(): void {
    return;
  }

  onDeadline(): void {
    for (let place = 0; place < this.#exchange.placement.nodes.length; place += 1) {
      if ((this.#missing & (1 << place)) !== 0) keepHint(this.#exchange, place, this.#state);
    }
    this.#exchange.close();
  }

  /** A suspected owner without a stand-in is not waited for: a long outage would leave too many requests open. */
  #closeUnlessAwaited(): void {
    const { context, placement } = this.#exchange;
    let awaited = this.#missing & ~this.#tally.failed;
    placement.nodes.forEach((owner, place) => {
      if (context.detector.isSuspected(owner) && !this.#exchange.isStoodInFor(place)) {
        awaited &= ~(1 << place);
      }
    });
    if (awaited === 0) this.onDeadline();
  }

  get #missing(): number {
    const { placement, own } = this.#exchange;
    const others = allOf(placement.nodes.length) & ~(own < 0 ? 0 : 1 << own);
    return others & ~this.#tally.answered;
  }
}

function keepHint({ context, placement, request }: Exchange, place: number, state: State): void {
  const home = placement.nodes[place];
  if (home === undefined) return;
  context.hints?.keep(home, request.keyspace, request.key, state, request.cause, null, 0);
}
