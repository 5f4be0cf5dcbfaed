import { Agent } from "node:http";
import type { Answer, Door } from "./http-exchange.ts";
import { exchange } from "./http-exchange.ts";
import { StoreError } from "./store-error.ts";

export { StoreError } from "./store-error.ts";

/** How long a request may take unless it says otherwise: the coordinator's own limit and a little more. */
const defaultTimeoutMs = 2_500;
/** Chosen: a harness has a few hundred clients; more connections only cost the two ends memory. */
const maxConnections = 256;

/** What may be said about one request. */
export interface RequestOptions {
  readonly w?: number;
  readonly r?: number;
  readonly consistency?: string;
  /** How long the coordinator may take, in milliseconds. Default: the server's, 2,000. */
  readonly deadlineMs?: number;
  /** How long the client waits, in milliseconds. Default 2,500. */
  readonly timeoutMs?: number;
  /** A repeated request with the same key is answered, not applied again. */
  readonly idempotencyKey?: string;
  /** Causal context of an earlier read. */
  readonly context?: string;
  /** Microseconds of the client's clock, where the keyspace takes its versions from clients. */
  readonly clientStampUs?: number;
  /** Breaks ties between the stamps of clients. */
  readonly clientId?: string;
}

/** A member of the cluster, as operators name it. */
export interface ClusterMember {
  readonly id: string;
  readonly dc: string;
  readonly address: string;
}

/** Who belongs to the cluster, and where a change of that stands. */
export interface ClusterMembership {
  readonly epoch: number;
  readonly phase: string;
  readonly members: readonly ClusterMember[];
  readonly next: readonly ClusterMember[] | null;
}

/** The answer to a request that succeeded. Values are whatever JSON was put. */
export interface StoreAnswer {
  /** Of a get: empty when the key is not there, several where siblings are kept. */
  readonly values: readonly unknown[];
  readonly version: string | null;
  readonly context: string | null;
}

/** What a node says of its clocks. */
export interface NodeClock {
  readonly wallClockUs: number;
  readonly monotonicUs: number;
  readonly incarnation: string;
}

/** The link from a node to one of its peers. */
export interface NodeLink {
  readonly peer: string;
  readonly isUp: boolean;
  readonly sentFrames: number;
  readonly droppedFrames: number;
  readonly queuedBytes: number;
  readonly dials: number;
  readonly lastError: string | null;
}

/** One line of a dump: all that the node's replica holds of a key. */
export interface DumpedKey {
  readonly key: string;
  readonly entries: readonly {
    readonly value: unknown;
    readonly version: string;
    readonly deleted: boolean;
  }[];
}

/** Talks to one node over HTTP, on connections that stay open. Nothing is ever tried twice. */
export class StoreClient {
  readonly #door: Door;
  readonly #secret: string | null;

  constructor(plan: { readonly host: string; readonly port: number; readonly secret?: string }) {
    const agent = new Agent({ keepAlive: true, noDelay: true, maxSockets: maxConnections });
    this.#door = { host: plan.host, port: plan.port, agent };
    this.#secret = plan.secret ?? null;
  }

  /** Reads a key; no values when it is not there. @throws StoreError */
  async get(keyspace: string, key: string, options: RequestOptions = {}): Promise<StoreAnswer> {
    try {
      return answerOf(await this.#perform("GET", keyspace, key, null, options));
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "NotFound") throw error;
      return { values: [], version: null, context: null };
    }
  }

