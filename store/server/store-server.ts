import { performance } from "node:perf_hooks";
import type { FastifyInstance } from "fastify";
import type { Address } from "../client/address.ts";
import { ProcessRuntime } from "../client/process-runtime.ts";
import { policiesOf } from "../core/defects.ts";
import type { NodeMember } from "../core/membership/membership-state.ts";
import { everybody } from "../core/membership/membership-state.ts";
import type { NodeConfig } from "../core/node.ts";
import { StoreNode } from "../core/node.ts";
import type { Keyspace } from "../core/options/keyspace.ts";
import { KeyspaceError } from "../core/options/keyspace-error.ts";
import type { ClientReply, ClientRequest } from "../core/request.ts";
import { RecoveryError } from "../core/storage/recovery.ts";
import { directoryBytes } from "./directory-bytes.ts";
import type { FileDisk } from "./file-disk.ts";
import { makeHttpServer } from "./http-server.ts";
import { KeyspaceCensus } from "./keyspace-census.ts";
import type { MembershipOrder } from "./membership-order.ts";
import type { MetricSources } from "./metric-table.ts";
import type { NodeOptions } from "./node-options.ts";
import type { OpenedDisk } from "./open-file-disk.ts";
import { openFileDisk } from "./open-file-disk.ts";
import { OpenRequests } from "./open-requests.ts";
import { PeerLinks } from "./peer-links.ts";
import { PeerServer } from "./peer-server.ts";
import { readKeyspaces } from "./read-keyspaces.ts";
import { ServerMetrics } from "./server-metrics.ts";
import { StartError, startError } from "./start-error.ts";

/** How long open requests are waited for when the node stops. Chosen: a little more than the default deadline. */
const drainMs = 3_000;

type Log = (line: string) => void;
type State = "starting" | "serving" | "stopping";

/** A node that takes requests, until it is closed. */
export class StoreServer {
  readonly #options: NodeOptions;
  readonly #disk: FileDisk;
  readonly #runtime: ProcessRuntime;
  readonly #node: StoreNode;
  readonly #links: PeerLinks;
  readonly #peers: PeerServer;
  readonly #http: FastifyInstance;
  readonly #open = new OpenRequests();
  readonly #metrics: ServerMetrics;
  readonly #censuses: ReadonlyMap<string, KeyspaceCensus>;
  readonly #log: Log;
  #state: State = "starting";

