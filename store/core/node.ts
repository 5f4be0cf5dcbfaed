import { BackgroundTask, causeOf, taskSeed } from "./background-cause.ts";
import { Acceptor } from "./coordinate/acceptor.ts";
import { coordinate } from "./coordinate/coordinate.ts";
import { Exchange } from "./coordinate/exchange.ts";
import { serveForward } from "./coordinate/forward.ts";
import type { DumpedKey } from "./dumped-key.ts";
import { dumpedValues } from "./dumped-key.ts";
import { Heartbeats, heartbeatPeriods } from "./heartbeats.ts";
import { KeptHints, keepsHints } from "./hints/kept-hints.ts";
import { serveForAnother, serveHint } from "./hints/serve-hints.ts";
import { ClusterChanges } from "./membership/cluster-changes.ts";
import { admits } from "./membership/epoch-gate.ts";
import { Membership } from "./membership/membership.ts";
import { recoveredMembership } from "./membership/membership-keeper.ts";
import type { ChangeResult } from "./membership/membership-leader.ts";
import type { MembershipState } from "./membership/membership-state.ts";
import { steady } from "./membership/membership-state.ts";
import type { Message } from "./messages.ts";
import { MessageKind } from "./messages.ts";
import type { Metrics } from "./metrics.ts";
import type { Space } from "./node-context.ts";
import { NodeContext } from "./node-context.ts";
import { checkMembers } from "./options/check-members.ts";
import { problemOf } from "./options/check-request.ts";
import type { Keyspace } from "./options/keyspace.ts";
import { hasBallots } from "./options/keyspace.ts";
import type { Policies } from "./policies.ts";
import type { Done, RememberedRequest } from "./remembered-requests.ts";
import { RememberedRequests } from "./remembered-requests.ts";
import { Upkeep } from "./repair/upkeep.ts";
import { failed } from "./replies.ts";
import type { ClientRequest, ReplyError } from "./request.ts";
import type { NodeMember } from "./ring.ts";
import type { Runtime } from "./runtime.ts";
import { refuse, serveRead, serveRepair, serveVersion, serveWrite } from "./serve.ts";
import { serveBallot } from "./serve-ballots.ts";
import { Compactor } from "./storage/compactor.ts";
import type { Durable } from "./storage/durable.ts";
import { Log } from "./storage/log.ts";
import { PeriodicSync } from "./storage/periodic-sync.ts";
import type { LogRecord } from "./storage/record.ts";
import { RecordKind } from "./storage/record.ts";
import type { RecoveredLog } from "./storage/recovery.ts";
import { RecoveryError } from "./storage/recovery.ts";
import type { ReplicaObserver } from "./storage/replica.ts";
import { Replica } from "./storage/replica.ts";
import { ResyncState } from "./storage/resync-state.ts";
import { nothing } from "./versions/version.ts";
import { versioningOf } from "./versions/versioning-of.ts";

export type { NodeMember } from "./ring.ts";

/** Requests under way on one coordinator; above it they are refused at once. Chosen, some 10 MB of state. */
const maxOpenRequests = 10_000;

export interface NodeConfig {
  readonly id: string;
  readonly members: readonly NodeMember[];
  readonly keyspaces: readonly Keyspace[];
  readonly policies: Policies;
  /** The data centre of a node that is to join: `members` are the present ones, without it. */
  readonly dc?: string;
  /** Hears who the members are, old and new, whenever that changes: whoever is new must be dialled. */
  readonly onMembers?: (members: readonly NodeMember[]) => void;
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
  readonly #resync: ResyncState;
  readonly #compactor: Compactor;
  readonly #changes: ClusterChanges;
  /** A node that has not joined yet, or has left, takes no requests. */
  #isMember: boolean;
  readonly #hints: KeptHints | null;
  readonly #heartbeats: Heartbeats | null;

