import { policiesOf } from "../defects.ts";
import type { Message } from "../messages.ts";
import { StoreNode } from "../node.ts";
import type { Keyspace } from "../options/keyspace.ts";
import { parseKeyspaces } from "../options/parse-keyspaces.ts";
import type { ClientReply, ClientRequest } from "../request.ts";
import type { Disk, DiskTarget, Notes, Runtime, TimerHandle, TimerTarget } from "../runtime.ts";
import type { LogRecord } from "../storage/record.ts";

/** Microseconds that a message takes, or null when it is lost. */
export type Route = (from: string, to: string, message: Message) => number | null;

interface FakeEvent {
  readonly atUs: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** One life of one node. */
interface Life {
  readonly node: StoreNode;
  isOver: boolean;
}

/** A disk whose records become durable `syncUs` after they were appended, unless the power fails first. */
class FakeDisk {
  /** Records of the last snapshot, and of the one under way. */
  installed: LogRecord[] = [];
  begun: LogRecord[] = [];
  /** Where the segment of the last `rotate` begins in `records`. */
  rotatedAt: number = 0;
  isFull: boolean = false;
  readonly records: LogRecord[] = [];
  durable: number = 0;
  isBroken: boolean = false;
}

/** A small deterministic world for tests of the core: events in order of time, then of cause. */
export class FakeWorld {
  nowUs: number = 0;
  syncUs: number = 100;
  route: Route = () => 1_000;
  /** Microseconds that a node's wall clock is ahead. */
  readonly skewUs: Map<string, number> = new Map();
  readonly sent: { readonly from: string; readonly to: string; readonly message: Message }[] = [];
  notes: Notes | null = null;
  readonly keyspaces: readonly Keyspace[];
  readonly #ids: readonly string[];
  readonly #defect: string | undefined;
  readonly #lives = new Map<string, Life>();
  readonly #disks = new Map<string, FakeDisk>();
  readonly #events: FakeEvent[] = [];
  #order = 0;
  #incarnations = 0;
  #requests = 0;

  constructor(ids: readonly string[], keyspaces: unknown, defect?: string) {
    this.#ids = ids;
    this.keyspaces = parseKeyspaces(keyspaces);
    this.#defect = defect;
    for (const id of ids) {
      this.#disks.set(id, new FakeDisk());
      this.start(id);
    }
  }

  node(id: string): StoreNode {
    const life = this.#lives.get(id);
    if (life === undefined) throw new Error(`no node ${id}`);
    return life.node;
  }

  disk(id: string): FakeDisk {
    const disk = this.#disks.get(id);
    if (disk === undefined) throw new Error(`no disk ${id}`);
    return disk;
  }

