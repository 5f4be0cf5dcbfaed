import type { Message } from "../../store/core/messages.ts";
import type { Disk, DiskTarget, Notes, Runtime, TimerHandle, TimerTarget } from "../../store/core/runtime.ts";
import type { LogRecord } from "../../store/core/storage/record.ts";
import { Purpose } from "../base/draw.ts";
import type { SimClock } from "./clock.ts";
import type { SimDisk } from "./disk.ts";
import type { Latency } from "./latency.ts";
import type { Network } from "./network.ts";
import { departEvent, durableEvent, SimEvent, timerEvent } from "./sim-event.ts";
import type { World } from "./world.ts";

/** What becomes of every message that is sent, for tests: it can go through the real codec, or be frozen. */
export type Wire = (message: Message) => Message;

/** Where a process lives: on a node, or at a site. */
export interface Place {
  readonly world: World;
  readonly network: Network;
  /** Its index on the network. */
  readonly index: number;
  /** A hash of its id. */
  readonly code: number;
  readonly clock: SimClock;
  readonly staggerUs: number;
  readonly wire: Wire | null;
}

/** A place with a disk: a node. */
export interface Home extends Place {
  readonly disk: SimDisk;
  readonly syncLatency: Latency;
}

/** The world as one life of a process sees it. What it asks for dies with it. */
export class SimRuntime implements Runtime {
  readonly incarnation: string;
  readonly disk: Disk;
  readonly notes: Notes | null;
  readonly #clock: SimClock;
  readonly #world: World;
  readonly #network: Network;
  readonly #place: number;
  readonly #life: number;
  readonly #staggerUs: number;
  readonly #wire: Wire | null;
  /** The last instant and cause of a send, and how many sends there were. */
  #sentAtUs = -1;
  #sentFor = 0;
  #sentBefore = 0;

  constructor(place: Place, disk: Disk, life: number, incarnation: string, notes: Notes | null) {
    this.incarnation = incarnation;
    this.disk = disk;
    this.notes = notes;
    this.#clock = place.clock;
    this.#world = place.world;
    this.#network = place.network;
    this.#place = place.index;
    this.#life = life;
    this.#staggerUs = place.staggerUs;
    this.#wire = place.wire;
  }

  wallClockUs(): number {
    return this.#clock.read(this.#world.nowUs);
  }

  monotonicUs(): number {
    return this.#world.nowUs;
  }

  draw(purpose: number, cause: number, leg: number, attempt: number): number {
    return this.#world.drawForStore(purpose, cause, leg, attempt);
  }

  send(to: string, message: Message): void {
    const target = this.#network.placeOf(to);
    const sent = this.#wire === null ? message : this.#wire(message);
    const delayUs = this.#staggerUs === 0 ? 0 : this.#staggerUs * this.#sendsBefore(message.cause);
    if (delayUs === 0) this.#network.transmit(this.#place, target, sent);
    else this.#world.schedule(departEvent(this.#place, this.#life, target, sent), delayUs);
  }

  after(delayUs: number, target: TimerTarget, tag: number, cause: number): TimerHandle {
    const event = timerEvent(this.#place, this.#life, target, tag, cause);
    this.#world.schedule(event, Math.max(0, Math.ceil(delayUs)));
    return event;
  }

  cancel(timer: TimerHandle): void {
    if (timer instanceof SimEvent) this.#world.cancel(timer);
  }

  /** Sends of this instant for this cause that came before: a fan-out leaves one after the other. */
  #sendsBefore(cause: number): number {
    const { nowUs } = this.#world;
    if (this.#sentAtUs === nowUs && this.#sentFor === cause) {
      this.#sentBefore += 1;
    } else {
      this.#sentAtUs = nowUs;
      this.#sentFor = cause;
      this.#sentBefore = 0;
    }
    return this.#sentBefore;
  }
}

/** The disk as one life of a node sees it: syncs end in the order in which they were asked for. */
export class LifeDisk implements Disk {
  readonly #home: Home;
  readonly #life: number;
  /** What is written is in the page cache at once. */
  readonly backlog = 0;
  #busyUntilUs = 0;
  #begun: LogRecord[] = [];
  #boundary = 0;

  constructor(home: Home, life: number) {
    this.#home = home;
    this.#life = life;
  }

  get isFull(): boolean {
    return this.#home.disk.isFull;
  }

  append(record: LogRecord, target: DiskTarget | null, tag: number, cause: number): void {
    if (this.#home.disk.isFull) {
      if (target !== null) this.#end(new FailedRequest(target), tag, 0, cause);
      return;
    }
    this.#home.disk.append(record);
    if (target !== null) this.sync(target, tag, cause);
  }

  rotate(): void {
    this.#begun = [];
    this.#boundary = this.#home.disk.written;
  }

  snapshot(records: readonly LogRecord[]): void {
    for (const record of records) this.#begun.push(record);
  }

  install(target: DiskTarget, tag: number, cause: number): void {
    const ended = new SnapshotInstall(this.#home.disk, this.#begun, this.#boundary, target);
    // It makes nothing of the log durable.
    this.#end(ended, tag, 0, cause);
  }

  sync(target: DiskTarget, tag: number, cause: number): void {
    this.#end(target, tag, this.#home.disk.written, cause);
  }

  /** A request ends when those before it have, and its own time is over. */
  #end(target: DiskTarget, tag: number, records: number, cause: number): void {
    const { world, index, code, syncLatency } = this.#home;
    const takesUs = syncLatency.us(world.draw(Purpose.diskLatency, cause, code, 0));
    // A log becomes durable as a prefix, so a short sync behind a long one waits for it.
    this.#busyUntilUs = Math.max(this.#busyUntilUs, world.nowUs + takesUs);
    const event = durableEvent(index, this.#life, target, tag, records, cause);
    world.schedule(event, this.#busyUntilUs - world.nowUs);
  }
}

/** A request that finds no room. */
class FailedRequest implements DiskTarget {
  readonly #target: DiskTarget;

  constructor(target: DiskTarget) {
    this.#target = target;
  }

  onDurable(tag: number): void {
    this.#target.onDiskFailed(tag);
  }

  onDiskFailed(tag: number): void {
    this.#target.onDiskFailed(tag);
  }
}

/** A snapshot that is being synced. The process renames it, so one that ends before has the old one still. */
class SnapshotInstall implements DiskTarget {
  readonly #disk: SimDisk;
  readonly #records: readonly LogRecord[];
  readonly #boundary: number;
  readonly #target: DiskTarget;

  constructor(disk: SimDisk, records: readonly LogRecord[], boundary: number, target: DiskTarget) {
    this.#disk = disk;
    this.#records = records;
    this.#boundary = boundary;
    this.#target = target;
  }

  onDurable(tag: number): void {
    if (this.#disk.isFull) {
      this.#target.onDiskFailed(tag);
      return;
    }
    this.#disk.install(this.#records, this.#boundary);
    this.#target.onDurable(tag);
  }

  onDiskFailed(tag: number): void {
    this.#target.onDiskFailed(tag);
  }
}
