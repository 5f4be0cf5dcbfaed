import { policiesOf } from "../../store/core/defects.ts";
import { KeyspaceError } from "../../store/core/options/keyspace-error.ts";
import { parseKeyspaces } from "../../store/core/options/parse-keyspaces.ts";
import { OperatingError } from "../base/errors.ts";
import { InvariantViolation, present } from "../base/invariant.ts";
import type { Scenario } from "../contracts/scenario.ts";
import type {
  Action,
  Cancel,
  ClockReading,
  Cluster,
  Completion,
  Invocation,
  Proof,
  ReplicaDump,
} from "../contracts/target.ts";
import type { TraceListener } from "../contracts/trace.ts";
import { nsOfUs } from "../history/time.ts";
import type { Surgery } from "./actions.ts";
import { carryOut } from "./actions.ts";
import { Clients } from "./clients.ts";
import { SimClock } from "./clock.ts";
import { SimDisk } from "./disk.ts";
import { latencyOf } from "./latency.ts";
import { codeOfName, Network } from "./network.ts";
import type { SimEvent } from "./sim-event.ts";
import { EventKind, wakeEvent } from "./sim-event.ts";
import type { StoreSetup } from "./sim-node.ts";
import { SimNode } from "./sim-node.ts";
import type { Place, Wire } from "./sim-runtime.ts";
import { SimSite } from "./sim-site.ts";
import { parsedValue } from "./values.ts";
import type { DrawListener } from "./world.ts";
import { World } from "./world.ts";

/** Who listens to a simulated run, for pictures and for tests. */
export interface SimEars {
  readonly trace: TraceListener | null;
  readonly onDraw: DrawListener | null;
  /** What becomes of each message on its way; null leaves it as it is. */
  readonly wire: Wire | null;
}

/** Nobody. */
export const deaf: SimEars = { trace: null, onDraw: null, wire: null };

/**
 * A cluster of real store nodes on a virtual clock, network and disks. Everything that happens is a pure
 * function of the scenario and of what the harness asks for.
 */
export class SimCluster implements Cluster {
  readonly #world: World;
  readonly #network: Network;
  readonly #nodes: readonly SimNode[];
  readonly #sites: readonly SimSite[];
  readonly #wire: Wire | null;
  readonly #clients: Clients;
  readonly #surgery: Surgery;
  readonly #keyspaces: readonly string[];
  #isClosed = false;

  /** @throws KeyspaceError where the store refuses the keyspaces. */
  constructor(scenario: Scenario, ears: SimEars) {
    const { seed, nodes, sites, network: plan } = scenario;
    const keyspaces = parseKeyspaces(scenario.keyspaces);
    this.#keyspaces = keyspaces.map(({ name }) => name);
    const places = [...nodes, ...sites].map(({ id }) => id);
    this.#world = new World(seed, ears.trace, ears.onDraw);
    this.#network = new Network(this.#world, places, plan);
    const setup = { members: nodes, keyspaces, policies: policiesOf(scenario.defect) };
    this.#wire = ears.wire;
    this.#sites = this.#openSites(scenario, setup);
    const sitesById = new Map(this.#sites.map((site) => [site.id, site]));
    this.#clients = new Clients(this.#world, this.#network, sitesById, keyspaces);
    this.#nodes = this.#startNodes(scenario, setup);
    this.#surgery = { world: this.#world, network: this.#network, nodes: this.#nodes };
  }

  /** A 32-bit digest of every event so far, in order. */
  get digest(): number {
    return this.#world.digest;
  }

  /** How many messages nodes have sent one another so far. */
  get messages(): number {
    return this.#network.sent;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  nowNs(): number {
    return nsOfUs(this.#world.nowUs);
  }

  at(timeNs: number, wake: () => void): Cancel {
    const event = wakeEvent(wake);
    const delayUs = Math.ceil((timeNs - this.nowNs()) / nsOfUs(1));
    this.#world.schedule(event, Math.max(0, delayUs));
    return () => this.#world.cancel(event);
  }

  submit(invocation: Invocation, done: (completion: Completion) => void): void {
    this.#clients.submit(invocation, done);
  }

  act(action: Action, done: (result: Proof | OperatingError) => void): void {
    const result = carryOut(action, this.#surgery);
    this.#later(() => done(result));
  }

  dump(done: (replicas: readonly ReplicaDump[] | OperatingError) => void): void {
    const replicas = this.#dumpAll();
    this.#later(() => done(replicas));
  }

  clocks(done: (reading: ClockReading) => void): void {
    const ahead = this.#nodes.map(({ id, clock }) => ({ node: id, ns: nsOfUs(clock.offsetUs) }));
    this.#later(() => done({ ahead, withinNs: 0 }));
  }

  close(done: () => void): void {
    this.#later(() => {
      this.#isClosed = true;
      done();
    });
  }

  /** Lets everything happen, in order, until the cluster is closed. */
  runUntilClosed(): void {
    while (!this.#isClosed) {
      const event = this.#world.next();
      if (event === null)
        throw new InvariantViolation("nothing is left to happen, and nobody closed the cluster");
      this.#dispatch(event);
    }
  }

  #dispatch(event: SimEvent): void {
    switch (event.kind) {
      case EventKind.wake:
        present(event.wake, "whom to wake")();
        return;
      case EventKind.answer:
        this.#clients.settle(present(event.call, "the call of an answer"));
        return;
      case EventKind.expire:
        this.#clients.expire(present(event.call, "the call of a timeout"));
        return;
      default:
        this.#takerAt(event.place).handle(event);
    }
  }