  /** Writes any JSON value but null. @throws StoreError */
  async put(
    keyspace: string,
    key: string,
    value: unknown,
    options: RequestOptions = {},
  ): Promise<StoreAnswer> {
    return answerOf(await this.#perform("PUT", keyspace, key, { value }, options));
  }

  /** Writes if the key holds what is expected. @throws StoreError of code `CasMismatch` when it does not */
  async cas(
    keyspace: string,
    key: string,
    change: { readonly expected: unknown; readonly value: unknown },
    options: RequestOptions = {},
  ): Promise<StoreAnswer> {
    return answerOf(await this.#perform("PUT", keyspace, key, change, options));
  }

  /** Removes a key. @throws StoreError */
  async delete(keyspace: string, key: string, options: RequestOptions = {}): Promise<StoreAnswer> {
    return answerOf(await this.#perform("DELETE", keyspace, key, null, options));
  }

  /** Adds to a counter; less than nothing takes away. @throws StoreError */
  async increment(
    keyspace: string,
    key: string,
    amount: number,
    options: RequestOptions = {},
  ): Promise<StoreAnswer> {
    return answerOf(await this.#perform("POST", keyspace, key, { increment: amount }, options));
  }

  /** Adds an item, any JSON value but null, to a set, or several of it to a cart. @throws StoreError */
  async add(
    keyspace: string,
    key: string,
    item: unknown,
    { quantity, ...options }: RequestOptions & { readonly quantity?: number } = {},
  ): Promise<StoreAnswer> {
    const change = { add: item, ...(quantity === undefined ? {} : { quantity }) };
    return answerOf(await this.#perform("POST", keyspace, key, change, options));
  }

  /** Removes an item from a set or a cart, as far as the context has seen it. @throws StoreError */
  async remove(
    keyspace: string,
    key: string,
    item: unknown,
    options: RequestOptions = {},
  ): Promise<StoreAnswer> {
    return answerOf(await this.#perform("POST", keyspace, key, { remove: item }, options));
  }

  /** Whether the node takes requests; false too when it can't be reached in time. */
  async isReady(timeoutMs: number): Promise<boolean> {
    try {
      await this.#ask("GET", "/readyz", timeoutMs);
      return true;
    } catch (error) {
      if (error instanceof StoreError) return false;
      throw error;
    }
  }

  /** The node's clocks and the name of its life. @throws StoreError */
  async clock(timeoutMs: number = defaultTimeoutMs): Promise<NodeClock> {
    const body = await this.#ask("GET", "/v1/admin/clock", timeoutMs);
    const { wallClockUs, monotonicUs, incarnation } = body as Partial<NodeClock>;
    if (
      typeof wallClockUs !== "number" ||
      typeof monotonicUs !== "number" ||
      typeof incarnation !== "string"
    ) {
      throw new StoreError("BadAnswer", "the clock's answer lacks a field");
    }
    return { wallClockUs, monotonicUs, incarnation };
  }

  /** Milliseconds from this node to the peer and back, on the way that its messages take. @throws StoreError */
  async probe(peer: string, timeoutMs: number): Promise<number> {
    const path = `/v1/admin/probe/${encodeURIComponent(peer)}?deadline=${timeoutMs}`;
    const { roundTripMs } = await this.#ask("POST", path, timeoutMs + defaultTimeoutMs);
    if (typeof roundTripMs !== "number") throw new StoreError("BadAnswer", "a probe without a round trip");
    return roundTripMs;
  }

  /** What the node knows of the links to its peers. @throws StoreError */
  async links(timeoutMs: number = defaultTimeoutMs): Promise<readonly NodeLink[]> {
    const { links } = await this.#ask("GET", "/v1/admin/links", timeoutMs);
    if (!Array.isArray(links)) throw new StoreError("BadAnswer", "an answer without links");
    return links as readonly NodeLink[];
  }

  /** The peers that the node's own links reach now. @throws StoreError */
  async reachedPeers(timeoutMs: number = defaultTimeoutMs): Promise<readonly string[]> {
    const links = await this.links(timeoutMs);
    return links.filter(({ isUp }) => isUp).map(({ peer }) => peer);
  }

  /** All that the node's own replica holds, sorted by key. @throws StoreError */
  async dump(keyspace: string, timeoutMs: number = 30_000): Promise<readonly DumpedKey[]> {
    const { keys } = await this.#ask("GET", `/v1/admin/dump/${encodeURIComponent(keyspace)}`, timeoutMs);
    if (!Array.isArray(keys)) throw new StoreError("BadAnswer", "a dump without keys");
    return keys as readonly DumpedKey[];
  }

  /** Who belongs to the cluster, as the node knows it. @throws StoreError */
  async membership(timeoutMs: number = defaultTimeoutMs): Promise<ClusterMembership> {
    return membershipOf(await this.#ask("GET", "/v1/admin/membership", timeoutMs));
  }

  /** Has the node lead a change, and does not wait for its end. Nobody waits for the dead. @throws StoreError */
  async changeMembership(
    members: readonly ClusterMember[],
    dead: readonly string[] = [],
    timeoutMs: number = defaultTimeoutMs,
  ): Promise<void> {
    await this.#ask("POST", "/v1/admin/membership", timeoutMs, { members, dead });
  }

  /** Has the node fetch from its peers what it may have lost. @throws StoreError */
  async resync(timeoutMs: number = defaultTimeoutMs): Promise<void> {
    await this.#ask("POST", "/v1/admin/resync", timeoutMs);
  }

  /** Closes all connections. */
  close(): void {
    this.#door.agent.destroy();
  }

  #perform(
    method: string,
    keyspace: string,
    key: string,
    body: unknown,
    options: RequestOptions,
  ): Promise<Answer> {
    const query = new URLSearchParams();
    if (options.w !== undefined) query.set("w", String(options.w));
    if (options.r !== undefined) query.set("r", String(options.r));
    if (options.consistency !== undefined) query.set("consistency", options.consistency);
    if (options.deadlineMs !== undefined) query.set("deadline", String(options.deadlineMs));
    const headers: Record<string, string> = {};
    if (options.idempotencyKey !== undefined) headers["idempotency-key"] = options.idempotencyKey;
    if (options.context !== undefined) headers["causal-context"] = options.context;
    if (options.clientStampUs !== undefined) headers["client-timestamp"] = String(options.clientStampUs);
    if (options.clientId !== undefined) headers["client-id"] = options.clientId;
    const path = `/v1/${encodeURIComponent(keyspace)}/${encodeURIComponent(key)}`;
    return exchange(this.#door, {
      method,
      path: query.size === 0 ? path : `${path}?${query.toString()}`,
      headers,
      body: body === null ? null : JSON.stringify(body),
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    });
  }

  async #ask(
    method: string,
    path: string,
    timeoutMs: number,
    body: unknown = null,
  ): Promise<Readonly<Record<string, unknown>>> {
    const headers: Record<string, string> =
      this.#secret === null ? {} : { authorization: `Bearer ${this.#secret}` };
    const text = body === null ? null : JSON.stringify(body);
    const answer = await exchange(this.#door, { method, path, headers, body: text, timeoutMs });
    return answer.body;
  }
}

function answerOf({ body, context }: Answer): StoreAnswer {
  const { value, values, version } = body;
  const all: readonly unknown[] = Array.isArray(values) ? values : value === undefined ? [] : [value];
  return { values: all, version: typeof version === "string" ? version : null, context };
}

function membershipOf(body: Readonly<Record<string, unknown>>): ClusterMembership {
  if (typeof body["epoch"] === "number" && Array.isArray(body["members"])) {
    return body as unknown as ClusterMembership;
  }
  throw new StoreError("BadAnswer", "a membership without members");
}
