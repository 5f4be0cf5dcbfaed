import { performance } from "node:perf_hooks";
import { clockSettleMs, setClock } from "../../docker/clocks.ts";
import type { DockerCluster } from "../../docker/cluster.ts";
import { pause } from "../../docker/engine.ts";
import { OperatingError } from "../base/errors.ts";
import { present } from "../base/invariant.ts";
import type { Action } from "../contracts/target.ts";
import type { ClockProbe } from "./docker-clock-probe.ts";
import type { Places } from "./docker-places.ts";

type NodeAction = Exclude<Extract<Action, { node: string }>, { kind: "cut-power" }>;

/** How long is waited, in milliseconds, for something to show. */
export interface NodePatience {
  /** Default 10,000. Chosen: a node starts in half a second; a busy machine takes longer. */
  readonly startMs: number;
  /** Default 3,000. Chosen: the engine shows a change of state within milliseconds. */
  readonly stateMs: number;
  /** Default 4,000: libfaketime looks once a second. */
  readonly clockMs: number;
}

const ordinaryPatience: NodePatience = { startMs: 10_000, stateMs: 3_000, clockMs: clockSettleMs };
/** A node that answers does so within milliseconds; longer than its slowest garbage collection. */
const silenceMs = 300;

/** What is done to nodes, and by whom. */
export type NodeSurgery = Pick<
  DockerCluster,
  "container" | "state" | "kill" | "start" | "pause" | "resume" | "lastWords"
>;

interface NodeState {
  /** Faults that hold the process down, or paused. */
  readonly downBy: Set<number>;
  readonly pausedBy: Set<number>;
  /** Counts deaths that were seen; null while the process runs, or is about to. */
  dead: number | null;
  deaths: number;
  /** Each fault's share of the clock's offset, in microseconds. */
  readonly offsets: Map<number, number>;
}

/** Kills, pauses and skews nodes, and looks whether it is so. Overlapping faults each hold a node. */
export class NodeFaults {
  readonly #cluster: NodeSurgery;
  readonly #places: Pick<Places, "nodes" | "admin">;
  readonly #clocks: ClockProbe;
  readonly #patience: NodePatience;
  readonly #states: ReadonlyMap<string, NodeState>;

  constructor(
    cluster: NodeSurgery,
    places: Pick<Places, "nodes" | "admin">,
    clocks: ClockProbe,
    patience: NodePatience = ordinaryPatience,
  ) {
    this.#patience = patience;
    this.#cluster = cluster;
    this.#places = places;
    this.#clocks = clocks;
    this.#states = new Map(places.nodes.map((node) => [node, freshState()]));
  }

  /** Whether the node is neither down nor paused. */
  answers(node: string): boolean {
    const { downBy, pausedBy } = this.#state(node);
    return downBy.size + pausedBy.size === 0;
  }

  /** Not null while the process is surely gone; the same number later means that it was all the time. */
  deadSince(node: string): number | null {
    return this.#state(node).dead;
  }

