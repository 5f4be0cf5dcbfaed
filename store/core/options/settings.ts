import { fieldsOf, integer, oneOf, onlyFields, shown } from "./fields.ts";
import type { DeletePolicy, HintPolicy, Keyspace, SloppyPolicy } from "./keyspace.ts";
import { majority } from "./keyspace.ts";
import { KeyspaceError } from "./keyspace-error.ts";

/** What is told of a setting, and how it is read. */
export interface Setting<Value> {
  /** What may be given. */
  readonly values: string;
  /** Empty where there is none. */
  readonly unit: string;
  readonly default: string;
  /** Where the default comes from. */
  readonly source: string;
  readonly meaning: string;
  /** Reads it; `n` is the number of replicas. @throws KeyspaceError */
  read(value: unknown, path: string, n: number): Value;
}

export type Settings = { readonly [Name in keyof Keyspace]: Setting<Keyspace[Name]> };

/** Most replicas of a key: they are counted as bits of a small integer, twice over while owners change. */
export const maxReplicas = 15;
/** A day. Chosen, because timers of more than 24.8 days overflow in Node. */
const maxPeriodMs = 86_400_000;
const namePattern = /^[A-Za-z0-9._/-]{1,64}$/;

/** Every switch of a keyspace. It drives the parser, the help and the documentation. */
export const settings: Settings = {
  name: {
    values: "1 to 64 letters, digits, -, _, . or /",
    unit: "",
    default: "must be given",
    source: "",
    meaning: "How requests name it.",
    read: readName,
  },
  n: {
    values: `1 to ${maxReplicas}, at most the number of nodes`,
    unit: "replicas",
    default: "3, or the sum of replicas",
    source: "Dynamo (2007), section 6",
    meaning: "How many nodes hold each key.",
    read: (value, path, n) => integer(value, path, 1, maxReplicas, n),
  },
  replicas: {
    values: '{"dc1": 3, "dc2": 3}',
    unit: "replicas a data centre",
    default: "spread evenly",
    source: "Cassandra's NetworkTopologyStrategy",
    meaning: "How many replicas stand in each data centre.",
    read: readReplicas,
  },
  w: {
    values: "1 to n",
    unit: "replicas",
    default: "the majority of n",
    source: "Dynamo's 3/2/2",
    meaning: "Replicas that acknowledge a write before the client hears of it.",
    read: (value, path, n) => integer(value, path, 1, n, majority(n)),
  },
  r: {
    values: "1 to n",
    unit: "replicas",
    default: "the majority of n",
    source: "Dynamo's 3/2/2",
    meaning: "Replicas that answer a read.",
    read: (value, path, n) => integer(value, path, 1, n, majority(n)),
  },
  versions: {
    values: "lww, arrival, hlc, siblings, pn-counter, or-set, or-cart",
    unit: "",
    default: "lww",
    source: "Cassandra",
    meaning: "What decides between two writes: clocks, arrival, hybrid clocks, or nothing but causality.",
    read: (value, path) =>
      oneOf(value, path, ["lww", "arrival", "hlc", "siblings", "pn-counter", "or-set", "or-cart"]),
  },
  actor: {
    values: "incarnation, node",
    unit: "",
    default: "incarnation",
    source: "Riak's per-key epochs",
    meaning:
      "Whose events a version vector counts: a node's life, or the node (unsafe on a disk rolled back).",
    read: (value, path) => oneOf(value, path, ["incarnation", "node"]),
  },
  siblings: {
    values: "dotted, vectors",
    unit: "",
    default: "dotted",
    source: "Preguiça et al. (2012)",
    meaning: "Whether each sibling has a dot; plain vectors, as in Riak 1.x, lose writes.",
    read: (value, path) => oneOf(value, path, ["dotted", "vectors"]),
  },
  replicate: {
    values: "merged, new-sibling",
    unit: "",
    default: "merged",
    source: "Riak",
    meaning: "What the coordinator sends: its merged state, or only the new sibling (loses writes).",
    read: (value, path) => oneOf(value, path, ["merged", "new-sibling"]),
  },
  removes: {
    values: "context, own-view",
    unit: "",
    default: "context",
    source: "Shapiro et al. (2011)",
    meaning: "What a remove removes: what its context has observed, or what the coordinator holds.",
    read: (value, path) => oneOf(value, path, ["context", "own-view"]),
  },
  tieBreak: {
    values: "unique, none, value",
    unit: "",
    default: "unique",
    source: "chosen: without a unique order replicas end up different",
    meaning:
      "Between equal times: node and sequence, nothing (each side keeps its own), or the greater value.",
    read: (value, path) => oneOf(value, path, ["unique", "none", "value"]),
  },
  protocol: {
    values: "quorum, abd, caspaxos",
    unit: "",
    default: "quorum",
    source: "Dynamo",
    meaning:
      "Plain quorums; versions from a quorum and write-back (abd); or consensus on each key (CASPaxos).",
    read: (value, path) => oneOf(value, path, ["quorum", "abd", "caspaxos"]),
  },
  cas: {
    values: "none, quorum, caspaxos",
    unit: "",
    default: "none; caspaxos under that protocol",
    source: "Dynamo has none",
    meaning: "How compare-and-set is done: not at all, by quorum read and write (a race), or by ballots.",
    read: (value, path) => oneOf(value, path, ["none", "quorum", "caspaxos"]),
  },
  read: {
    values: "plain, repair-async, repair-blocking",
    unit: "",
    default: "plain",
    source: "chosen: the least that the textbooks promise",
    meaning: "What a read does about replicas that are behind: nothing, later, or before it answers.",
    read: (value, path) => oneOf(value, path, ["plain", "repair-async", "repair-blocking"]),
  },
  writeBackTo: {
    values: "contacted, w",
    unit: "",
    default: "contacted",
    source: "Cassandra's blocking read repair",
    meaning: "Where a blocking read writes back: to those that it contacted, or until w replicas have it.",
    read: (value, path) => oneOf(value, path, ["contacted", "w"]),
  },
  stamp: {
    values: "coordinator, client",
    unit: "",
    default: "coordinator",
    source: "Dynamo",
    meaning: "Whose clock a write's version comes from. Clients send client-timestamp and client-id.",
    read: (value, path) => oneOf(value, path, ["coordinator", "client"]),
  },
  stampUnitUs: {
    values: "1 to 1,000,000",
    unit: "µs",
    default: "1",
    source: "Cassandra's microseconds",
    meaning: "Timestamps are rounded down to it.",
    read: (value, path) => integer(value, path, 1, 1_000_000, 1),
  },
  answer: {
    values: "any, own-replica",
    unit: "",
    default: "any",
    source: "Dynamo",
    meaning: "Whose answers a read takes: any r replicas', or the coordinator's own alone.",
    read: (value, path) => oneOf(value, path, ["any", "own-replica"]),
  },
  coordinate: {
    values: "node, client",
    unit: "",
    default: "node",
    source: "Dynamo, section 6.4 has both",
    meaning: "Who sends to the replicas and decides: the node that is asked, or the client library.",
    read: (value, path) => oneOf(value, path, ["node", "client"]),
  },
  deletes: {
    values: '{"kind": "forever" | "physical" | "grace" | "purge", "graceMs", "refuseOlderMs"}',
    unit: "ms",
    default: '{"kind": "forever"}',
    source: "chosen: the safe one",
    meaning:
      "What a delete leaves: a tombstone for ever, nothing, a tombstone for graceMs, or one until all replicas have it synced. With refuseOlderMs a replica refuses older versions.",
    read: readDeletes,
  },
  sloppy: {
    values: 'true, false, {"heartbeatMs", "suspectAfterMs"}',
    unit: "ms",
    default: "false; 200 and 1,000 when on",
    source: "Dynamo, section 4.6; periods chosen",
    meaning: "Whether the next nodes of the walk stand in for replicas that are suspected or silent.",
    read: readSloppy,
  },
  hints: {
    values: 'null, {"windowMs", "expiryMs", "max", "maxCharacters"}',
    unit: "ms, hints, characters",
    default: "null; 3 h, null, 100,000 and 64 Mi when on, as with sloppy",
    source: "Cassandra's max_hint_window; bounds chosen",
    meaning: "Whether writes that a replica missed are kept elsewhere and brought to it when it is back.",
    read: readHints,
  },
  antiEntropyMs: {
    values: `null, 1 to ${maxPeriodMs}`,
    unit: "ms",
    default: "null",
    source: "off, as in Cassandra until repair is run",
    meaning: "How often Merkle trees are compared with each peer.",
    read: (value, path) =>
      value === undefined || value === null ? null : integer(value, path, 1, maxPeriodMs, 1),
  },
  fsync: {
    values: 'always, never, {"everyMs"}',
    unit: "ms",
    default: "always",
    source: "chosen: what is acknowledged should stay",
    meaning: "When the log is synced: before a write is acknowledged or shown, never, or every so often.",
    read: readFsync,
  },
  ring: {
    values: "pending, naive, pending-union",
    unit: "",
    default: "pending",
    source: "Cassandra's pending ranges",
    meaning:
      "How owners change: w acknowledgements from the old and from the new owners, the new ring at once (loses reads), or w of both together (a real shortcut).",
    read: (value, path) => oneOf(value, path, ["pending", "naive", "pending-union"]),
  },
};

