import { never } from "../../harness/history/history.ts";
import type { SmallKind, SmallOperation } from "./small-histories.test-support.ts";

/**
 * Every history of exactly `count` operations of these kinds, up to what cannot matter: the order of invocations
 * without a completion between them, the order of completions without an invocation between them, and the
 * names of the values 1 and 2. (Only which completions stand before which invocations decides who precedes
 * whom.) One of the orders that are the same is drawn from the number of the history. Gives how many there are.
 */
export function everyHistory(
  count: number,
  kinds: readonly SmallKind[],
  visit: (operations: readonly SmallOperation[]) => void,
): number {
  const walk = new Walk(count, kinds, visit);
  walk.begin(count, 0);
  return walk.histories;
}

/** An operation that has begun: in which group of invocations, and in which of completions it ended. */
interface Begun {
  readonly kind: number;
  readonly beganIn: number;
  endedIn: number;
}

class Walk {
  histories = 0;
  readonly #count: number;
  readonly #kinds: readonly SmallKind[];
  readonly #visit: (operations: readonly SmallOperation[]) => void;
  readonly #begun: Begun[] = [];

  constructor(
    count: number,
    kinds: readonly SmallKind[],
    visit: (operations: readonly SmallOperation[]) => void,
  ) {
    this.#count = count;
    this.#kinds = kinds;
    this.#visit = visit;
  }

  /** Lets a group of operations begin, at least one, with kinds ascending. */
  begin(left: number, group: number): void {
    this.#beginOne(left, group, 0, false);
  }

  #beginOne(left: number, group: number, leastKind: number, hasBegun: boolean): void {
    if (hasBegun) this.#endSome(left, group, 0, false);
    if (left === 0) return;
    for (let kind = leastKind; kind < this.#kinds.length; kind += 1) {
      this.#begun.push({ kind, beganIn: group, endedIn: -1 });
      this.#beginOne(left - 1, group, kind, true);
      this.#begun.pop();
    }
  }

  /** Lets some open operations end, at least one; of equal ones the first. Unknown outcomes stay open. */
  #endSome(left: number, group: number, from: number, hasEnded: boolean): void {
    const open = this.#begun.findIndex((one, at) => at >= from && this.#isOpen(one));
    if (open < 0) {
      this.#goOn(left, group, hasEnded);
      return;
    }
    const one = this.#begun[open];
    if (one === undefined) return;
    one.endedIn = group;
    this.#endSome(left, group, open + 1, true);
    one.endedIn = -1;
    // Of equal operations, one stays open only together with all after it.
    let next = open + 1;
    while (this.#isEqual(one, this.#begun[next])) next += 1;
    this.#endSome(left, group, next, hasEnded);
  }

  #goOn(left: number, group: number, hasEnded: boolean): void {
    const isOver = this.#begun.every((one) => !this.#isOpen(one));
    if (left === 0 && isOver) this.#tell();
    else if (left > 0 && hasEnded) this.begin(left, group + 1);
  }

  #isOpen({ kind, endedIn }: Begun): boolean {
    return endedIn < 0 && this.#kinds[kind]?.outcome !== "unknown";
  }

  #isEqual(one: Begun, other: Begun | undefined): boolean {
    return other !== undefined && other.kind === one.kind && other.beganIn === one.beganIn;
  }

  #tell(): void {
    if (!this.#namesOneFirst()) return;
    this.histories += 1;
    const width = this.#count;
    const turn = this.histories % width;
    this.#visit(
      this.#begun.map(({ kind, beganIn, endedIn }, at) => {
        const place = (at + turn) % width;
        const from = 2 * beganIn * width + place;
        const to = endedIn < 0 ? never : (2 * endedIn + 1) * width + ((width - place) % width);
        return { ...(this.#kinds[kind] as SmallKind), from, to };
      }),
    );
  }

  /** The first group that names a value at all names 1: otherwise its twin with 1 and 2 exchanged is told. */
  #namesOneFirst(): boolean {
    let group = -1;
    for (const { kind, beganIn } of this.#begun) {
      const { a = 0, b = 0 } = this.#kinds[kind] ?? {};
      if (a === 0 && b === 0) continue;
      if (group >= 0 && beganIn > group) return false;
      if (a === 1 || b === 1) return true;
      group = beganIn;
    }
    return group < 0;
  }
}
