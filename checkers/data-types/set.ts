import type { Checker } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn } from "../../harness/history/history.ts";
import {
  endText,
  keyName,
  outcomeText,
  processText,
  startText,
  valueText,
} from "../../harness/history/operation.ts";
import type { Anomaly, Measure, Verdict } from "../../harness/history/verdict.ts";
import { isAnsweredRead } from "../register/register-operations.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, keyPath, tasksByKey, verdictOf } from "../verdicts.ts";
import type { ElementStory } from "./set-stories.ts";
import { showsElements, storiesOf } from "./set-stories.ts";

/** Most figures that a verdict over many keys keeps. Chosen: those of a hundred keys, as with anomalies. */
const mostMeasures = 700;

/**
 * Judges sets that only grow, as Jepsen's `set-full` does (jepsen.checker; its rules, our code). An element is
 * *known* from the first acknowledgement of its add on, or from the end of the first read that showed it. It is
 * *lost* when a read that began later misses it and no read that ended after the beginning of that one shows it;
 * *stale* when such a read misses it and it is seen after all; its lag then is the time from when it was known to
 * the beginning of the last read that missed it. Where no read began since it was known, it was *never read*.
 * Lags and counts are measures; lost, duplicated and phantom elements are anomalies.
 */
export const growingSet: Checker = setChecker("set", false);

/** The same of sets that promise to be linearizable: an element that is stale is an anomaly, too. */
export const linearizableSet: Checker = setChecker("linearizable-set", true);

function setChecker(name: string, isLinearizable: boolean): Checker {
  return {
    name,
    assumes: ["nothing is removed"],
    tasks: tasksByKey,
    run: (history, { key }) => judgeSet(history, key, isLinearizable),
    combine: combineWithMeasures,
  };
}

/** Keeps the figures of the keys, which name them. */
function combineWithMeasures(partials: readonly Verdict[]): Verdict {
  const verdict = combineVerdicts(partials);
  if (!("measures" in verdict && verdict.measures)) return verdict;
  return { ...verdict, measures: verdict.measures.slice(0, mostMeasures) };
}

function judgeSet(history: History, key: number, isLinearizable: boolean): Verdict {
  const path = keyPath(history, key);
  const rows = rowsOfKey(history, key);
  const isSet =
    rows.some((row) => history.f[row] === Fn.add) &&
    rows.every((row) => history.f[row] === Fn.add || history.f[row] === Fn.read);
  if (!isSet) return { word: "notChecked", because: `${path} is no set that only grows` };
  const odd = rows.find((row) => isAnsweredRead(history, row) && !showsElements(history, row));
  if (odd !== undefined) {
    const shown = valueText(history.values[cell(history.result, odd)] ?? null);
    return { word: "notChecked", because: `${path} is no set: a read showed ${shown}` };
  }
  const fates = new Fates(history, isLinearizable);
  for (const story of storiesOf(history, rows)) fates.take(story);
  if (fates.anomalies.length === 0 && fates.judged === 0)
    return { word: "notChecked", because: `no element of ${path} was there for a read to show or to miss` };
  return { ...verdictOf(fates.anomalies, fates.judged), measures: fates.measures(path) } as Verdict;
}

/** What became of the elements of one set. */
class Fates {
  readonly anomalies: Anomaly[] = [];
  readonly #history: History;
  readonly #isLinearizable: boolean;
  readonly #counts = { added: 0, stayed: 0, lost: 0, neverRead: 0, stale: 0 };
  /** Of the elements that stayed: nanoseconds until each was visible to all. */
  readonly #lagsNs: number[] = [];

  constructor(history: History, isLinearizable: boolean) {
    this.#history = history;
    this.#isLinearizable = isLinearizable;
  }

  /** Elements that were seen, and not lost. */
  get judged(): number {
    return this.#counts.stayed;
  }

  take(story: ElementStory): void {
    if (story.doubled >= 0) {
      const says = `${this.#readText(story.doubled)} shows ${valueText(story.element)} more than once`;
      this.#found("duplicated element", [story.doubled], says);
    }
    const phantom = this.#phantom(story);
    if (phantom !== null) this.anomalies.push(phantom);
    else this.#count(story);
  }

