import type { Acceptor } from "./coordinate/acceptor.ts";
import type { FailureDetector } from "./failure-detector.ts";
import { trusting } from "./failure-detector.ts";
import type { Hints } from "./hints/hints.ts";
import type { Membership } from "./membership/membership.ts";
import type { Message } from "./messages.ts";
import { Metrics } from "./metrics.ts";
import type { Keyspace } from "./options/keyspace.ts";
import type { Policies } from "./policies.ts";
import type { Runtime } from "./runtime.ts";
import type { Replica } from "./storage/replica.ts";
import type { Versioning } from "./versions/version.ts";
import { VersionMint } from "./versions/version-mint.ts";

/** One keyspace on one node, or in one client. */
export interface Space {
  readonly keyspace: Keyspace;
  readonly versioning: Versioning;
  /** What the node holds of it; null for a client, which holds nothing. */
  readonly replica: Replica | null;
  /** The node's part in the consensus on its keys; null where none is sought, and for a client. */
  readonly acceptor: Acceptor | null;
}

/** A request under way, as the node knows it. */
export interface OpenRequest {
  receive(from: string, message: Message): void;
}

/** Whose affairs they are: a node's, or a client's. */
export interface Owner {
  readonly id: string;
  /** The data centre that it stands in. */
  readonly dc: string;
  readonly keyspaces: readonly Keyspace[];
}

/** What everything on one node shares: its name, its world, and the numbers that must not repeat. */
export class NodeContext {
  readonly id: string;
  /** The data centre that it stands in. */
  readonly dc: string;
  readonly runtime: Runtime;
  readonly policies: Policies;
  readonly membership: Membership;
  readonly metrics: Metrics;
  readonly mint: VersionMint;
  /** A node whose keyspaces need one sets its own. */
  detector: FailureDetector = trusting;
  /** A node whose keyspaces keep any sets its own. */
  hints: Hints | null = null;
  readonly #open = new Map<number, OpenRequest>();
  #requestId = 0;
  /** Requests that were under way when the membership changed; null once they have ended. */
  #earlier: Set<number> | null = null;
  #whenDrained: () => void = () => {};

  constructor({ id, dc, keyspaces }: Owner, runtime: Runtime, policies: Policies, membership: Membership) {
    this.id = id;
    this.dc = dc;
    this.runtime = runtime;
    this.policies = policies;
    this.membership = membership;
    this.metrics = new Metrics();
    this.mint = new VersionMint(id, keyspaces, runtime, policies);
  }

  /** How many requests are under way. */
  get openRequests(): number {
    return this.#open.size;
  }

  /** Numbers a request, so that answers find it. */
  openRequest(request: OpenRequest): number {
    this.#requestId += 1;
    this.#open.set(this.#requestId, request);
    return this.#requestId;
  }

  closeRequest(requestId: number): void {
    this.#open.delete(requestId);
    if (this.#earlier !== null) this.#leaveEarlier(this.#earlier, requestId);
  }

  /** Calls once all requests that are under way now have ended; the last one who asks hears of it. */
  whenDrained(whenDrained: () => void): void {
    this.#earlier = this.#open.size === 0 ? null : new Set(this.#open.keys());
    this.#whenDrained = whenDrained;
    if (this.#earlier === null) whenDrained();
  }

  /** Hands an answer to the request that waits for it. Late ones, and those of an earlier life, are counted. */
  deliver(from: string, message: Message): void {
    const isOurs = this.policies.isOfThisLife(message.incarnation, this.runtime.incarnation);
    const request = isOurs ? this.#open.get(message.requestId) : undefined;
    if (request === undefined) this.metrics.lateAnswers += 1;
    else request.receive(from, message);
  }

  #leaveEarlier(earlier: Set<number>, requestId: number): void {
    earlier.delete(requestId);
    if (earlier.size > 0) return;
    this.#earlier = null;
    this.#whenDrained();
  }
}

/** Sends the same message to every other node of the cluster. */
export function broadcast(context: NodeContext, message: Message): void {
  for (const { id } of context.membership.members) {
    if (id !== context.id) context.runtime.send(id, message);
  }
}
