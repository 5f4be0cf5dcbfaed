import { KeyspaceError } from "./keyspace-error.ts";

/**
 * A named configuration of the store. Many live side by side in one cluster. Fields that CONTRACTS.md
 * lists and that are not here yet are refused by name below.
 */
export interface Keyspace {
  /** 1 to 64 letters, digits, `-`, `_`, `.` or `/`. */
  readonly name: string;
  /** Replicas of each key, 1 to 15 and no more than there are nodes. Default 3 (Dynamo, 2007, section 6). */
  readonly n: number;
  /** Replicas that acknowledge a write, 1 to n. Default the majority of n (Dynamo's 3/2/2). */
  readonly w: number;
  /** Replicas that answer a read, 1 to n. Default the majority of n (Dynamo's 3/2/2). */
  readonly r: number;
  /** What decides between two writes. Default `lww`, as Cassandra does. */
  readonly versions: "arrival" | "lww";
  /** Default `quorum`. `abd` takes versions from a quorum and writes back before it answers. */
  readonly protocol: "quorum" | "abd";
  /** What a read does about replicas that are behind. Default `plain`. Not asked for under abd. */
  readonly read: "plain" | "repair-async" | "repair-blocking";
  /** Where a blocking read writes back: to r of those it contacted, or until w have it. Default `contacted`. */
  readonly writeBackTo: "contacted" | "w";
  /** What a delete leaves behind. Default a tombstone for ever: chosen, because it is the safe one. */
  readonly deletes: { readonly kind: "physical" | "forever" };
  /** Milliseconds between two exchanges with every peer; null turns them off, which is the default. */
  readonly antiEntropyMs: number | null;
  /** When the log is synced. Default `always`: before a write is acknowledged or shown. */
  readonly fsync: "always" | "never" | { readonly everyMs: number };
}

/** Most replicas of a key: they are counted as bits of a small integer. Chosen, because no store uses more. */
const maxReplicas = 15;
/** A day. Chosen, because timers of more than 24.8 days overflow in Node. */
const maxPeriodMs = 86_400_000;
const namePattern = /^[A-Za-z0-9._/-]{1,64}$/;

type Fields = Readonly<Record<string, unknown>>;

/** The settings that are implemented. */
const known = [
  "name",
  "n",
  "w",
  "r",
  "versions",
  "protocol",
  "read",
  "writeBackTo",
  "deletes",
  "antiEntropyMs",
  "fsync",
];

/** Settings of later work: only the value that turns them off is accepted. */
const switchedOff: Readonly<Record<string, unknown>> = {
  replicas: undefined,
  actor: undefined,
  cas: "none",
  stamp: "coordinator",
  stampUnitUs: 1,
  answer: "any",
  coordinate: "node",
  sloppy: false,
  hints: null,
  ring: undefined,
};

/** Values of later work, by field. */
const laterValues: Readonly<Record<string, readonly string[]>> = {
  versions: ["hlc", "siblings", "pn-counter", "or-set", "or-cart"],
  protocol: ["caspaxos"],
  "deletes.kind": ["grace", "purge"],
};

/** Reads keyspaces from plain data. Throws a `KeyspaceError` at the first thing that cannot be. */
export function parseKeyspaces(json: unknown): readonly Keyspace[] {
  if (!Array.isArray(json))
    throw new KeyspaceError("keyspaces", `${shown(json)} is not a list`, "give [{…}]");
  if (json.length === 0) throw new KeyspaceError("keyspaces", "the list is empty", "name at least one");
  const items: readonly unknown[] = json;
  const keyspaces = items.map((item, index) => parseKeyspace(item, `keyspaces[${index}]`));
  keyspaces.forEach((keyspace, index) => {
    if (keyspaces.findIndex((other) => other.name === keyspace.name) === index) return;
    throw new KeyspaceError(`keyspaces[${index}].name`, `"${keyspace.name}" is there twice`, "names differ");
  });
  return keyspaces;
}

function parseKeyspace(json: unknown, path: string): Keyspace {
  const fields = fieldsOf(json, path);
  for (const field of Object.keys(fields)) checkField(field, fields[field], path);
  const {
    name,
    n: count,
    w,
    r,
    versions,
    protocol,
    read,
    writeBackTo,
    deletes,
    antiEntropyMs,
    fsync,
  } = fields;
  if (typeof name !== "string" || !namePattern.test(name)) {
    const right = "1 to 64 letters, digits, -, _, . or / are a name";
    throw new KeyspaceError(`${path}.name`, `${shown(name)} is not a name`, right);
  }
  const n = integer(count, `${path}.n`, 1, maxReplicas, 3);
  const keyspace: Keyspace = {
    name,
    n,
    w: integer(w, `${path}.w`, 1, n, majority(n)),
    r: integer(r, `${path}.r`, 1, n, majority(n)),
    versions: oneOf(versions, path, "versions", ["lww", "arrival"]),
    protocol: oneOf(protocol, path, "protocol", ["quorum", "abd"]),
    read: oneOf(read, path, "read", ["plain", "repair-async", "repair-blocking"]),
    writeBackTo: oneOf(writeBackTo, path, "writeBackTo", ["contacted", "w"]),
    deletes: parseDeletes(deletes, path),
    antiEntropyMs: parsePeriod(antiEntropyMs, `${path}.antiEntropyMs`),
    fsync: parseFsync(fsync, path),
  };
  checkTogether(keyspace, fields, path);
  return keyspace;
}

