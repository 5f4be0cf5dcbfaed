import type { ClientReply, ReplyError } from "../core/request.ts";

/** What goes out over HTTP. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The HTTP status of each of the store's errors. */
const statuses: { readonly [error in ReplyError]: number } = {
  BadRequest: 400,
  UnknownKeyspace: 404,
  CasMismatch: 412,
  Overloaded: 503,
  NotReady: 503,
  QuorumNotMet: 503,
  DiskFailed: 500,
  DiskFull: 507,
  Contention: 409,
  Timeout: 504,
};

/** Turns the store's answer into an HTTP one. */
export function httpReply(method: string, reply: ClientReply): HttpReply {
  if (reply.kind === "error") {
    const { error, message, needed, got, indeterminate } = reply;
    return errorReply(statuses[error], error, message, { needed, got, indeterminate });
  }
  const headers: Record<string, string> = reply.context === null ? {} : { "causal-context": reply.context };
  if (method !== "GET") return { status: 200, headers, body: { version: reply.version } };
  const [value] = reply.values;
  if (value === undefined) return { ...errorReply(404, "NotFound", "the key is not there"), headers };
  const { version } = reply;
  if (reply.values.length === 1) return { status: 200, headers, body: { value: JSON.parse(value), version } };
  return { status: 200, headers, body: { values: reply.values.map((one) => JSON.parse(one)), version } };
}

/** An error as clients see it. Unless said otherwise, the request had no effect. */
export function errorReply(
  status: number,
  error: string,
  message: string,
  facts: { readonly needed: number; readonly got: number; readonly indeterminate: boolean } = nothingDone,
): HttpReply {
  const headers: Record<string, string> = error === "Overloaded" ? { "retry-after": "1" } : {};
  return { status, headers, body: { error, message, ...facts } };
}

const nothingDone = { needed: 0, got: 0, indeterminate: false };
