import type { ClientReply, ReplyError } from "../core/request.ts";

/** What goes out over HTTP. The body is JSON, as text: what clients have put is passed on as it is. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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

/** Errors after which the same request may well succeed a little later. */
const passing: ReadonlySet<string> = new Set(["Overloaded", "NotReady"]);

/** Turns the store's answer into an HTTP one. */
export function httpReply(method: string, reply: ClientReply): HttpReply {
  if (reply.kind === "error") {
    const { error, message, needed, got, indeterminate } = reply;
    return errorReply(statuses[error], error, message, { needed, got, indeterminate });
  }
  const { values, version, context } = reply;
  const headers: Record<string, string> = context === null ? {} : { "causal-context": context };
  const versionText = JSON.stringify(version);
  if (method !== "GET") return { status: 200, headers, body: `{"version":${versionText}}` };
  if (values.length === 0) return { ...errorReply(404, "NotFound", "the key is not there"), headers };
  const held = values.length === 1 ? `"value":${values[0]}` : `"values":[${values.join(",")}]`;
  return { status: 200, headers, body: `{${held},"version":${versionText}}` };
}

/** Any answer that is not an error. */
export function okReply(body: Readonly<Record<string, unknown>>): HttpReply {
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}

/** An error as clients see it. Unless said otherwise, the request had no effect. */
export function errorReply(
  status: number,
  error: string,
  message: string,
  facts: { readonly needed: number; readonly got: number; readonly indeterminate: boolean } = nothingDone,
): HttpReply {
  const headers: Record<string, string> = passing.has(error) ? { "retry-after": "1" } : {};
  return { status, headers, body: JSON.stringify({ error, message, ...facts }) };
}

const nothingDone = { needed: 0, got: 0, indeterminate: false };
