import { never } from "../../harness/history/history.ts";
import type { SmallKind, SmallOperation } from "./small-histories.test-support.ts";

/** Numbers that look random and are the same each time (Marsaglia's xorshift of 32 bits). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e37_79b1) | 1;
    for (let round = 0; round < 4; round += 1) this.below(2);
  }

  /** From 0 to one less than the bound. */
  below(bound: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) % bound;
  }

  /** True this often in a hundred. */
  percent(chance: number): boolean {
    return this.below(100) < chance;
  }

  /** One of these. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("there is nothing to pick from");
    return item;
  }
}

/** What a random history may contain, in percent of its operations. */
export interface Mixture {
  readonly clients: number;
  readonly operations: number;
  /** How many different values are written; 0: each write has its own. */
  readonly values: number;
  readonly writes: number;
  readonly deletes: number;
  readonly cas: number;
  readonly unknown: number;
  readonly failed: number;
  /** How many answers are changed afterwards. */
  readonly lies: number;
}

/** Mixtures of all kinds, most of them small enough that any search ends. */
export function anyMixture(dice: Dice): Mixture {
  return {
    clients: 1 + dice.below(dice.pick([3, 6, 12])),
    operations: 3 + dice.below(dice.pick([8, 25, 45])),
    values: dice.pick([0, 0, 0, 1, 2, 4]),
    writes: dice.pick([20, 40, 60]),
    deletes: dice.pick([0, 0, 15]),
    cas: dice.pick([0, 0, 0, 10, 40]),
    unknown: dice.pick([0, 5, 15]),
    failed: dice.pick([0, 5]),
    lies: dice.pick([0, 1, 3, 6]),
  };
}

interface Open {
  readonly kind: SmallKind;
  readonly from: number;
  readonly isUnknown: boolean;
  answer: SmallKind | null;
}

/** A register that is correct, and its clients: each operation takes effect at some moment of its span. */
class Register {
  readonly done: SmallOperation[] = [];
  readonly #dice: Dice;
  readonly #mixture: Mixture;
  readonly #open: (Open | null)[];
  /** Operations whose clients have given up; they may still take effect. */
  readonly #late: Open[] = [];
  #state = 0;
  #tick = 0;
  #begun = 0;

  constructor(mixture: Mixture, dice: Dice) {
    this.#dice = dice;
    this.#mixture = mixture;
    this.#open = Array.from({ length: mixture.clients }, () => null);
  }

  run(): SmallOperation[] {
    while (this.#begun < this.#mixture.operations || this.#open.some((open) => open !== null)) this.#step();
    return this.done;
  }

  #step(): void {
    const below = (bound: number): number => this.#dice.below(bound);
    const client = below(this.#open.length);
    const open = this.#open[client] ?? null;
    if (this.#late.length > 0 && below(8) === 0)
      this.#takeEffect(this.#late.splice(below(this.#late.length), 1)[0]);
    if (open === null) {
      if (this.#begun < this.#mixture.operations) this.#open[client] = this.#begin();
    } else if (open.answer === null && below(3) > 0) {
      this.#takeEffect(open);
    } else if (open.answer !== null || open.isUnknown || open.kind.outcome === "failed") {
      this.#end(open);
      this.#open[client] = null;
    }
  }

  #begin(): Open {
    const kind = this.#drawKind();
    this.#begun += 1;
    this.#tick += 1;
    return { kind, from: this.#tick, isUnknown: this.#dice.percent(this.#mixture.unknown), answer: null };
  }

  #drawKind(): SmallKind {
    const { writes, deletes, cas, failed, values } = this.#mixture;
    const fresh = (): number => (values === 0 ? this.#begun + 1 : 1 + this.#dice.below(values));
    const known = (): number => (this.#dice.percent(60) ? this.#state : this.#dice.below(fresh() + 1));
    const outcome = this.#dice.percent(failed) ? "failed" : "ok";
    const roll = this.#dice.below(100);
    if (roll < cas) return { f: "cas", a: known(), b: fresh(), outcome };
    if (roll < cas + deletes) return { f: "delete", a: 0, b: 0, outcome };
    if (roll < cas + deletes + writes) return { f: "write", a: fresh(), b: 0, outcome };
    return { f: "read", a: 0, b: 0, outcome };
  }

  #takeEffect(open: Open | undefined): void {
    if (open === undefined || open.answer !== null || open.kind.outcome === "failed") return;
    const { kind } = open;
    if (kind.f === "read") open.answer = { ...kind, a: this.#state };
    else if (kind.f === "cas" && kind.a !== this.#state) open.answer = { ...kind, outcome: "refused" };
    else open.answer = kind;
    if (open.answer.outcome !== "ok" || kind.f === "read") return;
    this.#state = kind.f === "write" ? kind.a : kind.f === "delete" ? 0 : kind.b;
  }

  #end(open: Open): void {
    this.#tick += 1;
    const { from, kind } = open;
    if (kind.outcome === "failed") {
      this.done.push({ ...kind, from, to: this.#tick });
    } else if (open.isUnknown) {
      if (open.answer === null) this.#late.push(open);
      const told = this.#dice.percent(50) ? { toldAt: this.#tick } : {};
      this.done.push({ ...kind, outcome: "unknown", from, to: never, ...told });
    } else {
      this.done.push({ ...(open.answer ?? kind), from, to: this.#tick });
    }
  }
}

/** A history of a correct register, in which some answers may have been changed. The same for the same seed. */
export function randomRegister(seed: number, mixture?: Mixture): SmallOperation[] {
  const dice = new Dice(seed);
  const chosen = mixture ?? anyMixture(dice);
  const operations = new Register(chosen, dice).run();
  for (let lie = 0; lie < chosen.lies; lie += 1) changeAnswer(operations, dice);
  return operations;
}

/** Another value for a read, most often one that is about; or the opposite answer for a cas. */
function changeAnswer(operations: SmallOperation[], dice: Dice): void {
  const at = dice.below(operations.length);
  const operation = operations[at];
  if (operation === undefined || operation.outcome === "unknown" || operation.outcome === "failed") return;
  if (operation.f === "cas") {
    operations[at] = { ...operation, outcome: operation.outcome === "ok" ? "refused" : "ok" };
  } else if (operation.f === "read") {
    const other = dice.pick(operations);
    const value = other.f === "cas" ? other.b : other.a;
    operations[at] = { ...operation, a: dice.percent(5) ? 999 : value };
  }
}
