import { BackgroundTask, causeOf, taskSeed } from "../background-cause.ts";
import type { Message } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { ResyncState } from "../storage/resync-state.ts";
import type { StreamNumbers } from "./stream-in.ts";
import { StreamIn } from "./stream-in.ts";
import type { StreamedSpace } from "./streamed-space.ts";
import { dispensablePeers } from "./streamed-space.ts";

/**
 * Gets back what a node may have forgotten: it dropped a torn or damaged record, or has lost its disk. (1) It
 * answers no read and promises nothing until enough of its peers have sent what it owns. (2) It takes
 * writes meanwhile, and gives others what it has, for all nodes may have lost power at once.
 */
export class Resync {
  readonly #context: NodeContext;
  readonly #state: ResyncState;
  readonly #spaces: readonly StreamedSpace[];
  readonly #numbers: StreamNumbers;
  readonly #causeSeed: number;
  #round = 0;
  #stream: StreamIn | null = null;

  constructor(
    context: NodeContext,
    state: ResyncState,
    spaces: readonly StreamedSpace[],
    numbers: StreamNumbers,
  ) {
    this.#context = context;
    this.#state = state;
    this.#spaces = spaces;
    this.#numbers = numbers;
    this.#causeSeed = taskSeed(context, BackgroundTask.resync, "");
  }

  /** Begins, if the log says that it is needed. */
  start(): void {
    if (this.#state.isNeeded) this.#restart();
  }

  /** Begins because an operator asks for it. */
  begin(): void {
    if (this.#state.isNeeded) return;
    this.#round += 1;
    this.#state.begin(this.#cause());
    for (const { replica } of this.#spaces) replica.isReady = this.#context.policies.answersBeforeResync();
    this.#restart();
  }

  /** Owners may be others now, and sources answer only within one phase. */
  onEntered(): void {
    if (this.#stream !== null) this.#restart();
  }

  take(from: string, message: Message): void {
    this.#stream?.take(from, message);
  }

  #restart(): void {
    const { id, membership } = this.#context;
    this.#stream?.stop();
    const others = membership.members.map((member) => member.id).filter((peer) => peer !== id);
    const peers = others.filter((peer) => !membership.state.dead.includes(peer));
    const keyspaces = this.#spaces.map(({ keyspace }) => keyspace);
    const required = others.length - dispensablePeers(keyspaces, others.length);
    const plan = { spaces: this.#spaces, peers, needed: Math.min(required, peers.length), isResync: true };
    this.#stream = new StreamIn(this.#context, plan, this.#numbers, () => this.#end());
    this.#stream.start();
  }

  #end(): void {
    this.#stream = null;
    this.#state.end(this.#cause());
    this.#context.metrics.resyncs += 1;
    for (const { replica } of this.#spaces) replica.isReady = true;
  }

  #cause(): number {
    return causeOf(this.#causeSeed, this.#round);
  }
}
