import { BackgroundTask, causeOf, taskSeed } from "./background-cause.ts";
import { AbdPutCoordinator } from "./coordinate/abd.ts";
import { Exchange } from "./coordinate/exchange.ts";
import { GetCoordinator } from "./coordinate/get.ts";
import { PutCoordinator } from "./coordinate/put.ts";
import type { Message } from "./messages.ts";
import { MessageKind } from "./messages.ts";
import type { Metrics } from "./metrics.ts";
import type { Space } from "./node-context.ts";
import { NodeContext } from "./node-context.ts";
import { problemOf } from "./options/check-request.ts";
import type { Keyspace } from "./options/keyspace.ts";
import { KeyspaceError } from "./options/keyspace-error.ts";
import type { Policies } from "./policies.ts";
import type { Done, RememberedRequest } from "./remembered-requests.ts";
import { RememberedRequests } from "./remembered-requests.ts";
import { AntiEntropy } from "./repair/anti-entropy.ts";
import { failed } from "./replies.ts";
import type { ClientRequest, ReplyError } from "./request.ts";
import type { NodeMember } from "./ring.ts";
import { ringOf } from "./ring.ts";
import type { Runtime } from "./runtime.ts";
import { refuse, serveRead, serveRepair, serveVersion, serveWrite } from "./serve.ts";
import { Log } from "./storage/log.ts";
import { PeriodicSync } from "./storage/periodic-sync.ts";
import type { RecoveredLog } from "./storage/recovery.ts";
import { lastSequence, RecoveryError } from "./storage/recovery.ts";
import { Replica } from "./storage/replica.ts";
import { arrival } from "./versions/arrival.ts";
import { lww } from "./versions/lww.ts";
import { versionText } from "./versions/version-text.ts";

export type { NodeMember } from "./ring.ts";

/** Requests under way on one coordinator; above it they are refused at once. Chosen, some 10 MB of state. */
const maxOpenRequests = 10_000;

export interface NodeConfig {
  readonly id: string;
  readonly members: readonly NodeMember[];
  readonly keyspaces: readonly Keyspace[];
  readonly policies: Policies;
}

/** One key of a replica, as `dump` shows it. */
export interface DumpedKey {
  readonly key: string;
  readonly values: readonly {
    readonly value: string | null;
    readonly version: string;
    readonly deleted: boolean;
  }[];
}

interface OwnedSpace extends Space {
  readonly antiEntropy: AntiEntropy;
}

/** One node of the store: takes requests and messages to those whose business they are. It owns no rule. */
export class StoreNode {
  readonly #context: NodeContext;
  readonly #spaces: ReadonlyMap<string, OwnedSpace>;
  readonly #syncs: readonly PeriodicSync[];
  readonly #remembered: RememberedRequests = new RememberedRequests();

