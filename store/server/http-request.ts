import { isRecord } from "../client/wire.ts";
import type { ClientRequest } from "../core/request.ts";

/** Longest key, in bytes of UTF-8. */
const maxKeyBytes = 1_024;
/** Longest value, in bytes of its JSON text in UTF-8. */
export const maxValueBytes: number = 1_024 * 1_024;
/** How long a coordinator may take unless the request says otherwise: Cassandra's write_request_timeout. */
const defaultDeadlineMs = 2_000;
/** Chosen: nobody waits longer, and what waits holds memory. */
const maxDeadlineMs = 600_000;

/** What came in over HTTP. */
export interface RawRequest {
  readonly method: string;
  readonly keyspace: string;
  readonly key: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}

/** A request that is not one: what is wrong, and what would be right. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

const parameters = ["w", "r", "consistency", "deadline"];

/** Reads a client's request. @throws BadRequest at the first thing that is wrong. */
export function parseRequest(
  raw: RawRequest,
  fallback: { readonly requestId: string; readonly cause: number },
): ClientRequest {
  for (const name of Object.keys(raw.query)) {
    if (!parameters.includes(name)) {
      throw new BadRequest(`there is no parameter ${name}; the parameters are ${parameters.join(", ")}`);
    }
  }
  const keyBytes = Buffer.byteLength(raw.key);
  if (keyBytes === 0 || keyBytes > maxKeyBytes) {
    throw new BadRequest(`the key has ${keyBytes} bytes; 1 to ${maxKeyBytes} are allowed`);
  }
  const w = count(raw.query, "w");
  const r = count(raw.query, "r");
  const consistency = text(raw.query["consistency"], "consistency", 32);
  const context = text(raw.headers["causal-context"], "the causal-context header", 8_192);
  return {
    requestId: text(raw.headers["idempotency-key"], "the idempotency-key header", 128) ?? fallback.requestId,
    keyspace: raw.keyspace,
    key: raw.key,
    ...functionOf(raw),
    ...(w === undefined ? {} : { w }),
    ...(r === undefined ? {} : { r }),
    ...(consistency === undefined ? {} : { consistency }),
    ...(context === undefined ? {} : { context }),
    timeoutUs: deadlineMs(raw.query["deadline"]) * 1_000,
    cause: fallback.cause,
  };
}

function functionOf({ method, body }: RawRequest): Pick<ClientRequest, "f" | "value" | "expected"> {
  if (method === "GET") return { f: "get", value: null };
  if (method === "DELETE") return { f: "delete", value: null };
  if (!isRecord(body)) throw new BadRequest('the body must be a JSON object such as {"value": 1}');
  for (const field of Object.keys(body)) {
    if (field !== "value" && field !== "expected") {
      throw new BadRequest(`there is no field ${field}; the fields are value and, for a cas, expected`);
    }
  }
  const value = valueText(body["value"], "value");
  if (!Object.hasOwn(body, "expected")) return { f: "put", value };
  const { expected } = body;
  return { f: "cas", value, expected: expected === null ? null : valueText(expected, "expected") };
}

function valueText(value: unknown, name: string): string {
  if (value === undefined || value === null) {
    throw new BadRequest(
      `${name} is ${value === null ? "null" : "missing"}; null means "not there": use DELETE`,
    );
  }
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxValueBytes) {
    throw new BadRequest(`${name} has ${bytes} bytes; up to ${maxValueBytes} are allowed`, 413);
  }
  return text;
}

function count(query: RawRequest["query"], name: string): number | undefined {
  const given = query[name];
  if (given === undefined) return undefined;
  if (typeof given !== "string" || !/^[1-9][0-9]?$/.test(given)) {
    throw new BadRequest(`${name} is ${JSON.stringify(given)}; it must be a number from 1 to n`);
  }
  return Number(given);
}

/** A deadline in milliseconds. */
export function deadlineMs(given: unknown): number {
  if (given === undefined) return defaultDeadlineMs;
  const number = typeof given === "string" && /^[0-9]{1,6}$/.test(given) ? Number(given) : 0;
  if (number < 1 || number > maxDeadlineMs) {
    throw new BadRequest(
      `deadline is ${JSON.stringify(given)}; it must be 1 to ${maxDeadlineMs} milliseconds`,
    );
  }
  return number;
}

function text(given: unknown, what: string, maxLength: number): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string" && given.length > 0 && given.length <= maxLength) return given;
  throw new BadRequest(`${what} must be given once, with 1 to ${maxLength} characters`);
}
