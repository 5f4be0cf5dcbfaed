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

/** Chosen: a node starts in half a second; a busy machine may take ten times as long, and as much again. */
const startTimeoutMs = 10_000;
/** Chosen: the engine shows a change of state within milliseconds. */
const stateTimeoutMs = 3_000;
/** A node that answers does so within milliseconds; longer than its slowest garbage collection. */
const silenceMs = 300;

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
  readonly #cluster: DockerCluster;
  readonly #places: Places;
  readonly #clocks: ClockProbe;
  readonly #states: ReadonlyMap<string, NodeState>;

  constructor(cluster: DockerCluster, places: Places, clocks: ClockProbe) {
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
    const isDown = await this.#wait(stateTimeoutMs, async () => !(await this.#cluster.state(node)).isRunning);
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
    if (!(await this.#wait(startTimeoutMs, () => this.#places.admin(node).isReady(silenceMs)))) {
      throw notProven(`${node} does not answer: ${await this.#cluster.lastWords(node)}`);
    }
    const tookMs = Math.round(performance.now() - startedMs);
    const life = await this.#clocks.restart(node);
    const clock = await this.#seeClock(node);
    return `${node} answers after ${tookMs} ms with life ${life.slice(0, 4)}${clock === null ? "" : `; ${clock}`}`;
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
    const isBack = await this.#wait(stateTimeoutMs, () => this.#places.admin(node).isReady(silenceMs));
    if (!isBack || (await this.#cluster.state(node)).isPaused) throw notProven(`${node} does not answer`);
    const clock = await this.#seeClock(node);
    return `${node} answers again${clock === null ? "" : `; ${clock}`}`;
  }

  async #setClock(node: string, fault: number, offsetUs: number): Promise<string> {
    const { offsets } = this.#state(node);
    if (offsetUs === 0) offsets.delete(fault);
    else offsets.set(fault, offsetUs);
    await setClock(this.#cluster.container(node), this.#offsetUs(node));
    if (!this.answers(node)) return `the clock of ${node} is set; it shows when the node answers again`;
    return present(await this.#seeClock(node, true), "what the clock shows");
  }

  /** Waits until the clock shows what it should; null where nobody has ever touched it. */
  async #seeClock(node: string, isAsked = false): Promise<string | null> {
    const offsetUs = this.#offsetUs(node);
    if (!isAsked && offsetUs === 0) return null;
    let seen = await this.#clocks.look(node);
    const isRight = await this.#wait(clockSettleMs, async () => {
      seen = await this.#clocks.look(node);
      return this.#clocks.isAsWanted(seen, offsetUs);
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