  /** Rebuilds the node from its log. Throws a `RecoveryError` when the log cannot be trusted. */
  constructor(config: NodeConfig, runtime: Runtime, log: RecoveredLog) {
    checkMembers(config);
    const ring = ringOf(config.members);
    this.#context = new NodeContext(config.id, runtime, config.policies, ring);
    const writer = new Log(runtime.disk, ring.epoch, lastSequence(log.records));
    const spaces = config.keyspaces.map((keyspace) => makeSpace(this.#context, keyspace, writer));
    this.#spaces = new Map(spaces.map((space) => [space.keyspace.name, space]));
    this.#syncs = shortestSync(config.keyspaces).map((ms) => new PeriodicSync(this.#context, writer, ms));
    this.#recover(log);
  }

  get metrics(): Metrics {
    return this.#context.metrics;
  }

  /** Begins the background work. */
  start(): void {
    for (const space of this.#spaces.values()) space.antiEntropy.schedule();
    for (const sync of this.#syncs) sync.schedule();
  }

  /** Carries a client's request out. `done` is called once, and inside this call when the answer is at hand. */
  request(request: ClientRequest, done: Done): void {
    const { metrics, policies } = this.#context;
    const space = this.#spaces.get(request.keyspace);
    if (space === undefined) {
      this.#refuse(done, "UnknownKeyspace", `there is no keyspace "${request.keyspace}"`);
      return;
    }
    const problem = problemOf(request, space.keyspace);
    if (problem !== null) {
      this.#refuse(done, "BadRequest", problem);
      return;
    }
    const isRemembered = request.f !== "get" && policies.remembersRequests();
    const earlier = isRemembered ? this.#remembered.find(request.requestId) : null;
    if (earlier !== null) {
      metrics.repeatedRequests += 1;
      earlier.whenAnswered(done);
    } else if (this.#context.openRequests >= maxOpenRequests) {
      this.#refuse(done, "Overloaded", `${maxOpenRequests} requests are under way; try again later`);
    } else {
      this.#coordinate(
        space,
        request,
        done,
        isRemembered ? this.#remembered.remember(request.requestId) : null,
      );
    }
  }

  /** Takes a message from another node. */
  receive(from: string, message: Message): void {
    const space = this.#spaces.get(message.keyspace);
    if (space === undefined) {
      refuse(this.#context, from, message);
      return;
    }
    switch (message.kind) {
      case MessageKind.writeRequest:
      case MessageKind.writeBack:
        serveWrite(this.#context, space, from, message);
        break;
      case MessageKind.readRequest:
        serveRead(this.#context, space, from, message);
        break;
      case MessageKind.versionRequest:
        serveVersion(this.#context, space, from, message);
        break;
      case MessageKind.repair:
        serveRepair(space, message);
        break;
      case MessageKind.digests:
        space.antiEntropy.onDigests(from, message);
        break;
      case MessageKind.differences:
        space.antiEntropy.onDifferences(from, message);
        break;
      case MessageKind.entries:
        space.antiEntropy.onEntries(message);
        break;
      default:
        this.#context.deliver(from, message);
    }
  }

  /** What this node holds of a keyspace, sorted by key: what it may show, and nothing that is not there for good. */
  dump(keyspace: string): readonly DumpedKey[] {
    const replica = this.#spaces.get(keyspace)?.replica;
    if (replica === undefined) return [];
    return replica.keys().map((key) => ({
      key,
      values: replica
        .read(key)
        .map(({ value, version, deleted }) => ({ value, version: versionText(version), deleted })),
    }));
  }

  /** How many keys of a keyspace this node remembers only as deleted. */
  tombstones(keyspace: string): number {
    return this.#spaces.get(keyspace)?.replica.tombstones() ?? 0;
  }

  #coordinate(space: Space, request: ClientRequest, done: Done, remembered: RememberedRequest | null): void {
    const { metrics } = this.#context;
    const exchange = new Exchange(this.#context, space, request, done, remembered);
    if (request.f === "get") {
      metrics.gets += 1;
      new GetCoordinator(exchange).start();
      return;
    }
    if (request.f === "put") metrics.puts += 1;
    else metrics.deletes += 1;
    const value = request.f === "put" ? request.value : null;
    if (space.keyspace.protocol === "abd") new AbdPutCoordinator(exchange, value).start();
    else new PutCoordinator(exchange, [this.#context.mintStamped(value)]).start();
  }

  #refuse(done: Done, error: ReplyError, message: string): void {
    this.#context.metrics.refusedRequests += 1;
    done(failed(error, message, 0, 0, false));
  }

  #recover(log: RecoveredLog): void {
    if (log.dropped?.kind === "corrupt") throw RecoveryError.damagedAt(log.dropped.at);
    for (const record of this.#context.policies.recordsToRecover(log.records)) {
      const space = this.#spaces.get(record.keyspace);
      if (space === undefined) throw RecoveryError.unknownKeyspace(record.keyspace);
      space.replica.recover(record);
    }
    if (this.#context.runtime.notes === null) return;
    const cause = causeOf(taskSeed(this.#context, BackgroundTask.recovery, ""), 0);
    for (const space of this.#spaces.values()) space.replica.noteRecovered(cause);
  }
}

function makeSpace(context: NodeContext, keyspace: Keyspace, log: Log): OwnedSpace {
  const { metrics, policies, runtime } = context;
  const versioning = keyspace.versions === "arrival" ? arrival : lww;
  const replica = new Replica(keyspace, versioning, policies, log, runtime.notes, metrics);
  return {
    keyspace,
    versioning,
    replica,
    antiEntropy: new AntiEntropy(context, { keyspace, versioning, replica }),
  };
}

/** All keyspaces share a log, so the shortest period serves them all. */
function shortestSync(keyspaces: readonly Keyspace[]): readonly number[] {
  const periods = keyspaces.flatMap(({ fsync }) => (typeof fsync === "string" ? [] : [fsync.everyMs]));
  return periods.length === 0 ? [] : [Math.min(...periods)];
}

function checkMembers(config: NodeConfig): void {
  const { id, keyspaces, members } = config;
  if (!members.some((member) => member.id === id)) {
    throw new KeyspaceError("members", `"${id}" is not among them`, "a node is a member of its cluster");
  }
  keyspaces.forEach((keyspace, index) => {
    if (keyspace.n <= members.length) return;
    const wrong = `${keyspace.n} replicas do not fit on ${members.length} nodes`;
    throw new KeyspaceError(`keyspaces[${index}].n`, wrong, `give at most ${members.length}`);
  });
}