  /** Rebuilds the node from its log. Throws a `RecoveryError` when the log cannot be trusted. */
  constructor(config: NodeConfig, runtime: Runtime, log: RecoveredLog) {
    const { id, keyspaces, policies } = config;
    const records = policies.recordsToRecover(log.records);
    const known = recoveredMembership(records) ?? steady(config.members);
    const membership = new Membership(known, policies);
    const dc = checkMembers(id, keyspaces, membership.members, config.dc);
    const context = new NodeContext({ id, dc, keyspaces }, runtime, policies, membership);
    const writer = new Log(runtime.disk);
    const spaces = keyspaces.map((keyspace) => makeSpace(context, keyspace, writer));
    this.#context = context;
    this.#spaces = new Map(spaces.map((space) => [space.keyspace.name, space]));
    this.#syncs = shortestSync(keyspaces).map((ms) => new PeriodicSync(context, writer, ms));
    this.#resync = new ResyncState(writer, context.metrics);
    this.#changes = new ClusterChanges(context, writer, spaces, this.#resync);
    this.#isMember = membership.isMember(id);
    membership.observe(() => {
      this.#isMember = membership.isMember(id);
      config.onMembers?.(membership.members);
    });
    this.#hints = keepsHints(keyspaces, log.records) ? new KeptHints(context, this.#spaces, writer) : null;
    const periods = heartbeatPeriods(keyspaces);
    this.#heartbeats = periods === null ? null : new Heartbeats(context, periods, this.#hints);
    context.hints = this.#hints;
    if (this.#heartbeats !== null) context.detector = this.#heartbeats;
    const durables = [
      this.#resync,
      this.#changes.durable,
      ...(this.#hints === null ? [] : [this.#hints]),
      ...spaces.flatMap(durablesOf),
    ];
    this.#compactor = new Compactor(context, writer, durables);
    this.#recover(log, records);
  }

  get metrics(): Metrics {
    return this.#context.metrics;
  }

  /** Whether the node may have forgotten what it acknowledged, and must ask its peers for it. */
  get needsResync(): boolean {
    return this.#resync.isNeeded;
  }

  /** Who belongs to the cluster, and where a change of that stands, as this node knows it. */
  get membership(): MembershipState {
    return this.#context.membership.state;
  }

  /**
   * Changes who the members are, led by this node: some join, some leave, some take the place of others.
   * `done` hears of the end, perhaps inside this call. Whoever is declared `dead` is not waited for, must not
   * be among the next members, and what it alone had is lost. The leader gives a change up, while that is
   * still possible, when it is asked for the members as they were.
   */
  changeMembership(
    next: readonly NodeMember[],
    done: (result: ChangeResult) => void,
    options: { readonly dead?: readonly string[] } = {},
  ): void {
    this.#changes.change(next, options.dead ?? [], done);
  }

  /** Gets from its peers what the node may have lost, its disk for instance; until then it answers no reads. */
  resync(): void {
    this.#changes.resync.begin();
  }

  /** Begins the background work. */
  start(): void {
    this.#changes.start();
    for (const space of this.#spaces.values()) space.upkeep.start();
    for (const sync of this.#syncs) sync.schedule();
    this.#heartbeats?.schedule();
    this.#hints?.start();
  }

  /** Carries a client's request out. `done` is called once, and inside this call when the answer is at hand. */
  request(request: ClientRequest, done: Done): void {
    const space = this.#spaces.get(request.keyspace);
    if (space === undefined) {
      this.#refuse(done, "UnknownKeyspace", `there is no keyspace "${request.keyspace}"`);
      return;
    }
    const elsewhere = coordinatedElsewhere(space.keyspace);
    if (elsewhere !== null) this.#refuse(done, "BadRequest", elsewhere);
    else this.#takeValid(space, request, done);
  }

  /** Takes a message from another node. */
  receive(from: string, message: Message): void {
    if (this.#heartbeats !== null) this.#heartbeats.heard(from);
    const space = this.#spaces.get(message.keyspace);
    if (space === undefined) {
      this.#receiveForNone(from, message);
      return;
    }
    const { epoch } = this.#context.membership;
    if (message.ringEpoch !== epoch && !admits(this.#context, space, from, message)) return;
    switch (message.kind) {
      case MessageKind.writeRequest:
      case MessageKind.writeBack:
        if (message.home === "") serveWrite(this.#context, space.replica, from, message);
        else serveForAnother(this.#context, from, message);
        break;
      case MessageKind.readRequest:
        if (message.home === "") serveRead(this.#context, space.replica, from, message);
        else serveForAnother(this.#context, from, message);
        break;
      case MessageKind.hint:
        serveHint(this.#context, space.replica, from, message);
        break;
      case MessageKind.hintAck:
        this.#hints?.onAck(from, message);
        break;
      case MessageKind.forward:
        serveForward(this.#context, space, from, message, (request, done) =>
          this.#takeValid(space, request, done),
        );
        break;
      case MessageKind.versionRequest:
        serveVersion(this.#context, space.replica, from, message);
        break;
      case MessageKind.prepare:
      case MessageKind.accept:
        serveBallot(this.#context, space.acceptor, from, message);
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
      case MessageKind.streamRequest:
      case MessageKind.streamEntries:
      case MessageKind.streamEnd:
        this.#changes.receive(from, message);
        break;
      default:
        this.#context.deliver(from, message);
    }
  }

  /** What this node holds of a keyspace, sorted by key: what it may show, and nothing that is not there for good. */
  dump(keyspace: string): readonly DumpedKey[] {
    const space = this.#spaces.get(keyspace);
    if (space === undefined) return [];
    const { replica, versioning } = space;
    const valuesOf = (key: string) => dumpedValues(space.keyspace, versioning, replica.read(key));
    return replica.keys().map((key) => ({ key, values: valuesOf(key) }));
  }

  /** What is under way now: requests that this node coordinates, and writes that wait for its disk. */
  get underWay(): { readonly requests: number; readonly writes: number } {
    let writes = 0;
    for (const { replica } of this.#spaces.values()) writes += replica.pending;
    return { requests: this.#context.openRequests, writes };
  }

  /** Tells the observer what is held of a keyspace now, and every change from then on. */
  watch(keyspace: string, observer: ReplicaObserver): void {
    const replica = this.#spaces.get(keyspace)?.replica;
    if (replica === undefined) return;
    for (const key of replica.keys()) observer.onChanged(key, nothing, replica.read(key));
    replica.observe(observer);
  }

  /** How many keys of a keyspace this node remembers only as deleted. */
  tombstones(keyspace: string): number {
    return this.#spaces.get(keyspace)?.replica.tombstones() ?? 0;
  }

  #takeValid(space: OwnedSpace, request: ClientRequest, done: Done): void {
    const problem = problemOf(request, space.keyspace);
    if (problem !== null) this.#refuse(done, "BadRequest", problem);
    else this.#takeOnce(space, request, done);
  }

  /** Takes a request, unless it was taken before or there are too many. */
  #takeOnce(space: OwnedSpace, request: ClientRequest, done: Done): void {
    const { metrics, policies, runtime } = this.#context;
    if (!this.#isMember) {
      this.#refuse(done, "NotReady", "this node is no member of the cluster, or not yet; ask one that is");
      return;
    }
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

  /** A message that is about no keyspace of this node: about the members, or about one that it does not have. */
  #receiveForNone(from: string, message: Message): void {
    if (!this.#changes.receive(from, message)) refuse(this.#context, from, message);
  }

  #refuse(done: Done, error: ReplyError, message: string): void {
    this.#context.metrics.refusedRequests += 1;
    done(failed(error, message, 0, 0, false));
  }

  /** `records`: those of the log that count. */
  #recover(log: RecoveredLog, records: readonly LogRecord[]): void {
    if (log.dropped?.kind === "corrupt") throw RecoveryError.damagedAt(log.dropped.at);
    const { policies } = this.#context;
    for (const record of records) this.#take(record);
    const cause = causeOf(taskSeed(this.#context, BackgroundTask.recovery, ""), 0);
    const isTorn = log.dropped !== null;
    if (policies.mustResync(isTorn, this.#resync.isNeeded)) {
      if (isTorn) this.#resync.begin(cause);
      for (const { replica } of this.#spaces.values()) replica.isReady = policies.answersBeforeResync();
    }
    this.#compactor.watch(log.records.length);
    if (this.#context.runtime.notes === null) return;
    for (const space of this.#spaces.values()) space.replica.noteRecovered(cause);
  }

  /** Takes a record of the log to the part that it belongs to. */
  #take(record: LogRecord): void {
    if (record.kind === RecordKind.membership) return;
    if (record.kind === RecordKind.resync) {
      this.#resync.recover(record);
      return;
    }
    const space = this.#spaces.get(record.keyspace);
    if (space === undefined) throw RecoveryError.unknownKeyspace(record.keyspace);
    if (record.kind === RecordKind.state || record.kind === RecordKind.forgotten) {
      space.replica.recover(record);
      this.#context.mint.heardLog(record.keyspace, record.state);
    } else if (record.kind === RecordKind.promise) space.acceptor?.recover(record);
    else if (record.kind === RecordKind.hint || record.kind === RecordKind.hintDone) {
      this.#hints?.recover(record);
      this.#context.mint.heardLog(record.keyspace, record.state);
    }
  }
}

function coordinatedElsewhere({ name, coordinate: who }: Keyspace): string | null {
  if (who === "node") return null;
  return `keyspace "${name}" is coordinated by clients; use a coordinating client, or set coordinate to "node"`;
}

function makeSpace(context: NodeContext, keyspace: Keyspace, log: Log): OwnedSpace {
  const { metrics, policies, runtime, membership } = context;
  const versioning = versioningOf(keyspace);
  const home = { metrics, policies, runtime, log, epoch: () => membership.epoch };
  const replica = new Replica(keyspace, versioning, home);
  const acceptor = hasBallots(keyspace) ? new Acceptor({ keyspace, replica, ...home }) : null;
  const space = { keyspace, versioning, replica, acceptor };
  return { upkeep: new Upkeep(context, space), ...space };
}

/** The parts of a keyspace that the log must bring back. */
function durablesOf({ replica, acceptor }: OwnedSpace): readonly Durable[] {
  return acceptor === null ? [replica] : [replica, acceptor];
}

/** All keyspaces share a log, so the shortest period serves them all. */
function shortestSync(keyspaces: readonly Keyspace[]): readonly number[] {
  const periods = keyspaces.flatMap(({ fsync }) => (typeof fsync === "string" ? [] : [fsync.everyMs]));
  return periods.length === 0 ? [] : [Math.min(...periods)];
}
