import { never } from "../../harness/history/history.ts";
import type { Dice } from "./dice.test-support.ts";

/** How many clients do how much, and how often, in percent, nobody hears what became of an operation. */
export interface Cast {
  readonly clients: number;
  readonly operations: number;
  readonly unknown: number;
}

/** A correct object: what it is asked, and what it answers. */
export interface Player<Asked, Answered> {
  /** The next thing to be asked, the first one with 1. */
  draw(number: number): Asked;
  /** Lets it take effect. */
  answer(asked: Asked): Answered;
}

/** An operation that was played. Places of its ends are all different. */
export interface Played<Asked, Answered> {
  readonly asked: Asked;
  /** Undefined where nobody heard of it. */
  readonly answered: Answered | undefined;
  readonly from: number;
  /** `never` where nobody heard of it. */
  readonly to: number;
  /** Where nobody heard of it, the place where its client was told so, if ever. */
  readonly toldAt: number | null;
}

interface Open<Asked, Answered> {
  readonly asked: Asked;
  readonly from: number;
  readonly isUnknown: boolean;
  /** Undefined for as long as it did not take effect. */
  answered: Answered | undefined;
}

/**
 * Clients that use an object at the same time. Each operation takes effect at some moment of its span; what
 * nobody hears of may do so later, or never.
 */
export class Stage<Asked, Answered> {
  readonly #played: Played<Asked, Answered>[] = [];
  readonly #player: Player<Asked, Answered>;
  readonly #dice: Dice;
  readonly #cast: Cast;
  readonly #open: (Open<Asked, Answered> | null)[];
  /** Operations whose clients have given up. */
  readonly #late: Open<Asked, Answered>[] = [];
  #place = 0;
  #begun = 0;

  constructor(cast: Cast, dice: Dice, player: Player<Asked, Answered>) {
    this.#cast = cast;
    this.#dice = dice;
    this.#player = player;
    this.#open = Array.from({ length: cast.clients }, () => null);
  }

  /** All operations, in the order in which they end. */
  play(): Played<Asked, Answered>[] {
    while (this.#begun < this.#cast.operations || this.#open.some((open) => open !== null)) this.#step();
    return this.#played;
  }

  #step(): void {
    this.#perhapsLate();
    const client = this.#dice.below(this.#open.length);
    const open = this.#open[client] ?? null;
    if (open === null) {
      if (this.#begun < this.#cast.operations) this.#open[client] = this.#begin();
    } else if (open.answered === undefined && this.#dice.percent(67)) {
      open.answered = this.#player.answer(open.asked);
    } else if (open.answered !== undefined || open.isUnknown) {
      this.#end(open);
      this.#open[client] = null;
    }
  }

  #perhapsLate(): void {
    if (this.#late.length === 0 || !this.#dice.percent(12)) return;
    const [late] = this.#late.splice(this.#dice.below(this.#late.length), 1);
    if (late !== undefined) this.#player.answer(late.asked);
  }

  #begin(): Open<Asked, Answered> {
    this.#begun += 1;
    this.#place += 1;
    const asked = this.#player.draw(this.#begun);
    return {
      asked,
      from: this.#place,
      isUnknown: this.#dice.percent(this.#cast.unknown),
      answered: undefined,
    };
  }

  #end(open: Open<Asked, Answered>): void {
    this.#place += 1;
    const { asked, from, answered } = open;
    if (!open.isUnknown) {
      this.#played.push({ asked, answered, from, to: this.#place, toldAt: null });
      return;
    }
    if (answered === undefined) this.#late.push(open);
    const toldAt = this.#dice.percent(50) ? this.#place : null;
    this.#played.push({ asked, answered: undefined, from, to: never, toldAt });
  }
}
