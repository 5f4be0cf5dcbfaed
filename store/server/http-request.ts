import type { ClientRequest } from "../core/request.ts";
import { BadRequest } from "./bad-request.ts";
import { askedBy } from "./http-body.ts";

/** Longest key, in bytes of UTF-8 (the design's bound). */
const maxKeyBytes = 1_024;
/** How long a coordinator may take unless the request says otherwise: Cassandra's write_request_timeout. */
const defaultDeadlineMs = 2_000;
/** Chosen: nobody waits longer, and what waits holds memory. */
const maxDeadlineMs = 600_000;
/** Longest causal context in characters. Chosen, below the 16 KiB of headers that Node takes. */
const maxContextLength = 8_192;

/** What came in over HTTP. */
export interface RawRequest {
  readonly method: string;
  readonly keyspace: string;
  readonly key: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}

const parameters = ["w", "r", "consistency", "deadline"];

/** Reads a client's request. @throws BadRequest at the first thing that is wrong. */
export function parseRequest(
  raw: RawRequest,
  fallback: { readonly requestId: string; readonly cause: number },
): ClientRequest {
  const { query, headers } = raw;
  onlyParameters(query, parameters);
  const keyBytes = Buffer.byteLength(raw.key);
  if (keyBytes === 0 || keyBytes > maxKeyBytes) {
    throw new BadRequest(`the key has ${keyBytes} bytes; 1 to ${maxKeyBytes} are allowed`);
  }
  const w = count(query, "w");
  const r = count(query, "r");
  const consistency = text(query["consistency"], "consistency", 32);
  const context = text(headers["causal-context"], "the causal-context header", maxContextLength);
  const clientStampUs = stamp(headers["client-timestamp"]);
  const clientId = text(headers["client-id"], "the client-id header", 32);
  return {
    requestId: text(headers["idempotency-key"], "the idempotency-key header", 128) ?? fallback.requestId,
    keyspace: raw.keyspace,
    key: raw.key,
    timeoutUs: deadlineMs(query["deadline"]) * 1_000,
    cause: fallback.cause,
    ...askedBy(raw.method, raw.body),
    ...(w === undefined ? {} : { w }),
    ...(r === undefined ? {} : { r }),
    ...(consistency === undefined ? {} : { consistency }),
    ...(context === undefined ? {} : { context }),
    ...(clientStampUs === undefined ? {} : { clientStampUs }),
    ...(clientId === undefined ? {} : { clientId }),
  };
}

/** Refuses query parameters that nobody reads. @throws BadRequest */
export function onlyParameters(query: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(query).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new BadRequest(
    `there is no parameter ${unknown.slice(0, 64)}; the parameters are ${known.join(", ")}`,
  );
}

function count(query: RawRequest["query"], name: string): number | undefined {
  const given = query[name];
  if (given === undefined) return undefined;
  if (typeof given !== "string" || !/^[1-9][0-9]?$/.test(given)) {
    throw new BadRequest(`${name} is ${shown(given)}; it must be a number from 1 to n`);
  }
  return Number(given);
}

/** A deadline in milliseconds. @throws BadRequest */
export function deadlineMs(given: unknown): number {
  if (given === undefined) return defaultDeadlineMs;
  const number = typeof given === "string" && /^[0-9]{1,6}$/.test(given) ? Number(given) : 0;
  if (number < 1 || number > maxDeadlineMs) {
    throw new BadRequest(`deadline is ${shown(given)}; it must be 1 to ${maxDeadlineMs} milliseconds`);
  }
  return number;
}

/** Microseconds of the client's clock, in digits. */
function stamp(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const number = typeof given === "string" && /^[1-9][0-9]{0,15}$/.test(given) ? Number(given) : 0;
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new BadRequest(
    `the client-timestamp header is ${shown(given)}; it must be microseconds from 1 to ${Number.MAX_SAFE_INTEGER}`,
  );
}

function text(given: unknown, what: string, maxLength: number): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string" && given.length > 0 && given.length <= maxLength) return given;
  throw new BadRequest(`${what} must be given once, with 1 to ${maxLength} characters`);
}

function shown(given: unknown): string {
  return JSON.stringify(given).slice(0, 64);
}
