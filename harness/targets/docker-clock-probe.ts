import { performance } from "node:perf_hooks";
import { StoreError } from "../../store/client/http-client.ts";
import { present } from "../base/invariant.ts";
import type { ClockReading } from "../contracts/target.ts";
import { nsOfUs } from "../history/time.ts";
import type { Places } from "./docker-places.ts";

/** How often a clock is read; the quickest answer is the most exact. */
const samples = 3;

/** What a node's clocks showed, seen from here. */
export interface ClockLook {
  readonly node: string;
  /** How far the wall clock is ahead of where it was when the cluster was opened. */
  readonly aheadUs: number;
  /** How exact that can be: half of the round trip. */
  readonly roundTripMs: number;
  readonly monotonicMs: number;
  /** This machine's monotonic clock at that time. */
  readonly ownMs: number;
  readonly incarnation: string;
}

interface Reading {
  /** Wall clock of the node less that of this machine. */
  readonly differenceUs: number;
  readonly roundTripMs: number;
  readonly monotonicMs: number;
  readonly ownMs: number;
  readonly incarnation: string;
}

/** Reads the clocks of nodes and compares them with this machine's and with what they were. */
export class ClockProbe {
  /**
   * How far off a clock may be. Chosen: containers share this machine's clock, so that only the round trip
   * blurs it, but an engine in a virtual machine has a clock of its own that is corrected now and then.
   */
  readonly toleranceMs = 250;
  readonly #places: Pick<Places, "nodes" | "admin">;
  readonly #first = new Map<string, Reading>();

  constructor(places: Pick<Places, "nodes" | "admin">) {
    this.#places = places;
  }

  /** Remembers what the clocks show before anything was done to them. */
  async begin(): Promise<void> {
    for (const node of this.#places.nodes) this.#first.set(node, await this.#read(node));
  }

  /** A new life of a node has a monotonic clock of its own. Gives the life's name. */
  async restart(node: string): Promise<string> {
    const { differenceUs } = present(this.#first.get(node), `the first look at ${node}`);
    const reading = await this.#read(node);
    this.#first.set(node, { ...reading, differenceUs });
    return reading.incarnation;
  }

  async look(node: string): Promise<ClockLook> {
    const { differenceUs, ...reading } = await this.#read(node);
    const first = present(this.#first.get(node), `the first look at ${node}`);
    return { node, aheadUs: differenceUs - first.differenceUs, ...reading };
  }

  /**
   * Looks at these nodes, one after the other so that they don't slow each other down. Half of the round trip of
   * a look and of the first one blurs it, and so does this machine's wall clock, which counts milliseconds.
   */
  async readAll(nodes: readonly string[]): Promise<ClockReading> {
    const looks: ClockLook[] = [];
    for (const node of nodes) {
      const look = await this.look(node).catch(nullWhereSilent);
      if (look !== null) looks.push(look);
    }
    const ahead = looks.map(({ node, aheadUs }) => ({ node, ns: Math.round(nsOfUs(aheadUs)) }));
    const blursMs = looks.map(({ node, roundTripMs }) => {
      const first = present(this.#first.get(node), `the first look at ${node}`);
      return (roundTripMs + first.roundTripMs) / 2 + 1;
    });
    return { ahead, withinNs: Math.ceil(Math.max(0, ...blursMs) * 1e6) };
  }

  /** A small change is waited for as exactly as the round trip lets it be seen; a large one need not be. */
  isAsWanted({ aheadUs, roundTripMs }: ClockLook, offsetUs: number, changeUs: number): boolean {
    const finestMs = Math.max(5, Math.abs(changeUs) / 4_000);
    return Math.abs(aheadUs - offsetUs) / 1_000 <= Math.min(this.toleranceMs, finestMs) + roundTripMs;
  }

  /** Milliseconds that the monotonic clock has gained on this machine's since the first look. */
  monotonicGainMs({ node, monotonicMs, ownMs }: ClockLook): number {
    const first = present(this.#first.get(node), `the first look at ${node}`);
    return monotonicMs - first.monotonicMs - (ownMs - first.ownMs);
  }

  async #read(node: string): Promise<Reading> {
    let best: Reading | null = null;
    for (let turn = 0; turn < samples; turn += 1) {
      const startedMs = performance.now();
      const startedWallUs = Date.now() * 1_000;
      const clock = await this.#places.admin(node).clock();
      const roundTripMs = performance.now() - startedMs;
      if (best !== null && best.roundTripMs <= roundTripMs) continue;
      best = {
        differenceUs: clock.wallClockUs - startedWallUs - roundTripMs * 500,
        roundTripMs,
        monotonicMs: clock.monotonicUs / 1_000,
        ownMs: startedMs + roundTripMs / 2,
        incarnation: clock.incarnation,
      };
    }
    return present(best, "a reading of the clock");
  }
}

/** A node that has just gone away says nothing of its clock; anything else is a bug. */
function nullWhereSilent(error: unknown): null {
  if (error instanceof StoreError) return null;
  throw error;
}