  /** Nodes are the first of the places, sites the others. */
  #takerAt(place: number): SimNode | SimSite {
    const taker = this.#nodes[place] ?? this.#sites[place - this.#nodes.length];
    return present(taker, "the place of an event");
  }

  #later(callback: () => void): void {
    this.#world.schedule(wakeEvent(callback), 0);
  }

  #dumpAll(): readonly ReplicaDump[] | OperatingError {
    const dumps: ReplicaDump[] = [];
    for (const { id, store } of this.#nodes) {
      if (store === null)
        return new OperatingError("target-failed", `${id} is down, so there is no dump of it`);
      for (const keyspace of this.#keyspaces) {
        const entries = store.dump(keyspace).map(({ key, values }) => ({
          key,
          values: values.map(({ value, version, deleted }) => {
            return { value: value === null ? null : parsedValue(value), version, deleted };
          }),
        }));
        dumps.push({ node: id, keyspace, entries });
      }
    }
    return dumps;
  }

  #place({ network }: Scenario, id: string, index: number): Place {
    return {
      world: this.#world,
      network: this.#network,
      index,
      code: codeOfName(id),
      clock: new SimClock(),
      staggerUs: network.staggerUs ?? 0,
      wire: this.#wire,
    };
  }

  #openSites(scenario: Scenario, setup: StoreSetup): readonly SimSite[] {
    const { sites, nodes } = scenario;
    return sites.map(({ id, dc }, index) => {
      return new SimSite(this.#place(scenario, id, nodes.length + index), { id, dc, ...setup });
    });
  }

  #startNodes(scenario: Scenario, setup: StoreSetup): readonly SimNode[] {
    const syncLatency = latencyOf(scenario.disk.sync);
    const nodes = scenario.nodes.map(({ id }, index) => {
      const place = this.#place(scenario, id, index);
      return new SimNode(id, { clients: this.#clients, disk: new SimDisk(), syncLatency, ...place }, setup);
    });
    for (const node of nodes) node.start(openedByNobody);
    return nodes;
  }
}

/** Sets a cluster up, or says which of its keyspaces the store refuses. */
export function openSimCluster(scenario: Scenario, ears: SimEars): SimCluster | OperatingError {
  try {
    return new SimCluster(scenario, ears);
  } catch (cause) {
    if (cause instanceof KeyspaceError) return new OperatingError("bad-keyspace", cause.message, { cause });
    throw cause;
  }
}

/** Stands for the fault that starts a node, when the cluster is opened. Faults have ids from 1 on. */
const openedByNobody = 0;
