import type { ClientRequest } from "../request.ts";
import type { Keyspace } from "./keyspace.ts";

/** Code units. From STORE.md: keys over 1 KiB and values over 1 MiB are refused. */
const maxKeyLength = 1_024;
const maxValueLength = 1_048_576;
/** An hour. Chosen, because a request that takes longer is a mistake in its unit. */
const maxTimeoutUs = 3_600_000_000;

/** What is wrong with a request, in one sentence; null when it can be carried out. */
export function problemOf(request: ClientRequest, keyspace: Keyspace): string | null {
  const { key, value, timeoutUs } = request;
  if (key.length === 0 || key.length > maxKeyLength) {
    return `the key has ${key.length} characters; give 1 to ${maxKeyLength}`;
  }
  if (request.f === "cas") return `keyspace "${keyspace.name}" has no compare-and-set; use put`;
  if (request.f === "put" && value === null) return "a put needs a value; use delete to remove the key";
  if (value !== null && value.length > maxValueLength) {
    return `the value has ${value.length} characters; give at most ${maxValueLength}`;
  }
  if (!Number.isInteger(timeoutUs) || timeoutUs < 1 || timeoutUs > maxTimeoutUs) {
    return `a timeout of ${timeoutUs} µs cannot be; give 1 to ${maxTimeoutUs}`;
  }
  return (
    quorumProblem("w", request.w, keyspace) ??
    quorumProblem("r", request.r, keyspace) ??
    laterProblem(request)
  );
}

function quorumProblem(name: "w" | "r", given: number | undefined, keyspace: Keyspace): string | null {
  if (given === undefined || (Number.isInteger(given) && given >= 1 && given <= keyspace.n)) return null;
  return `${name} is ${given}; keyspace "${keyspace.name}" has n = ${keyspace.n}, so give 1 to ${keyspace.n}`;
}

function laterProblem(request: ClientRequest): string | null {
  if (request.consistency !== undefined) return "consistency levels are not supported; give w and r";
  if (request.context !== undefined) return "the keyspace keeps no causal contexts; leave the context out";
  if (request.clientStampUs !== undefined)
    return "the keyspace takes no timestamps from clients; leave it out";
  return null;
}
