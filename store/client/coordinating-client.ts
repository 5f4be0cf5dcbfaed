import { randomBytes } from "node:crypto";
import { ClientNode } from "../core/client-node.ts";
import type { NodeMember } from "../core/membership/membership-state.ts";
import type { Message } from "../core/messages.ts";
import { noDisk } from "../core/no-disk.ts";
import type { Keyspace } from "../core/options/keyspace.ts";
import { parseKeyspaces } from "../core/options/parse-keyspaces.ts";
import { standardPolicies } from "../core/policies.ts";
import type { ClientReply, ClientRequest } from "../core/request.ts";
import type { StoreAnswer } from "./http-client.ts";
import { StoreError } from "./http-client.ts";
import type { DialledNode } from "./node-connections.ts";
import { NodeConnections } from "./node-connections.ts";
import { ProcessRuntime } from "./process-runtime.ts";

/** How long a request may take unless it says otherwise. Chosen, as on a node. */
const defaultDeadlineMs = 2_000;

/** The cluster that a client coordinates on, as the client knows it. */
export interface CoordinatingPlan {
  /** Names the client in versions: 1 to 32 letters, digits, -, _ or ., and no node's name. Default: a random one. */
  readonly id?: string;
  /** The data centre that it stands in, for levels that begin with LOCAL. Default: the first node's. */
  readonly dc?: string;
  readonly nodes: readonly (DialledNode & { readonly dc: string })[];
  /** The same list that the nodes were started with. */
  readonly keyspaces: unknown;
  /** The secret of the cluster. */
  readonly secret: string;
}

/** What may be said about one request. */
export interface CoordinatedOptions {
  readonly w?: number;
  readonly r?: number;
  readonly consistency?: string;
  /** Milliseconds after which the client gives up. Default 2,000. */
  readonly deadlineMs?: number;
  /** Causal context of an earlier read. */
  readonly context?: string;
  /** Where clients stamp: the stamp of an earlier try, so that this one is the same version. Default: now. */
  readonly stampUs?: number;
}

type Asked = Pick<ClientRequest, "f" | "value" | "expected" | "quantity">;

/**
 * A client that coordinates its own requests: it sends to all replicas in parallel, picks the newest answer
 * and repairs the others. It dials the peer ports of the nodes, for keyspaces with coordinate "client".
 */
export class CoordinatingClient {
  readonly id: string;
  readonly #node: ClientNode;
  readonly #runtime: ProcessRuntime;
  readonly #connections: NodeConnections;
  readonly #keyspaces: ReadonlyMap<string, Keyspace>;
  readonly #waiting = new Set<(error: StoreError) => void>();
  #requests = 0;

  /** Dials all nodes. @throws KeyspaceError where the keyspaces cannot be, or the id is a node's */
  constructor(
    { id, dc, nodes, keyspaces, secret }: CoordinatingPlan,
    log: (line: string) => void = () => {},
  ) {
    this.id = id ?? `client-${randomBytes(8).toString("hex")}`;
    const parsed = parseKeyspaces(keyspaces);
    this.#keyspaces = new Map(parsed.map((keyspace) => [keyspace.name, keyspace]));
    this.#runtime = new ProcessRuntime(noDisk, (to, message) => this.#connections.send(to, message));
    const config = {
      id: this.id,
      dc: dc ?? nodes[0]?.dc ?? "",
      members: nodes.map((node) => ({ id: node.id, dc: node.dc })),
      keyspaces: parsed,
      policies: standardPolicies,
      onMembers: (members: readonly NodeMember[]) => this.#connections.follow(members),
    };
    this.#node = new ClientNode(config, this.#runtime);
    const onMessage = (from: string, message: Message): void => this.#node.receive(from, message);
    this.#connections = new NodeConnections({ self: this.id, secret, onMessage, log }, nodes);
  }

  /** The nodes that it is connected to now. */
  get reached(): readonly string[] {
    return this.#connections.reached;
  }

  /** Waits until it is connected to all nodes, or for so long. True when it is. */
  ready(timeoutMs: number): Promise<boolean> {
    return this.#connections.ready(timeoutMs);
  }

  /** Reads a key; no values when it is not there. @throws StoreError */
  get(keyspace: string, key: string, options: CoordinatedOptions = {}): Promise<StoreAnswer> {
    return this.#perform(keyspace, key, { f: "get", value: null }, options);
  }

