import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:http";
import { isRecord } from "./wire.ts";

/** How long a request may take unless it says otherwise: the coordinator's own limit and a little more. */
const defaultTimeoutMs = 2_500;
/** Chosen: a harness has a few hundred clients; more connections only cost the two ends memory. */
const maxConnections = 256;
/** The longest answer that is read: a dump of a test's keyspace. */
const maxAnswerBytes = 256 * 1024 * 1024;

/** A request that was not carried out, or of which nobody knows. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  /** A `ReplyError` of the store, or `ConnectionRefused`, `ConnectionLost`, `ClientTimeout` or `BadAnswer`. */
  readonly code: string;
  /** 0 where no HTTP answer came. */
  readonly status: number;
  readonly needed: number;
  readonly got: number;
  /** True unless it is certain that the request has had and will have no effect. */
  readonly indeterminate: boolean;

  constructor(code: string, message: string, facts: Partial<StoreErrorFacts> = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.status = facts.status ?? 0;
    this.needed = facts.needed ?? 0;
    this.got = facts.got ?? 0;
    this.indeterminate = facts.indeterminate ?? true;
  }
}

interface StoreErrorFacts {
  readonly status: number;
  readonly needed: number;
  readonly got: number;
  readonly indeterminate: boolean;
  readonly cause: unknown;
}

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

/** One line of a dump: all that the node's replica holds of a key. */
export interface DumpedKey {
  readonly key: string;
  readonly entries: readonly {
    readonly value: unknown;
    readonly version: string;
    readonly deleted: boolean;
  }[];
}

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly context: string | null;
}

/** Talks to one node over HTTP, on connections that stay open. Nothing is ever tried twice. */
export class StoreClient {
  readonly #host: string;
  readonly #port: number;
  readonly #secret: string | null;
  readonly #agent: Agent;

  constructor(plan: { readonly host: string; readonly port: number; readonly secret?: string }) {
    this.#host = plan.host;
    this.#port = plan.port;
    this.#secret = plan.secret ?? null;
    this.#agent = new Agent({ keepAlive: true, noDelay: true, maxSockets: maxConnections });
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

  /** The peers that the node's own links reach now. @throws StoreError */
  async reachedPeers(timeoutMs: number = defaultTimeoutMs): Promise<readonly string[]> {
    const { links } = await this.#ask("GET", "/v1/admin/links", timeoutMs);
    if (!Array.isArray(links)) throw new StoreError("BadAnswer", "an answer without links");
    return links.filter((link) => isRecord(link) && link["isUp"] === true).map((link) => String(link.peer));
  }

  /** All that the node's own replica holds, sorted by key. @throws StoreError */
  async dump(keyspace: string, timeoutMs: number = 30_000): Promise<readonly DumpedKey[]> {
    const { keys } = await this.#ask("GET", `/v1/admin/dump/${encodeURIComponent(keyspace)}`, timeoutMs);
    if (!Array.isArray(keys)) throw new StoreError("BadAnswer", "a dump without keys");
    return keys as readonly DumpedKey[];
  }

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
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
    const path = `/v1/${encodeURIComponent(keyspace)}/${encodeURIComponent(key)}`;
    return this.#exchange({
      method,
      path: query.size === 0 ? path : `${path}?${query.toString()}`,
      headers,
      body: body === null ? null : JSON.stringify(body),
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    });
  }

  async #ask(method: string, path: string, timeoutMs: number): Promise<Readonly<Record<string, unknown>>> {
    const headers: Record<string, string> =
      this.#secret === null ? {} : { authorization: `Bearer ${this.#secret}` };
    const answer = await this.#exchange({ method, path, headers, body: null, timeoutMs });
    return answer.body;
  }

  #exchange(exchange: Exchange): Promise<Answer> {
    const { method, path, body, timeoutMs } = exchange;
    const headers: Record<string, string | number> = { ...exchange.headers };
    if (body !== null) {
      headers["content-type"] = "application/json";
      headers["content-length"] = Buffer.byteLength(body);
    }
    return new Promise((resolve, reject) => {
      const asked = request({
        host: this.#host,
        port: this.#port,
        agent: this.#agent,
        method,
        path,
        headers,
      });
      const timer = setTimeout(() => {
        asked.destroy(new StoreError("ClientTimeout", `no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(error instanceof StoreError ? error : connectionError(error));
      };
      asked.on("error", fail);
      asked.on("response", (response) => {
        readAnswer(response).then((answer) => {
          clearTimeout(timer);
          resolve(answer);
        }, fail);
      });
      asked.end(body ?? undefined);
    });
  }
}

/** A refused connection carried nothing; on any other, the request may have got through. */
function connectionError(cause: Error): StoreError {
  const isRefused = "code" in cause && cause.code === "ECONNREFUSED";
  if (isRefused) return new StoreError("ConnectionRefused", cause.message, { indeterminate: false, cause });
  return new StoreError("ConnectionLost", cause.message, { cause });
}

/** Reads an answer to its end. @throws StoreError for anything but a success */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new StoreError("BadAnswer", "the answer is too long");
  }
  const status = response.statusCode ?? 0;
  const body = parseBody(Buffer.concat(chunks).toString("utf8"), status);
  if (status >= 300) throw errorOf(status, body);
  const context = response.headers["causal-context"];
  return { status, body, context: typeof context === "string" ? context : null };
}

function parseBody(text: string, status: number): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    if (isRecord(body)) return body;
    throw badAnswer(status, "is not an object");
  } catch (cause) {
    throw cause instanceof StoreError ? cause : badAnswer(status, "is not JSON", cause);
  }
}

function badAnswer(status: number, wrong: string, cause?: unknown): StoreError {
  return new StoreError("BadAnswer", `an answer of status ${status} that ${wrong}`, { status, cause });
}

/** Only what the store itself says may make an error a definite one. */
function errorOf(status: number, body: Readonly<Record<string, unknown>>): StoreError {
  const { error, message, needed, got, indeterminate } = body;
  return new StoreError(
    typeof error === "string" ? error : "BadAnswer",
    String(message ?? `status ${status}`),
    {
      status,
      needed: typeof needed === "number" ? needed : 0,
      got: typeof got === "number" ? got : 0,
      indeterminate: indeterminate !== false,
    },
  );
}

function answerOf({ body, context }: Answer): StoreAnswer {
  const { value, values, version } = body;
  const all: readonly unknown[] = Array.isArray(values) ? values : value === undefined ? [] : [value];
  return { values: all, version: typeof version === "string" ? version : null, context };
}
