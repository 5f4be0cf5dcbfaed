import type { Message } from "../messages.ts";
import { failed } from "../replies.ts";
import type { ClientRequest } from "../request.ts";
import type { TimerTarget } from "../runtime.ts";
import type { Replica } from "../storage/replica.ts";
import type { CausalChange } from "../versions/causal-change.ts";
import { causalChange } from "../versions/causal-change.ts";
import { parseContext } from "../versions/context-text.ts";
import type { State, VersionVector } from "../versions/version.ts";
import { noContext, nothing } from "../versions/version.ts";
import { hasEvent } from "../versions/version-vector.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Exchange } from "./exchange.ts";
import { writeNeeds } from "./needs.ts";
import { PutCoordinator } from "./put.ts";
import { neededBy, startTally } from "./quorum.ts";

/**
 * Values of one key that are kept side by side before further ones are refused: as many at each of the
 * replicas fit into one record of the log, which counts 65,535.
 */
const maxEntries = 4_000;

/**
 * Changes a key of siblings or of a CRDT. Its coordinator is a replica: it changes what it holds in one step,
 * waits until its own disk has that, and only then sends it to the others and counts their acknowledgements.
 */
export class UpdateCoordinator implements Coordinator, TimerTarget {
  readonly #exchange: Exchange;
  #change: CausalChange | null = null;
  /** The second phase; null before. */
  #replication: PutCoordinator | null = null;
  #isBeingAsked = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  start(): void {
    const { context, readable, request } = this.#exchange;
    this.#exchange.handTo(this);
    if (readable === null) {
      this.#refuse("NotReady", `this node is not ready to change "${request.key}"; try another one`);
      return;
    }
    if (hasNoRoom(request, readable.read(request.key))) {
      const cure = "read it, and write, remove or delete with the context of that read";
      this.#refuse("Overloaded", `"${request.key}" has ${maxEntries} values side by side; ${cure}`);
      return;
    }
    this.#update(readable);
    if (context.policies.sendsUnsyncedDots()) this.#replicate();
    const againUs = context.policies.repeatsUpdateAfterUs(request.timeoutUs);
    if (againUs !== null) context.runtime.after(againUs, this, 0, request.cause);
  }

  /** No message was sent yet. */
  onAnswer(_replica: number, _message: Message): void {
    return;
  }

  onStored(tag: number): void {
    this.#replicate();
    this.#replication?.onStored(tag);
  }

  onStoreFailed(tag: number): void {
    if (this.#replication !== null) this.#replication.onStoreFailed(tag);
    else if (this.#isBeingAsked) {
      this.#refuse("Overloaded", "too many writes wait for the disk of this node; try again later");
    } else this.#fail("DiskFailed", "the disk of this node failed; the change may be there after a restart");
  }

  onDeadline(): void {
    this.#exchange.context.metrics.timeouts += 1;
    this.#fail("Timeout", "the change is not on this node's own disk, and time is up");
  }

  /** Only where a policy asks for a second change of the same request. */
  onTimer(): void {
    const { isClosed, readable } = this.#exchange;
    if (!isClosed && readable !== null) this.#update(readable);
  }

  #update(replica: Replica): void {
    const { request, own } = this.#exchange;
    this.#isBeingAsked = true;
    replica.update(request.key, (held) => this.#changed(held), request.cause, this, own);
    this.#isBeingAsked = false;
  }

  #changed(held: State): State {
    const { context, request, space } = this.#exchange;
    const { keyspace } = space;
    const { policies, mint } = context;
    const dot = (known: VersionVector) => mint.dot(keyspace, known);
    this.#change = causalChange({ keyspace, request, context: contextOf(request), policies, dot }, held);
    return this.#change.state;
  }

  /** Hands over to the second phase, once. */
  #replicate(): void {
    if (this.#replication !== null || !this.#exchange.isWith(this)) return;
    const { sent, reply } = this.#change ?? { sent: nothing, reply: nothing };
    this.#replication = new PutCoordinator(this.#exchange, sent, reply);
    this.#replication.start();
  }

  /** Nothing was done, and nothing will be. */
  #refuse(error: "NotReady" | "Overloaded", message: string): void {
    this.#exchange.context.metrics.refusedRequests += 1;
    this.#exchange.answer(failed(error, message, 0, 0, false));
    this.#exchange.close();
  }

  #fail(error: "DiskFailed" | "Timeout", message: string): void {
    const { policies } = this.#exchange.context;
    if (!this.#exchange.isWith(this)) return;
    const needed = neededBy(startTally(writeNeeds(this.#exchange, policies.writeAcksNeeded)));
    this.#exchange.answer(failed(error, message, needed, 0, policies.isFailedWriteIndeterminate()));
    this.#exchange.close();
  }
}

/** What the client has seen; null where it does not say. */
function contextOf({ context }: ClientRequest): VersionVector | null {
  return context === undefined ? null : parseContext(context);
}

/** Whether too many entries would be left for one more. */
function hasNoRoom(request: ClientRequest, { entries }: State): boolean {
  if (entries.length < maxEntries || (request.f !== "put" && request.f !== "add")) return false;
  if (request.f === "add") return true;
  const seen = contextOf(request) ?? noContext;
  return entries.filter(({ version }) => !hasEvent(seen, version)).length >= maxEntries;
}
