import { ClientNode } from "../client-node.ts";
import { policiesOf } from "../defects.ts";
import { mixHash } from "../hash.ts";
import type { Message } from "../messages.ts";
import { noDisk } from "../no-disk.ts";
import { StoreNode } from "../node.ts";
import type { Keyspace } from "../options/keyspace.ts";
import { parseKeyspaces } from "../options/parse-keyspaces.ts";
import type { Policies } from "../policies.ts";
import { standardPolicies } from "../policies.ts";
import type { ClientReply, ClientRequest } from "../request.ts";
import type { Disk, Notes, Runtime, TimerHandle, TimerTarget } from "../runtime.ts";
import { FakeDisk } from "./fake-disk.test-support.ts";

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
  readonly #dcOf: (id: string) => string;
  readonly #policies: Policies;
  readonly #lives = new Map<string, Life>();
  readonly #clients = new Map<string, ClientNode>();
  readonly #disks = new Map<string, FakeDisk>();
  readonly #events: FakeEvent[] = [];
  #order = 0;
  #incarnations = 0;
  #requests = 0;

  /** A defect is planted by its name or as overrides; `dcOf` names the data centre of a node. */
  constructor(
    ids: readonly string[],
    keyspaces: unknown,
    defect?: string | Partial<Policies>,
    dcOf: (id: string) => string = () => "dc1",
  ) {
    this.#ids = ids;
    this.#dcOf = dcOf;
    this.keyspaces = parseKeyspaces(keyspaces);
    this.#policies = typeof defect === "object" ? { ...standardPolicies, ...defect } : policiesOf(defect);
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

  /** Starts a node that is to join those that are there. */
  startJoining(id: string): void {
    this.#disks.set(id, new FakeDisk());
    this.start(id);
  }

  /** Starts a node from what its disk has. */
  start(id: string): void {
    const disk = this.disk(id);
    const members = this.#ids.map((member) => ({ id: member, dc: this.#dcOf(member) }));
    const policies = this.#policies;
    this.#incarnations += 1;
    const incarnation = this.#incarnations.toString(16).padStart(4, "0").padEnd(16, "0");
    const isOver = (): boolean => life.isOver;
    const runtime = this.#runtime(id, incarnation, isOver, this.#diskOf(id, isOver));
    const config = { id, dc: this.#dcOf(id), members, keyspaces: this.keyspaces, policies };
    const life: Life = {
      node: new StoreNode(config, runtime, disk.open()),
      isOver: false,
    };
    this.#lives.set(id, life);
    life.node.start();
  }

  /** Starts a client that coordinates; `ask` takes its id. */
  startClient(id: string): ClientNode {
    this.#incarnations += 1;
    const incarnation = this.#incarnations.toString(16).padStart(4, "0").padEnd(16, "0");
    const members = this.#ids.map((member) => ({ id: member, dc: this.#dcOf(member) }));
    const config = { id, dc: "dc1", members, keyspaces: this.keyspaces, policies: this.#policies };
    const runtime = this.#runtime(id, incarnation, () => false, noDisk);
    const client = new ClientNode(config, runtime);
    this.#clients.set(id, client);
    return client;
  }

  /** Ends a node's life; what was written stays. */
  kill(id: string): void {
    const life = this.#lives.get(id);
    if (life !== undefined) life.isOver = true;
  }

  /** Ends a node's life; what was not synced is lost, and perhaps the first of it is torn. */
  cutPower(id: string, isTorn = false): void {
    this.kill(id);
    this.disk(id).losePower(isTorn);
  }

  isUp(id: string): boolean {
    return this.#lives.get(id)?.isOver === false;
  }

  /** Runs something later, whatever happens to the nodes. */
  later(delayUs: number, run: () => void): void {
    this.#at(delayUs, run);
  }

  /** Asks a node, or a client that coordinates; the replies are collected in the list that is returned. */
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
    (this.#clients.get(id) ?? this.node(id)).request(whole, (reply) => {
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
    this.#clients.get(to)?.receive(from, message);
  }

  #runtime(id: string, incarnation: string, isOver: () => boolean, disk: Disk): Runtime {
    const guarded = (run: () => void) => () => {
      if (!isOver()) run();
    };
    return {
      incarnation,
      wallClockUs: () => this.nowUs + 1_000_000 + (this.skewUs.get(id) ?? 0),
      monotonicUs: () => this.nowUs,
      draw: (purpose, cause, leg, attempt) =>
        mixHash(mixHash(mixHash(mixHash(purpose, 1), cause), leg), attempt),
      send: (to, message) => this.#send(id, to, message),
      after: (delayUs: number, target: TimerTarget, tag: number) =>
        this.#at(
          delayUs,
          guarded(() => target.onTimer(tag)),
        ),
      cancel: (timer: TimerHandle) => {
        (timer as FakeEvent).isCancelled = true;
      },
      disk,
      notes: this.notes,
    };
  }

  #diskOf(id: string, isOver: () => boolean): Disk {
    return this.disk(id).attach((run) => {
      this.#at(this.syncUs, () => {
        if (!isOver()) run();
      });
    });
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
