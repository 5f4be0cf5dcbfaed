import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import type { State } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";
import type { Exchange } from "./exchange.ts";
import { unionOf } from "./needs.ts";
import type { Need } from "./quorum.ts";
import { QuorumPhase } from "./quorum-phase.ts";

/** Asks replicas for what they hold of a key, and merges what they answer. */
export abstract class ReadPhase extends QuorumPhase {
  /** Those that are asked. */
  protected readonly among: number;
  /** By replica; null where none came. */
  protected readonly answers: (State | null)[];
  #picked: State | null = null;

  protected constructor(exchange: Exchange, needs: readonly Need[]) {
    super(exchange, needs);
    this.among = unionOf(needs);
    this.answers = exchange.placement.nodes.map(() => null);
  }

  /** What the answers so far come to. */
  protected get picked(): State {
    return this.#picked ?? nothing;
  }

  start(): void {
    const { exchange } = this;
    exchange.handTo(this);
    if (!exchange.sendToAll(MessageKind.readRequest, this.among, nothing)) return;
    const replica = exchange.readable;
    if (replica === null) this.onStoreFailed(exchange.own);
    else this.#add(exchange.own, replica.read(exchange.request.key));
  }

  onAnswer(replica: number, message: Message): void {
    if (message.kind === MessageKind.readAnswer) this.#add(replica, message.state);
    else if (message.kind === MessageKind.readRefused) this.onStoreFailed(replica);
  }

  #add(replica: number, state: State): void {
    const { context, request, space } = this.exchange;
    if (!this.count(replica)) return;
    context.mint.heardState(request.keyspace, state);
    const picked = this.#picked;
    this.#picked = picked === null ? state : context.policies.pick(space.versioning, picked, state);
    this.answers[replica] = state;
    this.settle(false);
  }
}