  /** Writes any JSON value but null. @throws StoreError */
  put(keyspace: string, key: string, value: unknown, options: CoordinatedOptions = {}): Promise<StoreAnswer> {
    return this.#perform(keyspace, key, { f: "put", value: textOf(value) }, options);
  }

  /** Removes a key. @throws StoreError */
  delete(keyspace: string, key: string, options: CoordinatedOptions = {}): Promise<StoreAnswer> {
    return this.#perform(keyspace, key, { f: "delete", value: null }, options);
  }

  /** Writes if the key holds what is expected; null where nothing is. @throws StoreError of code `CasMismatch` */
  cas(
    keyspace: string,
    key: string,
    change: { readonly expected: unknown; readonly value: unknown },
    options: CoordinatedOptions = {},
  ): Promise<StoreAnswer> {
    const expected = change.expected === null ? null : textOf(change.expected);
    return this.#perform(keyspace, key, { f: "cas", value: textOf(change.value), expected }, options);
  }

  /** Puts an item into a set, or so many of it into a cart. @throws StoreError */
  add(
    keyspace: string,
    key: string,
    item: unknown,
    options: CoordinatedOptions & { readonly quantity?: number } = {},
  ): Promise<StoreAnswer> {
    const { quantity } = options;
    const asked: Asked = { f: "add", value: textOf(item), ...(quantity === undefined ? {} : { quantity }) };
    return this.#perform(keyspace, key, asked, options);
  }

  /** Takes an item out of a set or a cart, as far as the context has observed it. @throws StoreError */
  remove(
    keyspace: string,
    key: string,
    item: unknown,
    options: CoordinatedOptions = {},
  ): Promise<StoreAnswer> {
    return this.#perform(keyspace, key, { f: "remove", value: textOf(item) }, options);
  }

  /** Adds to a counter. @throws StoreError */
  increment(
    keyspace: string,
    key: string,
    amount: number,
    options: CoordinatedOptions = {},
  ): Promise<StoreAnswer> {
    return this.#perform(keyspace, key, { f: "increment", value: `${amount}` }, options);
  }

  /** Closes all connections. What nobody has answered yet may have taken effect. */
  close(): void {
    this.#connections.close();
    this.#runtime.close();
    for (const fail of this.#waiting) fail(new StoreError("ClientClosed", "the client was closed"));
    this.#waiting.clear();
  }

  #perform(keyspace: string, key: string, asked: Asked, options: CoordinatedOptions): Promise<StoreAnswer> {
    this.#requests += 1;
    const request: ClientRequest = {
      requestId: `${this.id}.${this.#requests}`,
      keyspace,
      key,
      timeoutUs: (options.deadlineMs ?? defaultDeadlineMs) * 1_000,
      cause: this.#requests,
      ...asked,
      ...optionsOf(options),
      ...this.#stampOf(keyspace, asked, options),
    };
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      this.#node.request(request, (reply) => {
        this.#waiting.delete(reject);
        if (reply.kind === "ok") resolve(answerOf(reply));
        else reject(errorOf(reply));
      });
    });
  }

  #stampOf(
    keyspace: string,
    { f }: Asked,
    { stampUs }: CoordinatedOptions,
  ): Pick<ClientRequest, "clientStampUs" | "clientId"> {
    if (f === "get" || this.#keyspaces.get(keyspace)?.stamp !== "client") return {};
    return { clientStampUs: stampUs ?? this.#runtime.wallClockUs(), clientId: this.id };
  }
}

function optionsOf({
  w,
  r,
  consistency,
  context,
}: CoordinatedOptions): Pick<ClientRequest, "w" | "r" | "consistency" | "context"> {
  return {
    ...(w === undefined ? {} : { w }),
    ...(r === undefined ? {} : { r }),
    ...(consistency === undefined ? {} : { consistency }),
    ...(context === undefined ? {} : { context }),
  };
}

function answerOf({ values, version, context }: Extract<ClientReply, { kind: "ok" }>): StoreAnswer {
  return { values: values.map((text): unknown => JSON.parse(text)), version, context };
}

function errorOf(reply: Extract<ClientReply, { kind: "error" }>): StoreError {
  const { error, message, needed, got, indeterminate } = reply;
  return new StoreError(error, message, { needed, got, indeterminate });
}

/** A value as the store keeps it. @throws TypeError for what JSON has no text for */
function textOf(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined || value === null)
    throw new TypeError(`${String(value)} is not a value that can be kept`);
  return text;
}