function readName(value: unknown, path: string): string {
  if (typeof value === "string" && namePattern.test(value)) return value;
  throw new KeyspaceError(path, `${shown(value)} is not a name`, `${settings.name.values} are a name`);
}

function readReplicas(value: unknown, path: string): Keyspace["replicas"] {
  if (value === undefined || value === null) return null;
  const fields = fieldsOf(value, path);
  const counts: Record<string, number> = {};
  for (const dc of Object.keys(fields).sort()) {
    counts[dc] = integer(fields[dc], `${path}.${dc}`, 1, maxReplicas, null);
  }
  if (Object.keys(counts).length === 0) throw new KeyspaceError(path, "it is empty", 'give {"dc1": 3}');
  return counts;
}

function readDeletes(value: unknown, path: string): DeletePolicy {
  if (value === undefined) return { kind: "forever", graceMs: null, refuseOlderMs: null };
  const fields = fieldsOf(value, path);
  onlyFields(fields, path, ["kind", "graceMs", "refuseOlderMs"]);
  const { kind, graceMs, refuseOlderMs } = fields;
  const chosen = oneOf(kind, `${path}.kind`, ["forever", "physical", "grace", "purge"]);
  if (chosen !== "grace" && graceMs !== undefined && graceMs !== null) {
    throw new KeyspaceError(`${path}.graceMs`, `"${chosen}" knows no grace`, 'use it with kind "grace"');
  }
  return {
    kind: chosen,
    graceMs: chosen === "grace" ? integer(graceMs, `${path}.graceMs`, 1, maxPeriodMs * 365, null) : null,
    refuseOlderMs: optional(refuseOlderMs, `${path}.refuseOlderMs`, maxPeriodMs * 365),
  };
}