  /** Does one thing to a node; says what was seen. */
  act(action: NodeAction): Promise<string> {
    const { node, fault } = action;
    if (!this.#states.has(node)) throw new OperatingError("bad-scenario", `there is no node ${node}`);
    switch (action.kind) {
      case "kill":
        return this.#kill(node, fault);
      case "start":
        return this.#start(node, fault);
      case "pause":
        return this.#pause(node, fault);
      case "resume":
        return this.#resume(node, fault);
      case "set-clock":
        return this.#setClock(node, fault, action.offsetUs);
    }
  }

  async #kill(node: string, fault: number): Promise<string> {
    const state = this.#state(node);
    const isFirst = state.downBy.size === 0;
    state.downBy.add(fault);
    if (!isFirst) return `${node} was down already`;
    // The engine kills no frozen process; it wakes for the moment that the signal takes.
    if (state.pausedBy.size > 0) await this.#cluster.resume(node);
    state.pausedBy.clear();
    await this.#cluster.kill(node);
    const isDown = await this.#wait(
      this.#patience.stateMs,
      async () => !(await this.#cluster.state(node)).isRunning,
    );
    if (!isDown) throw notProven(`${node} still runs`);
    if (await this.#places.admin(node).isReady(silenceMs)) throw notProven(`${node} still answers`);
    state.deaths += 1;
    state.dead = state.deaths;
    return `the process of ${node} is gone`;
  }

  async #start(node: string, fault: number): Promise<string> {
    const state = this.#state(node);
    const { downBy } = state;
    if (!downBy.delete(fault)) return `${node} was not held down by fault ${fault}`;
    if (downBy.size > 0) return `${node} is still held down by fault ${[...downBy].join(", ")}`;
    state.dead = null;
    const startedMs = performance.now();
    await this.#cluster.start(node);
    if (!(await this.#wait(this.#patience.startMs, () => this.#places.admin(node).isReady(silenceMs)))) {
      throw notProven(`${node} does not answer: ${await this.#cluster.lastWords(node)}`);
    }
    const tookMs = Math.round(performance.now() - startedMs);
    const life = await this.#clocks.restart(node);
    const clock = await this.#seeClock(node, this.#offsetUs(node));
    return `${node} answers after ${tookMs} ms with life ${life.slice(0, 4)}; ${clock}`;
  }

  async #pause(node: string, fault: number): Promise<string> {
    const { downBy, pausedBy } = this.#state(node);
    if (downBy.size > 0) throw notProven(`${node} is down: nothing to pause`);
    const isFirst = pausedBy.size === 0;
    pausedBy.add(fault);
    if (!isFirst) return `${node} was paused already`;
    await this.#cluster.pause(node);
    if (!(await this.#cluster.state(node)).isPaused) throw notProven(`${node} is not paused`);
    if (await this.#places.admin(node).isReady(silenceMs)) throw notProven(`${node} still answers`);
    return `${node} is frozen and did not answer for ${silenceMs} ms`;
  }

  async #resume(node: string, fault: number): Promise<string> {
    const { downBy, pausedBy } = this.#state(node);
    if (!pausedBy.delete(fault)) return `${node} was not paused by fault ${fault}`;
    if (pausedBy.size > 0) return `${node} is still paused by fault ${[...pausedBy].join(", ")}`;
    if (downBy.size > 0) return `${node} is down, and not paused`;
    await this.#cluster.resume(node);
    const isBack = await this.#wait(this.#patience.stateMs, () =>
      this.#places.admin(node).isReady(silenceMs),
    );
    if (!isBack || (await this.#cluster.state(node)).isPaused) throw notProven(`${node} does not answer`);
    return `${node} answers again; ${await this.#seeClock(node, this.#offsetUs(node))}`;
  }

  async #setClock(node: string, fault: number, offsetUs: number): Promise<string> {
    const { offsets } = this.#state(node);
    const beforeUs = this.#offsetUs(node);
    if (offsetUs === 0) offsets.delete(fault);
    else offsets.set(fault, offsetUs);
    const wantedUs = this.#offsetUs(node);
    await setClock(this.#cluster.container(node), wantedUs);
    if (!this.answers(node)) return `the clock of ${node} is set; it shows when the node answers again`;
    return await this.#seeClock(node, wantedUs - beforeUs);
  }

  /** Waits until the clock shows what it should, after a change of that much. */
  async #seeClock(node: string, changeUs: number): Promise<string> {
    const offsetUs = this.#offsetUs(node);
    let seen = await this.#clocks.look(node);
    const isRight = await this.#wait(this.#patience.clockMs, async () => {
      seen = await this.#clocks.look(node);
      return this.#clocks.isAsWanted(seen, offsetUs, changeUs);
    });
    const says = `the clock of ${node} is ${(seen.aheadUs / 1_000_000).toFixed(3)} s ahead`;
    if (!isRight) throw notProven(`${says} and should be ${(offsetUs / 1_000_000).toFixed(3)} s`);
    const gainedMs = this.#clocks.monotonicGainMs(seen);
    if (Math.abs(gainedMs) > this.#clocks.toleranceMs) {
      throw notProven(`the monotonic clock of ${node} moved by ${gainedMs.toFixed(0)} ms, too`);
    }
    return `${says}, its monotonic clock as before`;
  }

  #offsetUs(node: string): number {
    let sum = 0;
    for (const offset of this.#state(node).offsets.values()) sum += offset;
    return sum;
  }

  #state(node: string): NodeState {
    return present(this.#states.get(node), `the state of ${node}`);
  }

  async #wait(timeoutMs: number, isSo: () => Promise<boolean>): Promise<boolean> {
    const deadlineMs = performance.now() + timeoutMs;
    while (!(await isSo())) {
      if (performance.now() > deadlineMs) return false;
      await pause(20);
    }
    return true;
  }
}

function freshState(): NodeState {
  return { downBy: new Set(), pausedBy: new Set(), dead: null, deaths: 0, offsets: new Map() };
}

function notProven(says: string): OperatingError {
  return new OperatingError("fault-not-proven", says);
}
