import type { Budget, Checker } from "../contracts/checker.ts";
import { cell } from "../history/cell.ts";
import type { History } from "../history/history.ts";
import type { Verdict } from "../history/verdict.ts";

/** A verdict at its place: the number of the checker times the keys of the slice, plus the key. */
export type PlacedVerdict = readonly [place: number, verdict: Verdict];

/** What all checkers say of a slice. */
export interface SliceVerdicts {
  readonly slice: number;
  /** By place: the operations that a valid verdict rests on, or why there is no such verdict. */
  readonly checked: Int32Array;
  /** Verdicts that are more than valid, in ascending places. */
  readonly others: readonly PlacedVerdict[];
}

/** Stands in `checked` where the verdict is among the others. */
const isOther = -1;
/** Stands in `checked` where a checker has no task for a key. */
const noTask = -2;

/**
 * Judges a slice, given as a history of its own, by checkers that judge key by key.
 *
 * @param begin Hears each place before it is judged, so that a thread's death tells over what it was.
 * @param lost Verdicts for places that threads have died over: these are not tried again.
 */
export function judgeSlice(
  slice: number,
  history: History,
  checkers: readonly Checker[],
  budget: Budget,
  begin: (place: number) => void,
  lost: readonly PlacedVerdict[],
): SliceVerdicts {
  const keys = history.keys.length;
  const checked = new Int32Array(checkers.length * keys).fill(noTask);
  const others: PlacedVerdict[] = [];
  const lostAt = new Map(lost);
  checkers.forEach((checker, number) => {
    for (const task of checker.tasks(history)) {
      const place = number * keys + task.key;
      begin(place);
      const verdict = lostAt.get(place) ?? checker.run(history, task, budget);
      const isPlain = verdict.word === "valid" && verdict.measures === undefined;
      checked[place] = isPlain ? verdict.checked : isOther;
      if (!isPlain) others.push([place, verdict]);
    }
  });
  return { slice, checked, others };
}

/** The verdicts of all checkers on a slice, by checker, in the order of the keys. */
export function verdictsByChecker({ checked, others }: SliceVerdicts, checkers: number): Verdict[][] {
  const keys = checked.length / checkers;
  const byChecker: Verdict[][] = Array.from({ length: checkers }, () => []);
  let other = 0;
  for (let place = 0; place < checked.length; place += 1) {
    const count = cell(checked, place);
    if (count === noTask) continue;
    const verdicts = byChecker[Math.trunc(place / keys)];
    const special = count === isOther ? others[other++]?.[1] : undefined;
    verdicts?.push(special ?? { word: "valid", checked: count });
  }
  return byChecker;
}

/** A slice of which no place could be judged. */
export function unjudgedSlice(
  slice: number,
  places: number,
  verdictAt: (place: number) => Verdict,
): SliceVerdicts {
  const others = Array.from({ length: places }, (_, place): PlacedVerdict => [place, verdictAt(place)]);
  return { slice, checked: new Int32Array(places).fill(isOther), others };
}
