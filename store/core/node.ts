import { BackgroundTask, causeOf, taskSeed } from "./background-cause.ts";
import { coordinate } from "./coordinate/coordinate.ts";
import { Exchange } from "./coordinate/exchange.ts";
import { trusting } from "./failure-detector.ts";
import { Membership } from "./membership/membership.ts";
import { steady } from "./membership/membership-state.ts";
import type { Message } from "./messages.ts";
import { MessageKind } from "./messages.ts";
import type { Metrics } from "./metrics.ts";
import type { Space } from "./node-context.ts";
import { NodeContext } from "./node-context.ts";
import { checkMembers } from "./options/check-members.ts";
import { problemOf } from "./options/check-request.ts";
import type { Keyspace } from "./options/keyspace.ts";
import type { Policies } from "./policies.ts";
import type { Done, RememberedRequest } from "./remembered-requests.ts";
import { RememberedRequests } from "./remembered-requests.ts";
import { Upkeep } from "./repair/upkeep.ts";
import { failed } from "./replies.ts";
import type { ClientRequest, ReplyError } from "./request.ts";
import type { NodeMember } from "./ring.ts";
import type { Runtime } from "./runtime.ts";
import { refuse, serveRead, serveRepair, serveVersion, serveWrite } from "./serve.ts";
import { Log } from "./storage/log.ts";
import { PeriodicSync } from "./storage/periodic-sync.ts";
import type { LogRecord } from "./storage/record.ts";
import { RecordKind } from "./storage/record.ts";
import type { RecoveredLog } from "./storage/recovery.ts";
import { RecoveryError } from "./storage/recovery.ts";
import { Replica } from "./storage/replica.ts";
import { versionText } from "./versions/version-text.ts";
import { versioningOf } from "./versions/versioning-of.ts";

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

/** A keyspace on a node that holds a part of it. */
interface OwnedSpace extends Space {
  readonly replica: Replica;
  readonly upkeep: Upkeep;
}

/** One node of the store: takes requests and messages to those whose business they are. It owns no rule. */
export class StoreNode {
  readonly #context: NodeContext;
  readonly #spaces: ReadonlyMap<string, OwnedSpace>;
  readonly #syncs: readonly PeriodicSync[];
  readonly #remembered: RememberedRequests = new RememberedRequests();

  /** Rebuilds the node from its log. Throws a `RecoveryError` when the log cannot be trusted. */
  constructor(config: NodeConfig, runtime: Runtime, log: RecoveredLog) {
    const { id, keyspaces, members, policies } = config;
    const dc = checkMembers(id, keyspaces, members);
    const membership = new Membership(steady(members));
    const surroundings = { membership, detector: trusting, hints: null };
    const context = new NodeContext(id, dc, runtime, policies, surroundings);
    const writer = new Log(runtime.disk);
    const spaces = keyspaces.map((keyspace) => makeSpace(context, keyspace, writer));
    this.#context = context;
    this.#spaces = new Map(spaces.map((space) => [space.keyspace.name, space]));
    this.#syncs = shortestSync(keyspaces).map((ms) => new PeriodicSync(context, writer, ms));
    this.#recover(log);
  }

  get metrics(): Metrics {
    return this.#context.metrics;
  }

