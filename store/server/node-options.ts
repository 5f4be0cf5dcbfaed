import { parseArgs } from "node:util";
import type { NodeMember } from "../core/ring.ts";
import { StartError } from "./start-error.ts";

/** A host and a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A member of the cluster, and where this node dials it. */
export interface AddressedMember extends NodeMember {
  readonly address: string;
  readonly dial: Address;
}

/** All that a node must know before it starts. */
export interface NodeOptions {
  readonly id: string;
  readonly members: readonly AddressedMember[];
  readonly http: Address;
  readonly peer: Address;
  /** Path of the JSON file. */
  readonly keyspaces: string;
  readonly data: string;
  readonly secret: string;
  readonly defect: string | null;
}

/** Shortest secret; chosen, so that nobody guesses it over the network. */
const minSecretLength = 8;

export const usage: string = `Starts one node of the store.

  npm run store -- --id n1 --members n1=127.0.0.1:7001,n2=127.0.0.1:7002,n3=127.0.0.1:7003 \\
                   --http 127.0.0.1:8001 --keyspaces keyspaces.json --data ./data/n1 --secret TEXT

  --id NAME          the node's name; one of the members
  --members LIST     all nodes as NAME=HOST:PORT or NAME@DC=HOST:PORT, separated by commas;
                     the port is the one for peers; the data centre is dc1 unless given
  --http HOST:PORT   where clients are served (default 127.0.0.1:8080)
  --peer HOST:PORT   where peers are listened to (default: the node's own address among the members)
  --keyspaces FILE   a JSON list such as [{"name": "shop", "n": 3, "w": 2, "r": 2}]
  --data DIRECTORY   where the log is kept; made if it is missing
  --secret TEXT      what all nodes share, ${minSecretLength} characters or more; also opens /v1/admin
  --defect NAME      a planted defect, for proving that the checkers find it
  --help             this text

Each can be given in the environment instead: STORE_ID, STORE_MEMBERS, … STORE_SECRET.
A key is at /v1/{keyspace}/{key}: PUT with {"value": …}, GET, DELETE; ?w= ?r= ?consistency= ?deadline=
Exit status: 64 wrong usage or keyspaces, 65 damaged log, 69 port in use, 73 data not writable.
`;

/** Reads arguments and environment; null when help was asked for. @throws StartError */
export function parseNodeOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): NodeOptions | null {
  const given = parseFlags(args);
  if (given["help"] === true) return null;
  const find = (name: string): string | undefined => {
    const value = given[name] ?? environment[`STORE_${name.toUpperCase()}`];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const need = (name: string): string => {
    const value = find(name);
    if (value === undefined) throw wrong(`--${name} is missing`);
    return value;
  };
  const id = need("id");
  const members = parseMembers(need("members"));
  const own = members.find((member) => member.id === id);
  if (own === undefined)
    throw wrong(`--id ${id} is not among the members ${members.map((m) => m.id).join(", ")}`);
  const secret = need("secret");
  if (secret.length < minSecretLength) throw wrong(`--secret needs at least ${minSecretLength} characters`);
  const peer = find("peer");
  return {
    id,
    members,
    http: parseAddress(find("http") ?? "127.0.0.1:8080", "--http"),
    peer: peer === undefined ? own.dial : parseAddress(peer, "--peer"),
    keyspaces: need("keyspaces"),
    data: need("data"),
    secret,
    defect: find("defect") ?? null,
  };
}

const flags = ["id", "members", "http", "peer", "keyspaces", "data", "secret", "defect"] as const;

function parseFlags(args: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  const texts = Object.fromEntries(flags.map((name) => [name, { type: "string" as const }]));
  try {
    const { values } = parseArgs({ args: [...args], options: { ...texts, help: { type: "boolean" } } });
    return values;
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function parseMembers(text: string): readonly AddressedMember[] {
  const members = text.split(",").map((item) => {
    const match = /^(?<id>[\w.-]{1,32})(?:@(?<dc>[\w.-]{1,32}))?=(?<address>.+)$/.exec(item.trim());
    const { id, dc = "dc1", address } = match?.groups ?? {};
    if (id === undefined || address === undefined) {
      throw wrong(`--members: "${item}" is not NAME=HOST:PORT or NAME@DC=HOST:PORT`);
    }
    return { id, dc, address, dial: parseAddress(address, `--members: ${id}`) };
  });
  const ids = members.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw wrong(`--members: ${twice} is there twice`);
  return members;
}

function parseAddress(text: string, what: string): Address {
  const match = /^(?:\[(?<six>[0-9a-fA-F:]+)\]|(?<name>[^:\s]+)):(?<port>\d{1,5})$/.exec(text);
  const { six, name, port } = match?.groups ?? {};
  const host = six ?? name;
  if (host === undefined || Number(port) > 65_535) throw wrong(`${what}: "${text}" is not HOST:PORT`);
  return { host, port: Number(port) };
}

function wrong(message: string, cause?: unknown): StartError {
  return new StartError("usage", `${message} (see --help)`, { cause });
}