  constructor(options: NodeOptions, keyspaces: readonly Keyspace[], opened: OpenedDisk, log: Log) {
    const { id, secret } = options;
    this.#options = options;
    this.#log = log;
    this.#disk = opened.disk;
    this.#links = new PeerLinks({ self: id, secret, log });
    this.#runtime = new ProcessRuntime(opened.disk, (to, message) => {
      // Nodes have links of their own; a client hears its answers on the connection that it dialled.
      if (!this.#links.send(to, message)) this.#peers.answer(to, message);
    });
    this.#node = new StoreNode(this.#config(keyspaces), this.#runtime, opened.recovered);
    this.#peers = new PeerServer({
      self: id,
      secret,
      isMember: (name) => this.#isMember(name),
      onMessage: (from, message) => this.#node.receive(from, message),
      onPeer: (from) => this.#links.get(from)?.dial(),
      log,
    });
    this.#links.follow(this.#members());
    this.#censuses = new Map(keyspaces.map((keyspace) => [keyspace.name, this.#census(keyspace)]));
    this.#metrics = new ServerMetrics(() => this.#sources());
    opened.disk.onSynced = (durationMs, records) => this.#metrics.synced(durationMs, records);
    this.#http = this.#makeHttp();
  }

  /** Opens both ports, then dials the peers. @throws StartError when a port can't be had */
  async listen(): Promise<void> {
    const { http, peer } = this.#options;
    await onPort(peer, "peers", this.#peers.listen(peer.host, peer.port));
    await onPort(http, "clients", this.#http.listen(http));
    this.#node.start();
    this.#links.dialAll();
    this.#state = "serving";
  }

  /** Takes no more requests, waits a while for those that are open, and closes. */
  async stop(): Promise<void> {
    this.#state = "stopping";
    const left = await this.#open.drained(drainMs);
    if (left > 0) this.#log(`${left} requests were still open after ${drainMs} ms`);
    await this.close();
  }

  /** Writes out what is waiting, and frees everything. */
  async close(): Promise<void> {
    this.#state = "stopping";
    await this.#http.close();
    await this.#peers.close();
    this.#links.close();
    this.#runtime.close();
    await this.#disk.close();
  }

  #config(keyspaces: readonly Keyspace[]): NodeConfig {
    const { id, join, dc, defect } = this.#options;
    const members = this.#options.members.map((member) => ({
      id: member.id,
      dc: member.dc,
      address: member.address,
    }));
    return {
      id,
      keyspaces,
      // One that joins is no member yet, even where the list of those that it will join has it.
      members: join ? members.filter((member) => member.id !== id) : members,
      policies: policiesOf(defect ?? undefined),
      onMembers: (present) => this.#links.follow(present),
      ...(join ? { dc } : {}),
    };
  }

  /** Everybody, old and new, as far as this node knows. */
  #members(): readonly NodeMember[] {
    return everybody(this.#node.membership);
  }

  /** A node that has yet to hear of its first change takes the word of whoever knows the secret. */
  #isMember(name: string): boolean {
    const members = this.#members();
    const isOwnCluster = members.some(({ id }) => id === this.#options.id);
    return !isOwnCluster || members.some(({ id }) => id === name);
  }

  #makeHttp(): FastifyInstance {
    const { id, secret } = this.#options;
    return makeHttpServer({
      id,
      secret,
      incarnation: this.#runtime.incarnation,
      open: this.#open,
      closedBecause: () => this.#closedBecause(),
      notReadyBecause: () => this.#notReadyBecause(),
      request: (request, done) => this.#request(request, done),
      metrics: () => this.#metrics.text(),
      clock: () => ({
        wallClockUs: this.#runtime.wallClockUs(),
        monotonicUs: this.#runtime.monotonicUs(),
      }),
      hasKeyspace: (keyspace) => this.#censuses.has(keyspace),
      dump: (keyspace) => this.#node.dump(keyspace),
      links: () => this.#links.states,
      probe: (peer, timeoutMs) => this.#probe(peer, timeoutMs),
      membership: () => this.#node.membership,
      changeMembership: (order) => this.#changeMembership(order),
      resync: () => this.#node.resync(),
    });
  }

  #closedBecause(): string | null {
    return this.#state === "serving" ? null : `the node is ${this.#state}`;
  }

  #notReadyBecause(): string | null {
    const because = this.#closedBecause();
    if (because !== null) return because;
    return this.#node.needsResync
      ? "the node is resynchronising: it may have lost what it acknowledged"
      : null;
  }

  #request(request: ClientRequest, done: (reply: ClientReply) => void): void {
    const startedMs = performance.now();
    this.#node.request(request, (reply) => {
      const outcome = reply.kind === "ok" ? "ok" : reply.error;
      this.#metrics.answered(request.f, outcome, performance.now() - startedMs);
      done(reply);
    });
  }

  /** What stands in the way is known at once; how the change ends is told in the log. */
  #changeMembership({ members, dead }: MembershipOrder): string | null {
    let problem: string | null = null;
    let isAtOnce = true;
    this.#node.changeMembership(
      members,
      (result) => {
        if (isAtOnce && !result.ok) problem = result.message;
        this.#log(
          result.ok ? "the change of membership is done" : `no change of membership: ${result.message}`,
        );
      },
      { dead },
    );
    isAtOnce = false;
    return problem;
  }

  #probe(peer: string, timeoutMs: number): Promise<number> | null {
    const link = this.#links.get(peer);
    if (link === undefined) return null;
    return new Promise((resolve, reject) => {
      link.probe(timeoutMs, (result) => (result instanceof Error ? reject(result) : resolve(result)));
    });
  }

  #census({ name, versions }: Keyspace): KeyspaceCensus {
    const census = new KeyspaceCensus(versions === "siblings");
    this.#node.watch(name, census);
    return census;
  }

  async #sources(): Promise<MetricSources> {
    const bytes = await directoryBytes(this.#options.data);
    const { isFull, backlog } = this.#disk;
    return {
      counters: this.#node.metrics,
      isReady: this.#notReadyBecause() === null,
      isResynchronising: this.#node.needsResync,
      openRequests: this.#open.count,
      underWay: this.#node.underWay,
      keyspaces: [...this.#censuses].map(([name, census]) => ({ name, ...census.counts })),
      links: this.#links.states,
      disk: { isFull, backlog, bytes },
      membershipEpoch: this.#node.membership.epoch,
      wallClockUs: this.#runtime.wallClockUs(),
      residentBytes: process.memoryUsage.rss(),
    };
  }
}

/** Starts a node. @throws StartError */
export async function startStoreServer(options: NodeOptions, log: Log): Promise<StoreServer> {
  const keyspaces = await readKeyspaces(options.keyspaces);
  const opened = await openFileDisk(options.data, log, options.onDamage);
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
