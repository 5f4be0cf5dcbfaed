import { Purpose } from "../base/draw.ts";
import type { Leg } from "../contracts/scenario.ts";
import type { World } from "./world.ts";

/** What one fault does to one directed link. Several faults on a link add up. */
export interface LinkFault {
  readonly fault: number;
  readonly cut: "refuse" | "black-hole" | null;
  readonly addUs: number;
  readonly jitterUs: number;
  readonly losePercent: number;
  readonly duplicatePercent: number;
  readonly reorderPercent: number;
  readonly reorderByUs: number;
  readonly hold: { readonly operation: number; readonly leg: Leg; readonly byUs: number } | null;
}

/** A fault that does nothing yet. */
export function harmless(fault: number): LinkFault {
  return {
    fault,
    cut: null,
    addUs: 0,
    jitterUs: 0,
    losePercent: 0,
    duplicatePercent: 0,
    reorderPercent: 0,
    reorderByUs: 0,
    hold: null,
  };
}

/** What becomes of something that is sent: arrives after a delay, or one of these. */
export const lost = -1;
/** Refused: the sender's side can tell. */
export const refused = -2;
/** Swallowed without a word. */
export const swallowed = -3;

/** Faults draw apart from one another: each shifts the attempt by this much. Attempts stay below it. */
const drawsOfFault = 4_096;

/** One direction between two places, with the faults that are on it. */
export class Link {
  /**
   * A hash of the ids of both ends, so that taking a node out of a scenario leaves other links' draws alone.
   * Message kinds are added to it.
   */
  readonly code: number;
  readonly #world: World;
  /** In the order of the fault ids. */
  #faults: readonly LinkFault[] = [];

  constructor(world: World, code: number) {
    this.#world = world;
    this.code = code;
  }

  /** The faults that are on the link now. */
  get faults(): readonly LinkFault[] {
    return this.#faults;
  }

  /** Whether messages pass unharmed. */
  get isSound(): boolean {
    return this.#faults.length === 0;
  }

  /** Adds to what one fault does here. */
  strike(fault: number, change: Partial<LinkFault>): void {
    const before = this.#faults.find((other) => other.fault === fault) ?? harmless(fault);
    const others = this.#faults.filter((other) => other.fault !== fault);
    this.#faults = [...others, { ...before, ...change, fault }].sort((a, b) => a.fault - b.fault);
  }

  /** Undoes whatever one fault did here; harmless when it did nothing. */
  restore(fault: number): void {
    this.#faults = this.#faults.filter((other) => other.fault !== fault);
  }

  /** Whether it is cut, and how: one that refuses is stronger than one that swallows. */
  cutMode(): "refuse" | "black-hole" | null {
    let mode: "refuse" | "black-hole" | null = null;
    for (const { cut } of this.#faults) {
      if (cut === "refuse") return cut;
      if (cut !== null) mode = cut;
    }
    return mode;
  }

  /** What the faults add to the delay of a message, or its end: `lost`, `refused` or `swallowed`. */
  fateUs(kind: number, leg: Leg, cause: number, attempt: number): number {
    const mode = this.cutMode();
    if (mode !== null) return mode === "refuse" ? refused : swallowed;
    let addedUs = 0;
    for (const fault of this.#faults) {
      const delayUs = this.#delayBy(fault, kind, leg, cause, attempt);
      if (delayUs === lost) return lost;
      addedUs += delayUs;
    }
    return addedUs;
  }

  /** How many more copies of a message the faults make. */
  copies(kind: number, cause: number, attempt: number): number {
    let copies = 0;
    for (const { fault, duplicatePercent } of this.#faults) {
      if (duplicatePercent === 0) continue;
      const drawn = this.#draw(Purpose.messageDuplicate, kind, cause, attempt + fault * drawsOfFault);
      if (drawn % 100 < duplicatePercent) copies += 1;
    }
    return copies;
  }

  #delayBy(fault: LinkFault, kind: number, leg: Leg, cause: number, attempt: number): number {
    const own = attempt + fault.fault * drawsOfFault;
    if (fault.losePercent > 0) {
      if (this.#draw(Purpose.messageLoss, kind, cause, own) % 100 < fault.losePercent) return lost;
    }
    let delayUs = fault.addUs;
    if (fault.jitterUs > 0) delayUs += this.#draw(Purpose.jitter, kind, cause, own) % (fault.jitterUs + 1);
    if (fault.reorderPercent > 0) {
      const drawn = this.#draw(Purpose.messageReorder, kind, cause, own);
      if (drawn % 100 < fault.reorderPercent) delayUs += ((drawn >>> 8) % fault.reorderByUs) + 1;
    }
    const { hold } = fault;
    if (hold !== null && hold.operation === cause && hold.leg === leg) delayUs += hold.byUs;
    return delayUs;
  }

  #draw(purpose: number, kind: number, cause: number, attempt: number): number {
    return this.#world.draw(purpose, cause, this.code + kind, attempt);
  }
}
