import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { encodeMessage } from "../client/message-codec.ts";
import { ProcessRuntime } from "../client/process-runtime.ts";
import { WireError } from "../client/wire.ts";
import { policiesOf } from "../core/defects.ts";
import type { Message } from "../core/messages.ts";
import { StoreNode } from "../core/node.ts";
import type { Keyspace } from "../core/options/keyspace.ts";
import { KeyspaceError } from "../core/options/keyspace-error.ts";
import { parseKeyspaces } from "../core/options/parse-keyspaces.ts";
import { RecoveryError } from "../core/storage/recovery.ts";
import type { FileDisk } from "./file-disk.ts";
import { openFileDisk } from "./file-disk.ts";
import { makeHttpServer } from "./http-server.ts";
import type { Address, NodeOptions } from "./node-options.ts";
import { PeerLink } from "./peer-link.ts";
import { PeerServer } from "./peer-server.ts";
import { StartError, startError } from "./start-error.ts";

/** A node that takes requests, until it is closed. */
export class StoreServer {
  readonly #options: NodeOptions;
  readonly #disk: FileDisk;
  readonly #runtime: ProcessRuntime;
  readonly #node: StoreNode;
  readonly #links: ReadonlyMap<string, PeerLink>;
  readonly #peers: PeerServer;
  readonly #http: FastifyInstance;
  #isReady = false;

  constructor(
    options: NodeOptions,
    keyspaces: readonly Keyspace[],
    { disk, recovered }: Awaited<ReturnType<typeof openFileDisk>>,
    log: (line: string) => void,
  ) {
    const { id, members, secret } = options;
    this.#options = options;
    this.#disk = disk;
    this.#links = new Map(
      members
        .filter((member) => member.id !== id)
        .map((member) => [
          member.id,
          new PeerLink({ self: id, peer: member.id, secret, ...member.dial }, log),
        ]),
    );
    this.#runtime = new ProcessRuntime(disk, (to, message) => sendOver(this.#links.get(to), message));
    const policies = policiesOf(options.defect ?? undefined);
    this.#node = new StoreNode({ id, members, keyspaces, policies }, this.#runtime, recovered);
    this.#peers = new PeerServer({
      self: id,
      members: members.map((member) => member.id),
      secret,
      onMessage: (from, message) => this.#node.receive(from, message),
      onPeer: (from) => this.#links.get(from)?.dial(),
      log,
    });
    const names = keyspaces.map((keyspace) => keyspace.name);
    this.#http = makeHttpServer({
      id,
      secret,
      incarnation: this.#runtime.incarnation,
      isReady: () => this.#isReady,
      request: (request, done) => this.#node.request(request, done),
      clock: () => ({
        wallClockUs: this.#runtime.wallClockUs(),
        monotonicUs: this.#runtime.monotonicUs(),
      }),
      hasKeyspace: (keyspace) => names.includes(keyspace),
      dump: (keyspace) => this.#node.dump(keyspace),
      links: () => [...this.#links.values()].map((link) => link.state),
      probe: (peer, timeoutMs) => probeOver(this.#links.get(peer), timeoutMs),
    });
  }

  /** Opens both ports, then dials the peers. @throws StartError when a port can't be had */
  async listen(): Promise<void> {
    const { http, peer } = this.#options;
    await onPort(peer, "peers", this.#peers.listen(peer.host, peer.port));
    await onPort(http, "clients", this.#http.listen(http));
    this.#node.start();
    for (const link of this.#links.values()) link.dial();
    this.#isReady = true;
  }

  /** Takes no more requests, writes out what is waiting, and frees everything. */
  async close(): Promise<void> {
    this.#isReady = false;
    await this.#http.close();
    await this.#peers.close();
    for (const link of this.#links.values()) link.close();
    this.#runtime.close();
    await this.#disk.close();
  }
}

/** Starts a node. @throws StartError */
export async function startStoreServer(
  options: NodeOptions,
  log: (line: string) => void,
): Promise<StoreServer> {
  const keyspaces = await readKeyspaces(options.keyspaces);
  const opened = await openFileDisk(options.data, log);
  let server: StoreServer;
  try {
    server = new StoreServer(options, keyspaces, opened, log);
  } catch (error) {
    await opened.disk.close();
    throw startErrorOf(error, options);
  }
  try {
    await server.listen();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

async function readKeyspaces(path: string): Promise<readonly Keyspace[]> {
  try {
    return parseKeyspaces(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause);
    throw startError("bad-keyspaces", `${path}: ${because}`, cause);
  }
}

function startErrorOf(error: unknown, options: NodeOptions): unknown {
  if (error instanceof KeyspaceError) {
    return new StartError("bad-keyspaces", `${options.keyspaces}: ${error.message}`, { cause: error });
  }
  if (error instanceof RecoveryError) {
    return new StartError("damaged-log", `${options.data}: ${error.message}`, { cause: error });
  }
  if (error instanceof RangeError) return new StartError("usage", error.message, { cause: error });
  return error;
}

async function onPort(address: Address, whom: string, listening: Promise<unknown>): Promise<void> {
  try {
    await listening;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    const because =
      code === "EADDRINUSE" ? "it is in use" : cause instanceof Error ? cause.message : String(cause);
    const where = `${address.host}:${address.port}`;
    throw startError("port-in-use", `can't listen for ${whom} on ${where}: ${because}`, cause);
  }
}

/** A message that no frame can hold is lost, as one that the network drops. */
function sendOver(link: PeerLink | undefined, message: Message): void {
  if (link === undefined) return;
  try {
    link.send(encodeMessage(message));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    link.drop(error.message);
  }
}

function probeOver(link: PeerLink | undefined, timeoutMs: number): Promise<number> | null {
  if (link === undefined) return null;
  return new Promise((resolve, reject) => {
    link.probe(timeoutMs, (result) => (result instanceof Error ? reject(result) : resolve(result)));
  });
}
