import type { NodeConfig } from "../../store/core/node.ts";
import { StoreNode } from "../../store/core/node.ts";
import { Purpose } from "../base/draw.ts";
import { present } from "../base/invariant.ts";
import type { TraceEvent } from "../contracts/trace.ts";
import type { Clients } from "./clients.ts";
import type { SimClock } from "./clock.ts";
import type { PowerLoss, SimDisk } from "./disk.ts";
import type { Network } from "./network.ts";
import { notesFor } from "./notes.ts";
import type { SimEvent } from "./sim-event.ts";
import { EventKind } from "./sim-event.ts";
import type { Home } from "./sim-runtime.ts";
import { LifeDisk, SimRuntime } from "./sim-runtime.ts";
import type { World } from "./world.ts";

/** Where a node stands, and who asks it. */
export interface NodeHome extends Home {
  readonly clients: Clients;
}

/** What every node of a cluster runs. */
export type StoreSetup = Omit<NodeConfig, "id">;

/**
 * One node: a machine with a disk and a clock, on which processes live one after the other. Faults hold it
 * down or hold it frozen, each by its id, so that the mend of one does not undo another.
 */
export class SimNode {
  readonly id: string;
  readonly place: number;
  readonly clock: SimClock;
  readonly disk: SimDisk;
  readonly #home: NodeHome;
  readonly #world: World;
  readonly #network: Network;
  readonly #setup: StoreSetup;
  #store: StoreNode | null = null;
  /** Lives so far: the number of the present life while there is one. */
  #lives = 0;
  /** Lives that one fault has started here, by fault: part of what incarnations are drawn from. */
  readonly #startedBy = new Map<number, number>();
  readonly #downBy = new Set<number>();
  readonly #frozenBy = new Set<number>();
  #isFrozen = false;
  /** What came due while the process was frozen, in order. */
  #backlog: SimEvent[] = [];

  constructor(id: string, home: NodeHome, setup: StoreSetup) {
    this.id = id;
    this.place = home.index;
    this.clock = home.clock;
    this.disk = home.disk;
    this.#home = home;
    this.#world = home.world;
    this.#network = home.network;
    this.#setup = setup;
  }

  /** The running store; null while the process is gone. */
  get store(): StoreNode | null {
    return this.#store;
  }

  /** The number of the present life; −1 while there is none. */
  get life(): number {
    return this.#store === null ? -1 : this.#lives;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** The faults that hold it down, ascending. */
  get downBy(): readonly number[] {
    return [...this.#downBy].sort((a, b) => a - b);
  }

  /** The faults that hold it frozen, ascending. */
  get frozenBy(): readonly number[] {
    return [...this.#frozenBy].sort((a, b) => a - b);
  }

  /** Something comes due at the node: now, or once it is thawed. */
  handle(event: SimEvent): void {
    if (!this.#isFrozen) {
      this.#handleNow(event);
      return;
    }
    // The kernel ends its syncs while the process hangs: only the word of it has to wait.
    if (event.kind === EventKind.durable && event.life === this.life) this.disk.makeDurable(event.records);
    this.#backlog.push(event);
  }

  /** Starts a process because of a fault's mend (0: because the cluster is opened), unless another holds it down. */
  start(fault: number): void {
    this.#downBy.delete(fault);
    if (this.#store !== null || this.#downBy.size > 0) return;
    const before = this.#startedBy.get(fault) ?? 0;
    this.#startedBy.set(fault, before + 1);
    this.#lives += 1;
    const incarnation = this.#incarnation(fault, before);
    const notes = this.#world.trace === null ? null : notesFor(this.#world, this.id, this.#world.trace);
    const disk = new LifeDisk(this.#home, this.#lives);
    const runtime = new SimRuntime(this.#home, disk, this.#lives, incarnation, notes);
    this.#store = new StoreNode({ id: this.id, ...this.#setup }, runtime, this.disk.open());
    this.#trace("started");
    this.#store.start();
  }

  /** Ends the process with all that it had under way, until the same fault starts it again. */
  kill(fault: number): void {
    this.#end(fault, "killed");
  }

  /** The same, and takes from the disk what was not synced. A node that is down can lose its power too. */
  cutPower(fault: number): PowerLoss {
    this.#end(fault, "lost-power");
    return this.disk.losePower(this.#world.draw(Purpose.tornTail, fault, this.#home.code, 0));
  }

  /** Stops the process where it is: nothing is lost, and monotonic time goes on. */
  freeze(fault: number): void {
    this.#frozenBy.add(fault);
    this.#isFrozen = true;
    this.#trace("paused");
  }

  /** Lets it go on: everything that came due meanwhile happens now, in the order in which it came due. */
  thaw(fault: number): void {
    if (!this.#frozenBy.delete(fault) || this.#frozenBy.size > 0) return;
    this.#isFrozen = false;
    this.#trace("resumed");
    const backlog = this.#backlog;
    this.#backlog = [];
    // Through the heap, so that what the first of them cancels does not happen.
    for (const event of backlog) this.#world.schedule(event, 0);
  }

  /** Sets a fault's share of the clock's error. */
  setClock(fault: number, offsetUs: number): void {
    this.clock.setOffset(fault, offsetUs);
    this.#trace("clock");
  }

  #handleNow(event: SimEvent): void {
    switch (event.kind) {
      case EventKind.request:
        this.#home.clients.arrive(present(event.call, "the call of a request"), this.#store, this.life);
        return;
      case EventKind.deliver: {
        const message = present(event.message, "a delivered message");
        this.#network.traceMessage(event, message, this.#store === null ? "dead" : "delivered");
        // A message may reach the life after the one it was meant for, as a datagram would: the harder case.
        if (this.#store !== null) this.#store.receive(this.#network.nameOf(event.peer), message);
        return;
      }
      case EventKind.timer:
        if (event.life === this.life) present(event.timer, "the target of a timer").onTimer(event.tag);
        return;
      case EventKind.durable:
        if (event.life !== this.life) return;
        this.disk.makeDurable(event.records);
        present(event.disk, "the target of a sync").onDurable(event.tag);
        return;
      default:
        if (event.life !== this.life) return;
        this.#network.transmit(this.place, event.peer, present(event.message, "a departing message"));
    }
  }

  #end(fault: number, what: "killed" | "lost-power"): void {
    const { life } = this;
    this.#downBy.add(fault);
    this.#store = null;
    this.#frozenBy.clear();
    this.#isFrozen = false;
    if (life > 0) this.#home.clients.reset(this.place, life);
    const backlog = this.#backlog;
    this.#backlog = [];
    // Messages die with it, and requests that its connections had taken in are reset.
    for (const event of backlog) this.#discard(event);
    this.#trace(what);
  }

  #discard(event: SimEvent): void {
    if (event.kind === EventKind.deliver) this.#handleNow(event);
    if (event.kind === EventKind.request)
      this.#home.clients.drop(present(event.call, "the call of a request"));
  }

  /** 16 hexadecimal digits by (node, fault that starts it), so that other faults do not matter. */
  #incarnation(fault: number, before: number): string {
    const half = (part: number): string => {
      const drawn = this.#world.draw(Purpose.incarnation, fault, this.#home.code, 2 * before + part);
      return drawn.toString(16).padStart(8, "0");
    };
    return half(0) + half(1);
  }

  #trace(what: Extract<TraceEvent, { kind: "process" }>["what"]): void {
    const { trace, nowUs } = this.#world;
    if (trace === null) return;
    trace({ kind: "process", atUs: nowUs, node: this.id, what, offsetUs: this.clock.offsetUs });
  }
}
