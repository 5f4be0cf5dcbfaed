import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { lowerBound } from "../key-events.ts";
import { verdictOf } from "../verdicts.ts";
import type { QueueDeeds } from "./queue-stays.ts";
import { QueueStays, queueDeeds } from "./queue-stays.ts";
import { nothingFound, overtaken, takenAgain, takenTooEarly, tooFewTakers } from "./queue-violations.ts";

/**
 * Judges a queue by rules instead of a search, in O(n log n); null where they do not decide.
 *
 * Where every value is enqueued once and all dequeues are answered, a history is linearizable exactly if
 * (1) what is dequeued was enqueued, by an enqueue that began before the dequeue ended;
 * (2) nothing is dequeued twice;
 * (3) no value b is out (its dequeue ended) before the dequeue of a began, or while a is never dequeued, if the
 *     enqueue of a ended before that of b began; only where the queue is ordered;
 * (4) no dequeue finds nothing though at each moment of it some value was certainly in: its enqueue had ended and its
 *     dequeue not begun.
 * (Henzinger, Sezgin, Vafeiadis: Aspect-Oriented Linearizability Proofs, CONCUR 2013. Why that is enough: a goes
 * before b where its enqueue or its dequeue ended before that of b began. Both are interval orders, so that a shortest
 * cycle of them has two values, which is (3). At a moment at which no value was certainly in, each value fits wholly
 * before or wholly after it, and cutting there puts nothing before what it did not precede.)
 *
 * Unknown outcomes. An enqueue whose value nobody is known to have got can be left out, with the dequeue that may have
 * taken it: without both, all answers stay right. Any other took effect, and has no end. A dequeue of unknown
 * outcome takes a value that nobody else is known to have got, at any time after it began, or does nothing.
 * So if an earliest such dequeue could take all those values, and the rules were still broken, the history is illegal.
 * A value that (3) or (4) wants out by some place needs such a dequeue of its own that began before that place: too few
 * of them (Hall's theorem; the earlier one began, the more it is good for) are illegal too. Otherwise they are dealt
 * out by these places, and a history that then keeps the rules is legal. What is left, where several values
 * share out the time of a dequeue that found nothing, is left to the search.
 */
export function judgeByRules(history: History, rows: readonly number[], isOrdered: boolean): Verdict | null {
  const deeds = queueDeeds(history, rows);
  if (deeds === null || deeds.answered === 0) return null;
  const found = unfoundedTakes(history, deeds);
  if ([...deeds.enqueues.values()].some(({ length }) => length > 1)) {
    // Of a value that was enqueued twice nobody knows which is which: what was never enqueued is wrong all the same.
    return found.length > 0 ? verdictOf(found, 0) : null;
  }
  const judged = new Rules(history, deeds, isOrdered).judge();
  const all = [...found, ...takesAgain(history, deeds), ...(judged ?? [])];
  return judged === null && all.length === 0 ? null : verdictOf(all, deeds.answered);
}

/** What was dequeued, but not enqueued before. */
function unfoundedTakes(history: History, { enqueues, takes }: QueueDeeds): Anomaly[] {
  const found: Anomaly[] = [];
  for (const [value, rows] of takes) {
    const enqueue = enqueues.get(value)?.[0] ?? -1;
    for (const take of rows)
      if (isUnfounded(history, enqueue, take)) found.push(takenTooEarly(history, take, enqueue));
  }
  return found;
}

function isUnfounded({ invokeIndex, completeIndex }: History, enqueue: number, take: number): boolean {
  return cell(completeIndex, take) < (invokeIndex[enqueue] ?? never);
}

/** What was enqueued once, and dequeued more often. */
function takesAgain(history: History, { enqueues, takes }: QueueDeeds): Anomaly[] {
  return [...takes].flatMap(([value, rows]) => {
    const [enqueue] = enqueues.get(value) ?? [];
    return enqueue === undefined || rows.length === 1 ? [] : takenAgain(history, enqueue, rows);
  });
}

/** A value that must be out by a place, and the operations that say so. */
interface Due {
  readonly stay: number;
  readonly by: number;
  readonly because: readonly number[];
}

class Rules {
  readonly #history: History;
  readonly #isOrdered: boolean;
  readonly #empties: readonly number[];
  /** Of each dequeue that found nothing and those that began later, the one that ended first. */
  readonly #emptyFirstOver: Int32Array;
  readonly #emptyBegan: Int32Array;
  readonly #unheard: readonly number[];
  /** As it is known, without guesses. */
  readonly #known: QueueStays;

