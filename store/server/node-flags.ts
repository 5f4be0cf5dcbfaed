/** One flag of the command that starts a node. */
interface Flag {
  /** What is to be given, as the help shows it; null for a switch. */
  readonly value: string | null;
  readonly help: readonly string[];
}

export type FlagName =
  | "id"
  | "members"
  | "join"
  | "dc"
  | "http"
  | "peer"
  | "keyspaces"
  | "data"
  | "secret"
  | "on-damage"
  | "defect"
  | "settings"
  | "help";

/** Shortest secret; chosen, so that nobody guesses it over the network. */
export const minSecretLength = 8;

/** Every flag. It drives the parser and the help. */
export const flags: { readonly [Name in FlagName]: Flag } = {
  id: { value: "NAME", help: ["the node's name; one of the members, unless it joins"] },
  members: {
    value: "LIST",
    help: [
      "all nodes as NAME=HOST:PORT or NAME@DC=HOST:PORT, separated by commas; the port is",
      "the one for peers, the data centre is dc1 unless given. Once that has been changed",
      "(POST /v1/admin/membership), the data directory knows who belongs to the cluster",
    ],
  },
  join: {
    value: null,
    help: [
      "the node is no member yet: --members are those that it will join, and --peer is its own",
      "address",
    ],
  },
  dc: { value: "NAME", help: ["the data centre of a node that joins (default dc1)"] },
  http: { value: "HOST:PORT", help: ["where clients are served (default 127.0.0.1:8080)"] },
  peer: {
    value: "HOST:PORT",
    help: ["where peers are listened to (default: the node's own address among the members)"],
  },
  keyspaces: {
    value: "FILE",
    help: ['a JSON list such as [{"name": "shop", "n": 3, "w": 2, "r": 2}]; see --settings'],
  },
  data: {
    value: "DIRECTORY",
    help: ["where the log is kept; made if it is missing, used by one node at a time"],
  },
  secret: {
    value: "TEXT",
    help: [`what all nodes share, ${minSecretLength} characters or more; also opens /v1/admin`],
  },
  "on-damage": {
    value: "WHAT",
    help: [
      "what to do about a log that is damaged before its end: refuse to start (default), or",
      "resync: keep what is whole, and fetch the rest from the peers before answering reads",
    ],
  },
  defect: { value: "NAME", help: ["a planted defect, for proving that the checkers find it"] },
  settings: {
    value: null,
    help: ["prints every setting of a keyspace, with values, unit, default and source"],
  },
  help: { value: null, help: ["this text"] },
};

/** Column at which the explanations of flags begin. */
const helpColumn = 21;

/** What --help prints. */
export const usage: string = `Starts one node of the store.

  npm run store -- --id n1 --members n1=127.0.0.1:7001,n2=127.0.0.1:7002,n3=127.0.0.1:7003 \\
                   --http 127.0.0.1:8001 --keyspaces keyspaces.json --data ./data/n1 --secret TEXT

${flagLines().join("\n")}

Each can be given in the environment instead: STORE_ID, STORE_MEMBERS, … STORE_ON_DAMAGE (switches: 1).

  GET, PUT, DELETE, POST /v1/{keyspace}/{key} ?w= ?r= ?consistency= ?deadline=MS
      PUT {"value": …}, and "expected" for a compare-and-set
      POST {"increment": n}, {"add": item, "quantity"?: n} or {"remove": item}
      headers: causal-context, idempotency-key, client-timestamp (µs), client-id
  GET /healthz, /readyz, /metrics
  GET /v1/admin/clock, links, membership, dump/{keyspace}; POST /v1/admin/membership, resync, probe/{peer}
      with authorization: Bearer SECRET

SIGTERM or SIGINT: open requests are waited for, a few seconds at most, then the node ends; again: at once.
Exit status: 0 stopped, 64 wrong usage or keyspaces, 65 damaged log, 69 port or data directory in use,
70 a bug of the store, 73 data not writable, 130 or 143 ended by a second signal.
`;

function flagLines(): string[] {
  return Object.entries<Flag>(flags).flatMap(([name, { value, help }]) => {
    const head = `  --${name}${value === null ? "" : ` ${value}`}`;
    return help.map((line, index) => `${(index === 0 ? head : "").padEnd(helpColumn)}${line}`);
  });
}