function optional(value: unknown, path: string, high: number): number | null {
  return value === undefined || value === null ? null : integer(value, path, 1, high, 1);
}

function readSloppy(value: unknown, path: string): SloppyPolicy | null {
  if (value === undefined || value === false || value === null) return null;
  const fields = value === true ? {} : fieldsOf(value, path);
  onlyFields(fields, path, ["heartbeatMs", "suspectAfterMs"]);
  const { heartbeatMs, suspectAfterMs } = fields;
  const heartbeat = integer(heartbeatMs, `${path}.heartbeatMs`, 1, maxPeriodMs, 200);
  return {
    heartbeatMs: heartbeat,
    // Below the period of the heartbeats a node that is well would be suspected.
    suspectAfterMs: integer(
      suspectAfterMs,
      `${path}.suspectAfterMs`,
      heartbeat + 1,
      maxPeriodMs,
      5 * heartbeat,
    ),
  };
}

function readHints(value: unknown, path: string): HintPolicy | null {
  if (value === undefined || value === null) return null;
  const fields = fieldsOf(value, path);
  onlyFields(fields, path, ["windowMs", "expiryMs", "max", "maxCharacters"]);
  const { windowMs, expiryMs, max, maxCharacters } = fields;
  return {
    windowMs: integer(windowMs, `${path}.windowMs`, 1, maxPeriodMs * 365, 10_800_000),
    expiryMs: optional(expiryMs, `${path}.expiryMs`, maxPeriodMs * 365),
    max: integer(max, `${path}.max`, 1, 10_000_000, 100_000),
    maxCharacters: integer(maxCharacters, `${path}.maxCharacters`, 1, 1_073_741_824, 64 * 1_048_576),
  };
}

function readFsync(value: unknown, path: string): Keyspace["fsync"] {
  if (value === undefined || typeof value === "string") {
    return oneOf<"always" | "never">(value, path, ["always", "never"]);
  }
  const fields = fieldsOf(value, path);
  onlyFields(fields, path, ["everyMs"]);
  return { everyMs: integer(fields["everyMs"], `${path}.everyMs`, 1, maxPeriodMs, null) };
}