  /** Starts a node from what its disk has. */
  start(id: string): void {
    const disk = this.disk(id);
    const members = this.#ids.map((member) => ({ id: member, dc: "dc1" }));
    const policies = policiesOf(this.#defect);
    this.#incarnations += 1;
    const incarnation = this.#incarnations.toString(16).padStart(4, "0").padEnd(16, "0");
    const runtime = this.#runtime(id, incarnation, () => life.isOver);
    const config = { id, members, keyspaces: this.keyspaces, policies };
    const life: Life = {
      node: new StoreNode(config, runtime, { records: [...disk.installed, ...disk.records], dropped: null }),
      isOver: false,
    };
    this.#lives.set(id, life);
    life.node.start();
  }

  /** Ends a node's life; what was not synced is lost. */
  cutPower(id: string): void {
    const life = this.#lives.get(id);
    if (life !== undefined) life.isOver = true;
    const disk = this.disk(id);
    disk.records.length = disk.durable;
  }

  isUp(id: string): boolean {
    return this.#lives.get(id)?.isOver === false;
  }

  /** Runs something later, whatever happens to the nodes. */
  later(delayUs: number, run: () => void): void {
    this.#at(delayUs, run);
  }

  /** Asks a node; the replies are collected in the list that is returned. */
  ask(
    id: string,
    request: Partial<ClientRequest> & Pick<ClientRequest, "f">,
    heard: (reply: ClientReply) => void = () => {},
  ): ClientReply[] {
    this.#requests += 1;
    const replies: ClientReply[] = [];
    const whole: ClientRequest = {
      requestId: `request-${this.#requests}`,
      keyspace: this.keyspaces[0]?.name ?? "",
      key: "x",
      value: null,
      timeoutUs: 50_000,
      cause: this.#requests,
      ...request,
    };
    this.node(id).request(whole, (reply) => {
      replies.push(reply);
      heard(reply);
    });
    return replies;
  }

  /** Lets everything happen that is due within that time. */
  run(forUs = 200_000): void {
    const untilUs = this.nowUs + forUs;
    for (let next = this.#next(untilUs); next !== null; next = this.#next(untilUs)) {
      this.nowUs = next.atUs;
      if (!next.isCancelled) next.run();
    }
    this.nowUs = untilUs;
  }

  /** Brings a message to a node now. */
  deliver(from: string, to: string, message: Message): void {
    const life = this.#lives.get(to);
    if (life !== undefined && !life.isOver) life.node.receive(from, message);
  }

  #runtime(id: string, incarnation: string, isOver: () => boolean): Runtime {
    const guarded = (run: () => void) => () => {
      if (!isOver()) run();
    };
    return {
      incarnation,
      wallClockUs: () => this.nowUs + 1_000_000 + (this.skewUs.get(id) ?? 0),
      monotonicUs: () => this.nowUs,
      draw: () => 0,
      send: (to, message) => this.#send(id, to, message),
      after: (delayUs: number, target: TimerTarget, tag: number) =>
        this.#at(
          delayUs,
          guarded(() => target.onTimer(tag)),
        ),
      cancel: (timer: TimerHandle) => {
        (timer as FakeEvent).isCancelled = true;
      },
      disk: this.#diskOf(id, isOver),
      notes: this.notes,
    };
  }

  #diskOf(id: string, isOver: () => boolean): Disk {
    const disk = this.disk(id);
    const sync = (target: DiskTarget | null, tag: number): void => {
      const count = disk.records.length;
      this.#at(this.syncUs, () => {
        if (isOver() || target === null) return;
        if (disk.isBroken) {
          target.onDiskFailed(tag);
          return;
        }
        disk.durable = Math.max(disk.durable, count);
        target.onDurable(tag);
      });
    };
    return {
      append: (record, target, tag) => {
        disk.records.push(record);
        if (target !== null) sync(target, tag);
      },
      sync,
      rotate: () => {
        disk.begun = [];
        disk.rotatedAt = disk.records.length;
      },
      snapshot: (records) => {
        disk.begun.push(...records);
      },
      install: (target, tag) => {
        const { begun, rotatedAt } = disk;
        this.#at(this.syncUs, () => {
          if (isOver()) return;
          disk.installed = begun;
          disk.records.splice(0, rotatedAt);
          disk.durable = Math.max(0, disk.durable - rotatedAt);
          target.onDurable(tag);
        });
      },
      get isFull() {
        return disk.isFull;
      },
      get backlog() {
        return 0;
      },
    };
  }

  #send(from: string, to: string, message: Message): void {
    if (from === to) throw new Error("a node does not send to itself");
    this.sent.push({ from, to, message });
    const delayUs = this.route(from, to, message);
    if (delayUs !== null) this.#at(delayUs, () => this.deliver(from, to, message));
  }

  #at(delayUs: number, run: () => void): FakeEvent {
    this.#order += 1;
    const event = { atUs: this.nowUs + delayUs, order: this.#order, run, isCancelled: false };
    this.#events.push(event);
    return event;
  }

  #next(untilUs: number): FakeEvent | null {
    this.#events.sort((a, b) => a.atUs - b.atUs || a.order - b.order);
    const [first] = this.#events;
    if (first === undefined || first.atUs > untilUs) return null;
    this.#events.shift();
    return first;
  }
}
