import type { Budget } from "../../harness/contracts/checker.ts";
import { never } from "../../harness/history/history.ts";
import type { SearchOperation } from "./search-operations.ts";

/** What the search says: an order was found, there is none, or the budget ran out. */
export type SearchAnswer = "linearizable" | "illegal" | "undecided";

/** What a remembered configuration costs, in bytes, beside four for each word. Estimated: a string in a set. */
const rememberedBytes = 64;

/**
 * Searches an order of a register's operations that explains all answers (J. Wing, C. Gong, "Testing and
 * Verifying Concurrent Objects", 1993; remembered configurations after G. Lowe, "Testing for
 * Linearizability", 2017). Reads that fit are taken at once and never retried: taking one cannot hurt.
 */
export function searchOrder(operations: readonly SearchOperation[], budget: Budget): SearchAnswer {
  return new OrderSearch(operations, budget).run();
}

/** A step that can be taken back: the entry that was lifted out, and the state before. */
interface Step {
  readonly entry: Entry;
  readonly state: number;
  /** A read that was taken at once: taking it back opens no other choice. */
  readonly isForced: boolean;
}

/** An invocation or a completion in the order of events, in a doubly linked list. */
interface Entry {
  readonly operation: SearchOperation | null;
  /** Its bit among the configurations. */
  readonly bit: number;
  /** Of an invocation, its completion; null where there is none. Of a completion, null. */
  match: Entry | null;
  previous: Entry | null;
  next: Entry | null;
}

class OrderSearch {
  readonly #head: Entry = { operation: null, bit: -1, match: null, previous: null, next: null };
  readonly #taken: Int32Array;
  readonly #seen = new Set<string>();
  readonly #steps: Step[] = [];
  readonly #budget: Budget;
  #state = 0;
  #spent = 0;
  #owed: number;

  constructor(operations: readonly SearchOperation[], budget: Budget) {
    this.#budget = budget;
    this.#taken = new Int32Array((operations.length >> 5) + 1);
    this.#owed = operations.filter(({ ret }) => ret !== never).length;
    linkEntries(this.#head, operations);
  }

  run(): SearchAnswer {
    this.#settle();
    let entry = this.#head.next;
    while (this.#owed > 0) {
      this.#spent += 1;
      if (this.#isSpent()) return "undecided";
      if (entry?.operation) {
        entry = this.#tryOperation(entry) ? this.#head.next : entry.next;
        continue;
      }
      const back = this.#takeBack();
      if (back === null) return "illegal";
      entry = back.next;
    }
    return "linearizable";
  }

  #isSpent(): boolean {
    const bytes = this.#seen.size * (rememberedBytes + 4 * this.#taken.length);
    return this.#spent > this.#budget.steps || bytes > this.#budget.bytes;
  }

  /** Takes an operation, unless the register forbids it or everything after it is known to fail. */
  #tryOperation(entry: Entry): boolean {
    const { operation } = entry;
    if (operation === null || !fits(operation, this.#state)) return false;
    const depth = this.#steps.length;
    this.#take(entry, false);
    this.#settle();
    const configuration = `${this.#state}:${this.#taken.join()}`;
    if (!this.#seen.has(configuration)) {
      this.#seen.add(configuration);
      return true;
    }
    while (this.#steps.length > depth) this.#undo();
    return false;
  }

  /**
   * Takes every open operation that fits and never changes the state. A write of the value that is there already
   * is not one of them: it may be needed later, after another write.
   */
  #settle(): void {
    let entry = this.#head.next;
    while (entry?.operation) {
      const { leaves, needs } = entry.operation;
      const isHarmless = leaves < 0 || leaves === needs;
      if (isHarmless && entry.match !== null && fits(entry.operation, this.#state)) {
        this.#take(entry, true);
        entry = this.#head.next;
      } else {
        entry = entry.next;
      }
    }
  }

  #take(entry: Entry, isForced: boolean): void {
    this.#steps.push({ entry, state: this.#state, isForced });
    const leaves = entry.operation?.leaves ?? -1;
    if (leaves >= 0) this.#state = leaves;
    if (entry.match !== null) this.#owed -= 1;
    this.#flip(entry.bit);
    unlink(entry);
    if (entry.match !== null) unlink(entry.match);
  }

  #undo(): Step | null {
    const step = this.#steps.pop();
    if (step === undefined) return null;
    const { entry } = step;
    if (entry.match !== null) relink(entry.match);
    relink(entry);
    this.#flip(entry.bit);
    if (entry.match !== null) this.#owed += 1;
    this.#state = step.state;
    return step;
  }

  /** Back to the last choice: its entry, after which the next candidate stands. */
  #takeBack(): Entry | null {
    let step = this.#undo();
    while (step?.isForced) step = this.#undo();
    return step === null ? null : step.entry;
  }

  #flip(bit: number): void {
    const word = bit >> 5;
    this.#taken[word] = (this.#taken[word] ?? 0) ^ (1 << (bit & 31));
  }
}

function fits({ needs, refuses }: SearchOperation, state: number): boolean {
  return (needs < 0 || needs === state) && (refuses < 0 || refuses !== state);
}

/** Invocations and completions in the order of their indices. */
function linkEntries(head: Entry, operations: readonly SearchOperation[]): void {
  const places: { at: number; entry: Entry }[] = [];
  operations.forEach((operation, bit) => {
    const call: Entry = { operation, bit, match: null, previous: null, next: null };
    places.push({ at: operation.call, entry: call });
    if (operation.ret === never) return;
    call.match = { operation: null, bit, match: null, previous: null, next: null };
    places.push({ at: operation.ret, entry: call.match });
  });
  let last = head;
  for (const { entry } of places.sort((a, b) => a.at - b.at)) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
}

function unlink(entry: Entry): void {
  if (entry.previous !== null) entry.previous.next = entry.next;
  if (entry.next !== null) entry.next.previous = entry.previous;
}

function relink(entry: Entry): void {
  if (entry.previous !== null) entry.previous.next = entry;
  if (entry.next !== null) entry.next.previous = entry;
}
