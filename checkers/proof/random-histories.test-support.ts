import { Dice } from "./dice.test-support.ts";
import type { SmallKind, SmallOperation } from "./small-histories.test-support.ts";
import type { Cast, Played } from "./stage.test-support.ts";
import { Stage } from "./stage.test-support.ts";

/** What a random history may contain, in percent of its operations. */
export interface Mixture extends Cast {
  /** How many different values are written; 0: each write has its own. */
  readonly values: number;
  readonly writes: number;
  readonly deletes: number;
  readonly cas: number;
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

/** A correct register. Which operations fail is known from the start, since they have no effect. */
class Register {
  readonly #dice: Dice;
  readonly #mixture: Mixture;
  #state = 0;

  constructor(mixture: Mixture, dice: Dice) {
    this.#dice = dice;
    this.#mixture = mixture;
  }

  draw(number: number): SmallKind {
    const { writes, deletes, cas, failed, values } = this.#mixture;
    const fresh = (): number => (values === 0 ? number : 1 + this.#dice.below(values));
    const known = (): number => (this.#dice.percent(60) ? this.#state : this.#dice.below(fresh() + 1));
    const outcome = this.#dice.percent(failed) ? "failed" : "ok";
    const roll = this.#dice.below(100);
    if (roll < cas) return { f: "cas", a: known(), b: fresh(), outcome };
    if (roll < cas + deletes) return { f: "delete", a: 0, b: 0, outcome };
    if (roll < cas + deletes + writes) return { f: "write", a: fresh(), b: 0, outcome };
    return { f: "read", a: 0, b: 0, outcome };
  }

  answer(kind: SmallKind): SmallKind {
    if (kind.outcome === "failed") return kind;
    if (kind.f === "read") return { ...kind, a: this.#state };
    if (kind.f === "cas" && kind.a !== this.#state) return { ...kind, outcome: "refused" };
    this.#state = kind.f === "write" ? kind.a : kind.b;
    return kind;
  }
}

/** A history of a correct register, in which some answers may have been changed. The same for the same seed. */
export function randomRegister(seed: number, mixture?: Mixture): SmallOperation[] {
  const dice = new Dice(seed);
  const chosen = mixture ?? anyMixture(dice);
  const operations = new Stage(chosen, dice, new Register(chosen, dice)).play().map(smallOperation);
  for (let lie = 0; lie < chosen.lies; lie += 1) changeAnswer(operations, dice);
  return operations;
}

function smallOperation({ asked, answered, from, to, toldAt }: Played<SmallKind, SmallKind>): SmallOperation {
  if (answered !== undefined) return { ...answered, from, to };
  return { ...asked, outcome: "unknown", from, to, ...(toldAt === null ? {} : { toldAt }) };
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
