import { parseArgs } from "node:util";
import type { Address } from "../client/address.ts";
import { parseAddress } from "../client/address.ts";
import type { NodeMember } from "../core/membership/membership-state.ts";
import type { FlagName } from "./node-flags.ts";
import { flags, minSecretLength } from "./node-flags.ts";
import type { OnDamage } from "./open-file-disk.ts";
import { StartError } from "./start-error.ts";

/** A member of the cluster, and where this node dials it. */
export interface AddressedMember extends NodeMember {
  readonly address: string;
  readonly dial: Address;
}

/** All that a node must know before it starts. */
export interface NodeOptions {
  readonly id: string;
  readonly members: readonly AddressedMember[];
  /** The node belongs to no cluster yet; the members are those that it will join. */
  readonly join: boolean;
  /** The data centre of a node that joins. */
  readonly dc: string;
  readonly http: Address;
  readonly peer: Address;
  /** Path of the JSON file. */
  readonly keyspaces: string;
  readonly data: string;
  readonly secret: string;
  /** What to do about a log that is damaged before its end. */
  readonly onDamage: OnDamage;
  readonly defect: string | null;
}

/** What the command line asks for. */
export type NodeCommand =
  | { readonly kind: "help" }
  | { readonly kind: "settings" }
  | { readonly kind: "run"; readonly options: NodeOptions };

type Given = Readonly<Record<string, string | boolean | undefined>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads arguments and environment. @throws StartError */
export function parseNodeCommand(args: readonly string[], environment: Environment): NodeCommand {
  const given = parseFlags(args);
  if (given["help"] === true) return { kind: "help" };
  if (given["settings"] === true) return { kind: "settings" };
  return { kind: "run", options: optionsOf(new Findings(given, environment)) };
}

/** What was given, as a flag or else in the environment. */
class Findings {
  readonly #given: Given;
  readonly #environment: Environment;

  constructor(given: Given, environment: Environment) {
    this.#given = given;
    this.#environment = environment;
  }

  find(name: FlagName): string | undefined {
    const value = this.#given[name] ?? this.#environment[variableOf(name)];
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  need(name: FlagName): string {
    const value = this.find(name);
    if (value === undefined) throw wrong(`--${name} is missing`);
    return value;
  }

  isOn(name: FlagName): boolean {
    if (this.#given[name] === true) return true;
    const value = this.#environment[variableOf(name)] ?? "";
    if (value === "" || value === "0" || value === "1") return value === "1";
    throw wrong(`${variableOf(name)} is "${value}"; it can be 0 or 1`);
  }
}

function optionsOf(findings: Findings): NodeOptions {
  const id = nameOf(findings.need("id"), "--id");
  const join = findings.isOn("join");
  const members = parseMembers(findings.need("members"));
  const own = members.find((member) => member.id === id);
  if (own === undefined && !join) {
    throw wrong(`--id ${id} is not among the members ${members.map((m) => m.id).join(", ")}`);
  }
  const peer = findings.find("peer");
  if (own === undefined && peer === undefined)
    throw wrong("--peer is missing: a joining node has no other address");
  const secret = findings.need("secret");
  if (secret.length < minSecretLength) throw wrong(`--secret needs at least ${minSecretLength} characters`);
  const fallback = own?.dial ?? { host: "", port: 0 };
  return {
    id,
    members,
    join,
    dc: nameOf(findings.find("dc") ?? "dc1", "--dc"),
    http: addressOf(findings.find("http") ?? "127.0.0.1:8080", "--http"),
    peer: peer === undefined ? fallback : addressOf(peer, "--peer"),
    keyspaces: findings.need("keyspaces"),
    data: findings.need("data"),
    secret,
    onDamage: onDamageOf(findings.find("on-damage") ?? "refuse"),
    defect: findings.find("defect") ?? null,
  };
}

function onDamageOf(text: string): OnDamage {
  if (text === "refuse" || text === "resync") return text;
  throw wrong(`--on-damage is "${text}"; it can be refuse or resync`);
}

function variableOf(name: string): string {
  return `STORE_${name.toUpperCase().replaceAll("-", "_")}`;
}

function parseFlags(args: readonly string[]): Given {
  const entries = Object.entries(flags).map(([name, { value }]) => [
    name,
    { type: value === null ? ("boolean" as const) : ("string" as const) },
  ]);
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(entries) }).values as Given;
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function nameOf(text: string, what: string): string {
  if (/^[\w.-]{1,32}$/.test(text)) return text;
  throw wrong(`${what} "${text}" is not 1 to 32 letters, digits, -, _ or .`);
}

function parseMembers(text: string): readonly AddressedMember[] {
  const members = text.split(",").map((item) => {
    const match = /^(?<id>[\w.-]{1,32})(?:@(?<dc>[\w.-]{1,32}))?=(?<address>.+)$/.exec(item.trim());
    const { id, dc = "dc1", address } = match?.groups ?? {};
    if (id === undefined || address === undefined) {
      throw wrong(`--members: "${item}" is not NAME=HOST:PORT or NAME@DC=HOST:PORT`);
    }
    return { id, dc, address, dial: addressOf(address, `--members: ${id}`) };
  });
  const ids = members.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw wrong(`--members: ${twice} is there twice`);
  return members;
}

function addressOf(text: string, what: string): Address {
  const address = parseAddress(text);
  if (address === null) throw wrong(`${what}: "${text}" is not HOST:PORT`);
  return address;
}

function wrong(message: string, cause?: unknown): StartError {
  return new StartError("usage", `${message} (see --help)`, { cause });
}
