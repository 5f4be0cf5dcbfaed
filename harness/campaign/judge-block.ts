import type { Budget, Checker } from "../contracts/checker.ts";
import { cell } from "../history/cell.ts";
import type { History } from "../history/history.ts";
import type { Verdict } from "../history/verdict.ts";

/** Some keys of a slice, one after the other: what a thread takes at a time. Keys are numbered within the slice. */
export interface Block {
  readonly slice: number;
  readonly from: number;
  /** One after the last. */
  readonly to: number;
}

/** A verdict at its place in a block: the number of the checker times the keys of the block, plus the key. */
export type PlacedVerdict = readonly [place: number, verdict: Verdict];

/** What all checkers say of a block. */
export interface BlockVerdicts extends Block {
  /** By place: the operations that a valid verdict rests on, or why there is no such verdict. */
  readonly checked: Int32Array;
  /** Verdicts that are more than valid, in ascending places. */
  readonly others: readonly PlacedVerdict[];
}

/** Stands in `checked` where the verdict is among the others. */
const isOther = -1;
/** Stands in `checked` where a checker has no task for a key. */
const noTask = -2;

/** Judges blocks of a slice, given as a history of its own, by checkers that judge key by key. */
export class SliceJudge {
  readonly #history: History;
  readonly #budget: Budget;
  /** By checker: 1 for each key that is its business. */
  readonly #tasks: readonly (readonly [checker: Checker, hasTask: Uint8Array])[];

  constructor(history: History, checkers: readonly Checker[], budget: Budget) {
    this.#history = history;
    this.#budget = budget;
    this.#tasks = checkers.map((checker) => {
      const hasTask = new Uint8Array(history.keys.length);
      for (const { key } of checker.tasks(history)) hasTask[key] = 1;
      return [checker, hasTask];
    });
  }

  /**
   * @param begin Hears each place before it is judged, so that a thread's death tells over what it was.
   * @param lost Verdicts for places that threads have died over: these are not tried again.
   */
  judge(block: Block, begin: (place: number) => void, lost: readonly PlacedVerdict[]): BlockVerdicts {
    const { from, to } = block;
    const keys = to - from;
    const checked = new Int32Array(this.#tasks.length * keys).fill(noTask);
    const others: PlacedVerdict[] = [];
    const lostAt = new Map(lost);
    this.#tasks.forEach(([checker, hasTask], number) => {
      for (let key = from; key < to; key += 1) {
        if (hasTask[key] === 0) continue;
        const place = number * keys + key - from;
        begin(place);
        const verdict = lostAt.get(place) ?? checker.run(this.#history, { key }, this.#budget);
        checked[place] = plainCount(verdict);
        if (checked[place] === isOther) others.push([place, verdict]);
      }
    });
    return { ...block, checked, others };
  }
}

/** What a verdict comes to where it is valid and nothing more. */
function plainCount(verdict: Verdict): number {
  return verdict.word === "valid" && verdict.measures === undefined ? verdict.checked : isOther;
}

/** The verdicts of all checkers on a block, by checker, in the order of the keys. */
export function verdictsByChecker({
  from,
  to,
  checked,
  others,
}: BlockVerdicts): readonly (readonly Verdict[])[] {
  const keys = to - from;
  let other = 0;
  return Array.from({ length: checked.length / keys }, (_, checker) => {
    const verdicts: Verdict[] = [];
    for (let place = checker * keys; place < (checker + 1) * keys; place += 1) {
      const count = cell(checked, place);
      if (count === noTask) continue;
      const special = count === isOther ? others[other++]?.[1] : undefined;
      verdicts.push(special ?? { word: "valid", checked: count });
    }
    return verdicts;
  });
}

/** A block of which no key could be judged. */
export function unjudgedBlock(
  block: Block,
  checkers: number,
  verdictAt: (place: number) => Verdict,
): BlockVerdicts {
  const places = checkers * (block.to - block.from);
  const others = Array.from({ length: places }, (_, place): PlacedVerdict => [place, verdictAt(place)]);
  return { ...block, checked: new Int32Array(places).fill(isOther), others };
}