  /** Begins the background work. */
  start(): void {
    for (const space of this.#spaces.values()) space.upkeep.start();
    for (const sync of this.#syncs) sync.schedule();
  }

  /** Carries a client's request out. `done` is called once, and inside this call when the answer is at hand. */
  request(request: ClientRequest, done: Done): void {
    const space = this.#spaces.get(request.keyspace);
    if (space === undefined) {
      this.#refuse(done, "UnknownKeyspace", `there is no keyspace "${request.keyspace}"`);
      return;
    }
    const problem = problemOf(request, space.keyspace);
    if (problem !== null) this.#refuse(done, "BadRequest", problem);
    else this.#takeOnce(space, request, done);
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
        serveWrite(this.#context, space.replica, from, message);
        break;
      case MessageKind.readRequest:
        serveRead(this.#context, space.replica, from, message);
        break;
      case MessageKind.versionRequest:
        serveVersion(this.#context, space.replica, from, message);
        break;
      case MessageKind.repair:
        serveRepair(this.#context, space.replica, message);
        break;
      case MessageKind.treeHashes:
      case MessageKind.digests:
      case MessageKind.differences:
      case MessageKind.entries:
      case MessageKind.tombstoneQuery:
      case MessageKind.tombstoneKnown:
      case MessageKind.tombstonePurge:
      case MessageKind.tombstonePurged:
        space.upkeep.receive(from, message);
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
        .entries.map(({ value, version, deleted }) => ({ value, version: versionText(version), deleted })),
    }));
  }

  /** How many keys of a keyspace this node remembers only as deleted. */
  tombstones(keyspace: string): number {
    return this.#spaces.get(keyspace)?.replica.tombstones() ?? 0;
  }

  /** Takes a request, unless it was taken before or there are too many. */
  #takeOnce(space: OwnedSpace, request: ClientRequest, done: Done): void {
    const { metrics, policies, runtime } = this.#context;
    const isRemembered = request.f !== "get" && policies.remembersRequests();
    const earlier = isRemembered ? this.#remembered.find(request.requestId) : null;
    if (earlier !== null) {
      metrics.repeatedRequests += 1;
      earlier.whenAnswered(done);
    } else if (this.#context.openRequests >= maxOpenRequests) {
      this.#refuse(done, "Overloaded", `${maxOpenRequests} requests are under way; try again later`);
    } else if (request.f !== "get" && runtime.disk.isFull) {
      this.#refuse(done, "DiskFull", "the disk of this node is full; make room, or ask another node");
    } else {
      const remembered = isRemembered ? this.#remembered.remember(request.requestId) : null;
      this.#coordinate(space, request, done, remembered);
    }
  }

  #coordinate(space: Space, request: ClientRequest, done: Done, remembered: RememberedRequest | null): void {
    const exchange = new Exchange(this.#context, space, request, done, remembered);
    coordinate(exchange);
  }

  #refuse(done: Done, error: ReplyError, message: string): void {
    this.#context.metrics.refusedRequests += 1;
    done(failed(error, message, 0, 0, false));
  }

  #recover(log: RecoveredLog): void {
    if (log.dropped?.kind === "corrupt") throw RecoveryError.damagedAt(log.dropped.at);
    for (const record of this.#context.policies.recordsToRecover(log.records)) this.#take(record);
    if (this.#context.runtime.notes === null) return;
    const cause = causeOf(taskSeed(this.#context, BackgroundTask.recovery, ""), 0);
    for (const space of this.#spaces.values()) space.replica.noteRecovered(cause);
  }

  /** Takes a record of the log to the part that it belongs to. */
  #take(record: LogRecord): void {
    const space = this.#spaces.get(record.keyspace);
    if (space === undefined) throw RecoveryError.unknownKeyspace(record.keyspace);
    if (record.kind === RecordKind.state || record.kind === RecordKind.forgotten) {
      space.replica.recover(record);
      this.#context.mint.heardState(record.state);
    }
  }
}

function makeSpace(context: NodeContext, keyspace: Keyspace, log: Log): OwnedSpace {
  const { metrics, policies, runtime, membership } = context;
  const versioning = versioningOf(keyspace);
  const home = { metrics, policies, runtime, log, epoch: () => membership.epoch };
  const replica = new Replica(keyspace, versioning, home);
  return {
    keyspace,
    versioning,
    replica,
    upkeep: new Upkeep(context, { keyspace, versioning, replica }),
  };
}

/** All keyspaces share a log, so the shortest period serves them all. */
function shortestSync(keyspaces: readonly Keyspace[]): readonly number[] {
  const periods = keyspaces.flatMap(({ fsync }) => (typeof fsync === "string" ? [] : [fsync.everyMs]));
  return periods.length === 0 ? [] : [Math.min(...periods)];
}
