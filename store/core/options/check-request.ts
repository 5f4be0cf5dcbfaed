import { consistencyLevels, isConsistencyLevel } from "../coordinate/consistency-level.ts";
import type { ClientRequest, RequestFunction } from "../request.ts";
import { canonicalJson, mostNestedJson } from "../versions/canonical-json.ts";
import { parseContext } from "../versions/context-text.ts";
import type { Keyspace } from "./keyspace.ts";
import { isDotted } from "./keyspace.ts";

/** Code units. From STORE.md: keys over 1 KiB and values over 1 MiB are refused. */
const maxKeyLength = 1_024;
const maxValueLength = 1_048_576;
/** An hour. Chosen, because a request that takes longer is a mistake in its unit. */
const maxTimeoutUs = 3_600_000_000;
/** Chosen: so that sums of a million of them are exact. */
const maxAmount = 1_000_000_000;
/** Chosen: no cart has more of one item. */
const maxQuantity = 1_000_000;
/** Characters of a client's name. Chosen: as those of a node's. */
const clientIdPattern = /^[\w.-]{1,32}$/;

/** What each kind of keyspace is asked. */
const functionsOf: { readonly [Versions in Keyspace["versions"]]: readonly RequestFunction[] } = {
  lww: ["get", "put", "delete", "cas"],
  arrival: ["get", "put", "delete"],
  hlc: ["get", "put", "delete", "cas"],
  siblings: ["get", "put", "delete"],
  "pn-counter": ["get", "increment"],
  "or-set": ["get", "add", "remove", "delete"],
  "or-cart": ["get", "add", "remove", "delete"],
};

/** What is wrong with a request, in one sentence; null when it can be carried out. */
export function problemOf(request: ClientRequest, keyspace: Keyspace): string | null {
  const { key, timeoutUs } = request;
  if (key.length === 0 || key.length > maxKeyLength) {
    return `the key has ${key.length} characters; give 1 to ${maxKeyLength}`;
  }
  if (!Number.isInteger(timeoutUs) || timeoutUs < 1 || timeoutUs > maxTimeoutUs) {
    return `a timeout of ${timeoutUs} µs cannot be; give 1 to ${maxTimeoutUs}`;
  }
  return (
    functionProblem(request, keyspace) ??
    valueProblem(request) ??
    itemProblem(request) ??
    amountProblem(request) ??
    quorumProblem("w", request.w, keyspace) ??
    quorumProblem("r", request.r, keyspace) ??
    levelProblem(request) ??
    ballotProblem(request, keyspace) ??
    contextProblem(request, keyspace) ??
    stampProblem(request, keyspace)
  );
}

function functionProblem({ f }: ClientRequest, { name, versions, cas }: Keyspace): string | null {
  const known = functionsOf[versions];
  if (!known.includes(f)) {
    return `keyspace "${name}" has ${versions} versions and knows no ${f}; use ${known.join(", ")}`;
  }
  if (f === "cas" && cas === "none") return `keyspace "${name}" has no compare-and-set; use put`;
  return null;
}

function valueProblem({ f, value, expected }: ClientRequest): string | null {
  const needsValue = f !== "get" && f !== "delete";
  if (needsValue && value === null) {
    return `${f} needs a value${f === "put" ? "; use delete to remove the key" : ""}`;
  }
  const length = Math.max(value?.length ?? 0, expected?.length ?? 0);
  if (length > maxValueLength) return `the value has ${length} characters; give at most ${maxValueLength}`;
  if (f !== "cas" && expected !== undefined) return `${f} compares nothing; leave expected out, or use cas`;
  return null;
}

function amountProblem({ f, value, quantity }: ClientRequest): string | null {
  if (f === "increment" && !isAmount(value)) {
    return `an increment is a whole number from -${maxAmount} to ${maxAmount}, not ${value}`;
  }
  if (quantity !== undefined && !(Number.isInteger(quantity) && quantity >= 1 && quantity <= maxQuantity)) {
    return `a quantity of ${quantity} cannot be; give 1 to ${maxQuantity}`;
  }
  return null;
}

function itemProblem({ f, value }: ClientRequest): string | null {
  if ((f !== "add" && f !== "remove") || value === null || canonicalJson(value) !== null) return null;
  return `an item is a JSON text, nested at most ${mostNestedJson} deep, such as "milk" in quotes`;
}

function isAmount(text: string | null): boolean {
  return text !== null && /^-?[0-9]{1,10}$/.test(text) && Math.abs(Number(text)) <= maxAmount;
}

function quorumProblem(name: "w" | "r", given: number | undefined, keyspace: Keyspace): string | null {
  if (given === undefined || (Number.isInteger(given) && given >= 1 && given <= keyspace.n)) return null;
  return `${name} is ${given}; keyspace "${keyspace.name}" has n = ${keyspace.n}, so give 1 to ${keyspace.n}`;
}

function levelProblem({ consistency }: ClientRequest): string | null {
  if (consistency === undefined || isConsistencyLevel(consistency)) return null;
  return `there is no consistency level "${consistency}"; the levels are ${consistencyLevels.join(", ")}`;
}

/** Two requests of one key are in order because a prepare quorum of each meets every accept quorum. */
function ballotProblem({ f, w, r, consistency }: ClientRequest, keyspace: Keyspace): string | null {
  if (keyspace.protocol !== "caspaxos" && !(f === "cas" && keyspace.cas === "caspaxos")) return null;
  const start = `keyspace "${keyspace.name}" decides by ballots`;
  if (consistency !== undefined) return `${start}, whose quorums must meet; leave the consistency level out`;
  for (const [name, given, least] of [
    ["w", w, keyspace.w],
    ["r", r, keyspace.r],
  ] as const) {
    if (given !== undefined && given < least) {
      return `${name} is ${given}; ${start}, so give ${least} to ${keyspace.n}`;
    }
  }
  return null;
}

function contextProblem({ context }: ClientRequest, keyspace: Keyspace): string | null {
  if (context === undefined) return null;
  if (!isDotted(keyspace)) {
    return `keyspace "${keyspace.name}" keeps no causal contexts; leave the context out`;
  }
  return parseContext(context) === null
    ? "the context is not one that a read returned; give it unchanged"
    : null;
}

function stampProblem({ f, clientStampUs, clientId }: ClientRequest, keyspace: Keyspace): string | null {
  if (keyspace.stamp === "coordinator") {
    if (clientStampUs === undefined && clientId === undefined) return null;
    return `keyspace "${keyspace.name}" takes no timestamps from clients; leave stamp and client id out`;
  }
  if (f === "get") return null;
  if (clientStampUs === undefined || !Number.isSafeInteger(clientStampUs) || clientStampUs < 1) {
    return `keyspace "${keyspace.name}" wants the client's timestamp, in microseconds, as a whole number above 0`;
  }
  if (clientId === undefined || !clientIdPattern.test(clientId)) {
    return `keyspace "${keyspace.name}" wants the client's id: 1 to 32 letters, digits, -, _ or .`;
  }
  return null;
}