  constructor(history: History, deeds: QueueDeeds, isOrdered: boolean) {
    const { empties, unheard, enqueues, takes } = deeds;
    this.#history = history;
    this.#isOrdered = isOrdered;
    this.#empties = empties;
    this.#unheard = unheard;
    this.#emptyBegan = Int32Array.from(empties, (row) => cell(history.invokeIndex, row));
    this.#emptyFirstOver = Int32Array.from(empties);
    for (let at = empties.length - 2; at >= 0; at -= 1) {
      const next = cell(this.#emptyFirstOver, at + 1);
      if (this.#endOf(next) < this.#endOf(cell(this.#emptyFirstOver, at))) this.#emptyFirstOver[at] = next;
    }
    const stayed = [...enqueues].flatMap(([value, [enqueue = 0]]) => {
      const [take = -1] = takes.get(value) ?? [];
      return take >= 0 && isUnfounded(history, enqueue, take) ? [] : [[enqueue, take] as const];
    });
    this.#known = new QueueStays(
      history,
      stayed.map(([enqueue]) => enqueue),
      stayed.map(([, take]) => take),
    );
  }

  /** What breaks the rules; null where they do not tell. */
  judge(): readonly Anomaly[] | null {
    const [earliest] = this.#unheard;
    const { takes } = this.#known;
    if (earliest === undefined) return this.#broken(this.#known);
    const broken = this.#broken(this.#takenBy(takes.map((take) => (take >= 0 ? take : earliest))));
    if (broken.length > 0) return broken;
    const due = this.#due();
    const late = due.findIndex(
      ({ by }, at) => by < (this.#history.invokeIndex[this.#unheard[at] ?? -1] ?? never),
    );
    if (late >= 0) return [this.#tooFew(due.slice(0, late + 1))];
    const dealt = [...takes];
    due.forEach(({ stay }, at) => {
      dealt[stay] = cellOf(this.#unheard, at);
    });
    return this.#broken(this.#takenBy(dealt)).length > 0 ? null : [];
  }

  #takenBy(takes: readonly number[]): QueueStays {
    return new QueueStays(this.#history, this.#known.enqueues, takes);
  }

  /** What breaks (3) and (4), where these took the values. */
  #broken(stays: QueueStays): readonly Anomaly[] {
    const found: Anomaly[] = [];
    const told = new Set<number>();
    for (const [stay, take] of stays.takes.entries()) {
      if (!this.#isOrdered) break;
      const overtaker = stays.overtakerOf(stay);
      // Of all that one value overtook, one is told; of what was lost, each.
      if (overtaker < 0 || (told.has(overtaker) && take >= 0)) continue;
      told.add(overtaker);
      found.push(overtaken(this.#history, stays, stay, overtaker));
    }
    for (const empty of this.#empties) {
      const chain = stays.chainOver(cell(this.#history.invokeIndex, empty), this.#endOf(empty));
      if (chain.length > 0) found.push(nothingFound(this.#history, empty, stays, chain));
    }
    return found;
  }

  /** The values that must be out by some place and that nobody is known to have got, the most urgent first. */
  #due(): readonly Due[] {
    const { takes } = this.#known;
    const due = takes.flatMap((take, stay) => (take >= 0 ? [] : this.#dueOf(stay)));
    return due.sort((a, b) => a.by - b.by);
  }

  #dueOf(stay: number): Due | [] {
    const { enqueues, takes } = this.#known;
    const ended = this.#endOf(cellOf(enqueues, stay));
    const overtaker = this.#isOrdered ? this.#known.overtakerAfter(ended) : -1;
    const empty = this.#emptyFirstOver[lowerBound(this.#emptyBegan, ended)] ?? -1;
    const overAt = this.#known.overAt(overtaker);
    const emptyAt = this.#endOf(empty);
    if (overAt < emptyAt)
      return { stay, by: overAt, because: [cellOf(enqueues, overtaker), cellOf(takes, overtaker)] };
    return emptyAt === never ? [] : { stay, by: emptyAt, because: [empty] };
  }

  /** More values that must be out by the last of these places than dequeues that can have taken them. */
  #tooFew(due: readonly Due[]): Anomaly {
    const values = due.map(({ stay }) => cellOf(this.#known.enqueues, stay));
    const because = due.flatMap((each) => each.because);
    return tooFewTakers(this.#history, values, because, this.#unheard.slice(0, due.length - 1));
  }

  #endOf(row: number): number {
    return this.#history.completeIndex[row] ?? never;
  }
}

/** A row, where the place is known to be within them. */
function cellOf(rows: readonly number[], at: number): number {
  return rows[at] ?? 0;
}
