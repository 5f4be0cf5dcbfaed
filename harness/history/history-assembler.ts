import { excerpt } from "../base/excerpt.ts";
import type { History, HistoryHeader } from "./history.ts";
import { never } from "./history.ts";
import type { InvocationFacts } from "./history-builder.ts";
import { HistoryBuilder } from "./history-builder.ts";
import type { ParsedEvent, Refuse } from "./parse-line.ts";
import type { HistoryValue } from "./values.ts";
import { sameValue } from "./values.ts";

/** The greatest index that an event may have. */
const lastIndex: number = never - 1;

/** What a format calls the fields that order its events, for sentences. */
export interface OrderWords {
  readonly index: string;
  readonly time: string;
}

interface OpenOperation {
  readonly row: number;
  readonly line: number;
  readonly facts: InvocationFacts;
}

type Invocation = ParsedEvent & { readonly kind: "invocation" };
type Completion = ParsedEvent & { readonly kind: "completion" };

/**
 * Makes a history out of events that a reader gives one by one, in whatever format they were: pairs completions
 * with invocations, and refuses what contradicts itself. Keeps nothing but the columns and the open operations.
 */
export class HistoryAssembler {
  readonly #builder: HistoryBuilder;
  readonly #refuse: Refuse;
  readonly #words: OrderWords;
  readonly #open = new Map<string | number, OpenOperation>();
  #lastIndex = -1;
  #lastNs = 0;
  /** Whether the file numbers its events; where it doesn't, their order does. Null before the first event. */
  #isNumbered: boolean | null = null;
  /** Whether the file has times; where it doesn't, all are 0. Null before the first event. */
  #isTimed: boolean | null = null;

  /** `refuse` ends the reading; it knows the line. */
  constructor(header: HistoryHeader, words: OrderWords, refuse: Refuse) {
    this.#builder = new HistoryBuilder(header);
    this.#words = words;
    this.#refuse = refuse;
  }

  /** Takes the next event, which stands on that line. */
  take(event: ParsedEvent, line: number): void {
    const index = this.#nextIndex(event.index);
    const timeNs = this.#nextTime(event.time);
    if (event.kind === "mark") this.#builder.mark(event.mark(index));
    else if (event.kind === "invocation") this.#invoke(index, timeNs, event, line);
    else if (event.kind === "completion") this.#complete(index, timeNs, event);
  }

  /** The history; operations that are still open are pending. */
  finish(): History {
    return this.#builder.finish();
  }

  #invoke(index: number, timeNs: number, { facts }: Invocation, line: number): void {
    const busy = this.#open.get(facts.process);
    if (busy !== undefined) {
      this.#refuse(
        `process ${shown(facts.process)} invokes a ${excerpt(facts.f)}, but its ${excerpt(busy.facts.f)} of ` +
          `line ${busy.line} is still open; a process does one thing at a time: end the first, or use another process`,
      );
    }
    if (!this.#builder.hasRoomFor(facts.f)) {
      this.#refuse(
        `${JSON.stringify(facts.f)} is one function too many; 240 different ones can be told apart`,
      );
    }
    const row = this.#builder.invoke(index, timeNs, facts);
    this.#open.set(facts.process, { row, line, facts });
  }

  #complete(index: number, timeNs: number, event: Completion): void {
    const open = this.#open.get(event.process);
    if (open === undefined) {
      this.#refuse(
        `process ${shown(event.process)} completes a ${excerpt(event.f)}, but it has none open; an invocation ` +
          "must come first, and each ends once",
      );
    }
    this.#open.delete(event.process);
    this.#refuseMismatch(open, event);
    this.#builder.complete(open.row, index, timeNs, event.facts);
  }

  #refuseMismatch({ facts, line }: OpenOperation, { f, key, keyspace, facts: answer }: Completion): void {
    this.#agree("the function", facts.f, f, line);
    this.#agree("the key", facts.key, key, line);
    this.#agree("the keyspace", facts.keyspace ?? "", keyspace, line);
    // A completed write or cas may leave its value out; what it says must be what was asked.
    const isChange = facts.f === "write" || facts.f === "cas";
    if (isChange && answer.value !== null) this.#agree("the value", facts.value ?? null, answer.value, line);
  }

  #agree(what: string, asked: HistoryValue, answered: HistoryValue | undefined, line: number): void {
    if (answered === undefined || sameValue(asked, answered)) return;
    this.#refuse(`completes ${what} ${shown(answered)}, but line ${line} invoked ${shown(asked)}`);
  }

  #nextIndex(index: number | null): number {
    const name = this.#words.index;
    if (this.#isNumbered === null) this.#isNumbered = index !== null;
    if (this.#isNumbered !== (index !== null)) {
      this.#refuse(`some events have ${name} and some don't; number all of them or none`);
    }
    const next = index ?? this.#lastIndex + 1;
    if (next <= this.#lastIndex) {
      this.#refuse(`${name} goes back from ${this.#lastIndex} to ${next}; events stand in ascending order`);
    }
    if (next > lastIndex) this.#refuse(`more than ${lastIndex} events; cut the history by key`);
    this.#lastIndex = next;
    return next;
  }

  #nextTime(time: number | null): number {
    const name = this.#words.time;
    if (this.#isTimed === null) this.#isTimed = time !== null;
    if (this.#isTimed !== (time !== null)) {
      this.#refuse(`some events have ${name} and some don't; give all of them one, or none`);
    }
    const next = time ?? 0;
    if (next < this.#lastNs) {
      this.#refuse(
        `${name} goes back from ${this.#lastNs} to ${next}; it counts nanoseconds since the start`,
      );
    }
    this.#lastNs = next;
    return next;
  }
}

function shown(value: HistoryValue): string {
  return excerpt(JSON.stringify(value));
}
