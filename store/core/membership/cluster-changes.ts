import { BackgroundTask, causeOf, taskSeed } from "../background-cause.ts";
import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { DiskTarget, TimerTarget } from "../runtime.ts";
import type { Durable } from "../storage/durable.ts";
import type { Log } from "../storage/log.ts";
import type { ResyncState } from "../storage/resync-state.ts";
import type { PhaseWork } from "./membership-keeper.ts";
import { MembershipKeeper } from "./membership-keeper.ts";
import type { ChangeResult } from "./membership-leader.ts";
import { MembershipLeader } from "./membership-leader.ts";
import type { MembershipState, NodeMember } from "./membership-state.ts";
import { Resync } from "./resync.ts";
import { Strangers } from "./strangers.ts";
import { StreamIn, StreamNumbers } from "./stream-in.ts";
import { StreamOut } from "./stream-out.ts";
import type { StreamedSpace } from "./streamed-space.ts";

/** Microseconds until a sync that failed is tried again. Chosen: long enough for somebody to make room. */
const syncAgainUs = 1_000_000;

/** All that a node does about who belongs to the cluster: follows changes, leads them, streams, resynchronises. */
export class ClusterChanges implements PhaseWork {
  readonly resync: Resync;
  readonly #context: NodeContext;
  readonly #log: Log;
  readonly #spaces: readonly StreamedSpace[];
  readonly #keeper: MembershipKeeper;
  readonly #leader: MembershipLeader;
  readonly #numbers: StreamNumbers = new StreamNumbers();
  readonly #out: StreamOut;
  readonly #strangers: Strangers;
  #in: StreamIn | null = null;

  constructor(context: NodeContext, log: Log, spaces: readonly StreamedSpace[], resync: ResyncState) {
    const keyspaces = spaces.map(({ keyspace }) => keyspace);
    this.#context = context;
    this.#log = log;
    this.#spaces = spaces;
    this.#keeper = new MembershipKeeper(context, log, this);
    this.#leader = new MembershipLeader(context, keyspaces, this.#keeper);
    this.#out = new StreamOut(context, new Map(spaces.map((space) => [space.keyspace.name, space])));
    this.#strangers = new Strangers(context, log, spaces);
    this.resync = new Resync(context, resync, spaces, this.#numbers);
  }

  /** What the log keeps of it. */
  get durable(): Durable {
    return this.#keeper;
  }

  /** Takes up what the log says was under way. */
  start(): void {
    this.#keeper.start();
    this.resync.start();
  }

  /** Begins a change of the members, led by this node. */
  change(next: readonly NodeMember[], dead: readonly string[], done: (result: ChangeResult) => void): void {
    this.#leader.change(next, dead, done);
  }

  /** Takes a message, if it is of these kinds. */
  receive(from: string, message: Message): boolean {
    switch (message.kind) {
      case MessageKind.membership:
        this.#keeper.hear(from, message);
        return true;
      case MessageKind.membershipAck:
        this.#leader.onAcknowledged(from, message);
        return true;
      case MessageKind.streamRequest:
        this.#out.onRequest(from, message);
        return true;
      case MessageKind.streamEntries:
      case MessageKind.streamEnd:
        this.#in?.take(from, message);
        this.resync.take(from, message);
        return true;
      default:
        return false;
    }
  }

  onEntered(state: MembershipState): void {
    this.#in?.stop();
    this.#in = null;
    this.#out.reset();
    this.resync.onEntered();
    this.#leader.onEntered(state);
  }

  onDrained(state: MembershipState, whenDone: () => void): void {
    if (state.phase === "steady") this.#strangers.begin();
    if (state.phase === "streaming" && this.#isNextMember(state)) this.#stream(state, whenDone);
    else whenDone();
  }

  onDone(state: MembershipState): void {
    this.#leader.onDone(state);
  }

  onNotLogged(state: MembershipState): void {
    this.#leader.onNotLogged(state);
  }

  #isNextMember({ next }: MembershipState): boolean {
    return (next ?? []).some(({ id }) => id === this.#context.id);
  }

  /**
   * Gets what this node is to own from every old member but those that are declared dead, whose data are
   * taken to be gone. A quorum of the old owners would do, but no phase is entered without them anyhow, and
   * a single request may have asked for fewer acknowledgements than its keyspace does.
   */
  #stream(state: MembershipState, whenDone: () => void): void {
    const { id } = this.#context;
    const old = state.members.map((member) => member.id).sort();
    const peers = old.filter((peer) => peer !== id && !state.dead.includes(peer));
    const plan = { spaces: this.#spaces, peers, needed: peers.length, isResync: false };
    const end = new StreamSync(this.#context, this.#log, whenDone);
    this.#in = new StreamIn(this.#context, plan, this.#numbers, () => end.begin());
    this.#in.start();
  }
}

/** Makes durable what was streamed, also where a keyspace does not sync: the old owners will forget it. */
class StreamSync implements DiskTarget, TimerTarget {
  readonly #context: NodeContext;
  readonly #log: Log;
  readonly #whenDone: () => void;

  constructor(context: NodeContext, log: Log, whenDone: () => void) {
    this.#context = context;
    this.#log = log;
    this.#whenDone = whenDone;
  }

  begin(): void {
    this.#log.disk.sync(this, 0, this.#cause());
  }

  onDurable(): void {
    this.#whenDone();
  }

  onDiskFailed(): void {
    this.#context.metrics.diskFailures += 1;
    this.#context.runtime.after(syncAgainUs, this, 0, this.#cause());
  }

  onTimer(): void {
    this.begin();
  }

  #cause(): number {
    return causeOf(taskSeed(this.#context, BackgroundTask.stream, ""), this.#context.membership.epoch);
  }
}