function checkField(field: string, value: unknown, path: string): void {
  if (known.includes(field)) return;
  const at = `${path}.${field}`;
  if (!Object.hasOwn(switchedOff, field)) {
    throw new KeyspaceError(at, "there is no such setting", `the settings are ${known.join(", ")}`);
  }
  const off = switchedOff[field];
  if (off === undefined) throw new KeyspaceError(at, "not supported", "leave it out");
  if (value !== off) throw new KeyspaceError(at, `${shown(value)} is not supported`, `only ${shown(off)} is`);
}

function checkTogether(keyspace: Keyspace, fields: Fields, path: string): void {
  if (keyspace.protocol === "abd") checkAbd(keyspace, fields, path);
  if (keyspace.versions === "arrival" && (keyspace.read !== "plain" || keyspace.antiEntropyMs !== null)) {
    const right = 'use "plain" reads and no antiEntropyMs';
    throw new KeyspaceError(
      `${path}.versions`,
      "without versions nothing says which replica is behind",
      right,
    );
  }
  if (keyspace.writeBackTo === "w" && keyspace.read !== "repair-blocking") {
    const right = 'use it with read "repair-blocking"';
    throw new KeyspaceError(`${path}.writeBackTo`, `a "${keyspace.read}" read does not write back`, right);
  }
}

function checkAbd(keyspace: Keyspace, fields: Fields, path: string): void {
  if (keyspace.versions !== "lww") {
    throw new KeyspaceError(`${path}.versions`, "abd orders writes by versions", 'leave it out or use "lww"');
  }
  if (keyspace.deletes.kind !== "forever") {
    throw new KeyspaceError(`${path}.deletes`, "under abd a delete is a version", 'use {"kind":"forever"}');
  }
  const { read } = fields;
  if (read !== undefined && keyspace.read !== "repair-blocking") {
    throw new KeyspaceError(`${path}.read`, "abd always writes back before it answers", "leave it out");
  }
}

function parseDeletes(value: unknown, path: string): Keyspace["deletes"] {
  if (value === undefined) return { kind: "forever" };
  const fields = fieldsOf(value, `${path}.deletes`);
  const { kind } = fields;
  for (const field of Object.keys(fields)) {
    if (field === "kind") continue;
    const isLater = field === "graceMs" || field === "refuseOlderMs";
    const wrong = isLater ? "not supported" : "there is no such setting";
    throw new KeyspaceError(`${path}.deletes.${field}`, wrong, "the only setting is kind");
  }
  return { kind: oneOf(kind, path, "deletes.kind", ["forever", "physical"]) };
}

function parsePeriod(value: unknown, path: string): number | null {
  if (value === undefined || value === null) return null;
  return integer(value, path, 1, maxPeriodMs, 1);
}

function parseFsync(value: unknown, path: string): Keyspace["fsync"] {
  if (value === undefined || typeof value === "string") {
    return oneOf<"always" | "never">(value, path, "fsync", ["always", "never"]);
  }
  const fields = fieldsOf(value, `${path}.fsync`);
  const { everyMs } = fields;
  for (const field of Object.keys(fields)) {
    if (field === "everyMs") continue;
    throw new KeyspaceError(`${path}.fsync.${field}`, "there is no such setting", "the only one is everyMs");
  }
  if (everyMs === undefined) {
    throw new KeyspaceError(`${path}.fsync.everyMs`, "it is missing", `give 1 to ${maxPeriodMs}`);
  }
  return { everyMs: integer(everyMs, `${path}.fsync.everyMs`, 1, maxPeriodMs, 1) };
}

function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new KeyspaceError(path, `${shown(value)} is not an object`, "give {…}");
}

function integer(value: unknown, path: string, low: number, high: number, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new KeyspaceError(path, `${shown(value)} is out of range`, `give an integer from ${low} to ${high}`);
}

/** The value, or the first of the choices when it is left out. */
function oneOf<Choice extends string>(
  value: unknown,
  path: string,
  field: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  if (value === undefined) return choices[0];
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  const isLater = typeof value === "string" && (laterValues[field] ?? []).includes(value);
  const wrong = `${shown(value)} is not ${isLater ? "supported" : "a choice"}`;
  throw new KeyspaceError(`${path}.${field}`, wrong, `the choices are ${choices.map(shown).join(", ")}`);
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(value) ?? typeof value;
}

/** The smallest number of n replicas that any two choices of share one. */
export function majority(n: number): number {
  return Math.floor(n / 2) + 1;
}
