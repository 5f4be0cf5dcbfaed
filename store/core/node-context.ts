import type { Message } from "./messages.ts";
import { Metrics } from "./metrics.ts";
import type { Keyspace } from "./options/keyspace.ts";
import type { Policies } from "./policies.ts";
import type { Ring } from "./ring.ts";
import type { Runtime } from "./runtime.ts";
import type { Replica } from "./storage/replica.ts";
import type { Entry, Version, Versioning } from "./versions/version.ts";

/** One keyspace on one node. */
export interface Space {
  readonly keyspace: Keyspace;
  readonly versioning: Versioning;
  readonly replica: Replica;
}

/** A request under way, as the node knows it. */
export interface OpenRequest {
  receive(from: string, message: Message): void;
}

/** What everything on one node shares: its name, its world, and the numbers that must not repeat. */
export class NodeContext {
  readonly id: string;
  readonly runtime: Runtime;
  readonly policies: Policies;
  readonly ring: Ring;
  readonly metrics: Metrics = new Metrics();
  readonly #incarnation: string;
  readonly #open = new Map<number, OpenRequest>();
  #requestId = 0;
  #sequence = 0;
  /** The greatest abd counter that this life of the node has given away. */
  #highestCounter = 0;

  constructor(id: string, runtime: Runtime, policies: Policies, ring: Ring) {
    this.id = id;
    this.runtime = runtime;
    this.policies = policies;
    this.ring = ring;
    this.#incarnation = policies.incarnationOf(runtime);
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
  }

  /** Hands an answer to the request that waits for it. Late ones, and those of an earlier life, are counted. */
  deliver(from: string, message: Message): void {
    const isOurs = this.policies.isOfThisLife(message.incarnation, this.runtime.incarnation);
    const request = isOurs ? this.#open.get(message.requestId) : undefined;
    if (request === undefined) this.metrics.lateAnswers += 1;
    else request.receive(from, message);
  }

  /** An entry with the time of this node's clock. */
  mintStamped(value: string | null): Entry {
    return this.#mint(this.policies.stampUs(this.runtime), value);
  }

  /** An entry with a counter above the version that a quorum knows. */
  mintCounted(highest: Version | null, value: string | null): Entry {
    const known = highest === null ? 0 : highest.time;
    this.#highestCounter = this.policies.nextCounter(known, this.#highestCounter, this.runtime);
    return this.#mint(this.#highestCounter, value);
  }

  /**
   * The incarnation makes the version unique before anything is on disk: a later life of this node cannot
   * mint it again, so it may be sent before the own replica has synced it.
   */
  #mint(time: number, value: string | null): Entry {
    this.#sequence += 1;
    const version = { time, node: this.id, incarnation: this.#incarnation, sequence: this.#sequence };
    return { version, value, deleted: value === null };
  }
}