  /** The figures, of the key that `of` names. */
  measures(of: string): readonly Measure[] {
    const { added, stayed, lost, neverRead, stale } = this.#counts;
    const counts: readonly (readonly [string, number])[] = [
      ["elements added", added],
      ["elements that stayed", stayed],
      ["elements lost", lost],
      ["elements never read", neverRead],
      ["elements stale for a while", stale],
    ];
    const measures = counts.map(([name, value]): Measure => ({ name, of, value, unit: "count" }));
    if (stayed === 0) return measures;
    const lags = Float64Array.from(this.#lagsNs).sort();
    const lag = (which: string, place: number): Measure => {
      return {
        name: `lag until visible, ${which}`,
        of,
        value: lags[place] ?? 0,
        unit: "ns",
        samples: stayed,
      };
    };
    return [...measures, lag("median", (stayed - 1) >> 1), lag("worst", stayed - 1)];
  }

  #phantom({ element, attempt, add, firstShown }: ElementStory): Anomaly | null {
    const history = this.#history;
    if (firstShown < 0) return null;
    if (add >= 0 && cell(history.invokeIndex, add) < cell(history.completeIndex, firstShown)) return null;
    const saw = `${processText(history, firstShown)} saw ${valueText(element)} in ${keyName(history, firstShown)} ${endText(history, firstShown)}`;
    const adder = add >= 0 ? add : attempt;
    if (adder < 0) return anomalyOf(history, "phantom element", [firstShown], `${saw}, but nobody added it`);
    const who = processText(history, adder);
    const why =
      add < 0
        ? `though ${who}'s add of it had failed (${outcomeText(history, adder)})`
        : `before ${who} began to add it ${startText(history, adder)}`;
    return anomalyOf(history, "phantom element", [firstShown, adder], `${saw}, ${why}`);
  }

  #count(story: ElementStory): void {
    const counts = this.#counts;
    const history = this.#history;
    const { add, lastMissed, lastShown } = story;
    // All its adds had failed, and nobody saw it.
    if (add < 0) return;
    counts.added += 1;
    if (lastMissed < 0) {
      if (lastShown < 0) counts.neverRead += 1;
      else this.#stays(0);
      return;
    }
    const missed = `${this.#knownText(story)}, but ${this.#readText(lastMissed)} misses it`;
    const rows = [story.knownBy, add, lastMissed];
    if (cell(history.completeIndex, lastShown) < cell(history.invokeIndex, lastMissed)) {
      counts.lost += 1;
      this.#found("lost element", rows, `${missed}, and no later read shows it`);
      return;
    }
    counts.stale += 1;
    this.#stays((history.invokedNs[lastMissed] ?? 0) - (history.completedNs[story.knownBy] ?? 0));
    if (!this.#isLinearizable) return;
    const seen = `${processText(history, lastShown)} saw it ${endText(history, lastShown)}`;
    this.#found("stale element", [...rows, lastShown], `${missed}; ${seen}`);
  }

  #stays(lagNs: number): void {
    this.#counts.stayed += 1;
    this.#lagsNs.push(lagNs);
  }

  #found(kind: Anomaly["kind"], rows: readonly number[], says: string): void {
    this.anomalies.push(anomalyOf(this.#history, kind, rows, says));
  }

  #knownText({ element, add, knownBy }: ElementStory): string {
    const history = this.#history;
    const isSeen = history.f[knownBy] !== Fn.add;
    const adder = isSeen ? add : knownBy;
    const seen = isSeen ? `, and ${processText(history, knownBy)} saw it ${endText(history, knownBy)}` : "";
    const what = `${valueText(element)} to ${keyName(history, adder)}`;
    return `${processText(history, adder)} added ${what} (${outcomeText(history, adder)})${seen}`;
  }

  #readText(read: number): string {
    const history = this.#history;
    return `the read of ${keyName(history, read)} that ${processText(history, read)} began ${startText(history, read)}`;
  }
}
