import type { History } from "../history/history.ts";
import { HistoryAssembler } from "../history/history-assembler.ts";
import type { Refuse } from "../history/parse-line.ts";
import type { OperationRules } from "./edn-operation.ts";
import { eventOf } from "./edn-operation.ts";
import type { OperationFields } from "./operation-fields.ts";

/** Makes a history out of Jepsen's operations, and notes what people should know of how they were read. */
export class OperationAssembler {
  readonly #events: HistoryAssembler;
  readonly #rules: OperationRules;
  readonly #refuse: Refuse;
  #nemesis = 0;
  #operations = 0;
  #timed = 0;
  #reads = 0;
  /** Reads that were asked for `[key nil]`, and the line of the first of them. */
  #readsOfPairs = 0;
  #firstOfPairs = 0;

  constructor(rules: OperationRules, refuse: Refuse) {
    this.#rules = rules;
    this.#refuse = refuse;
    this.#events = new HistoryAssembler({}, { index: ":index", time: ":time" }, refuse);
  }

  take(fields: OperationFields, line: number): void {
    const event = eventOf(fields, this.#rules, this.#refuse);
    this.#events.take(event, line);
    if (event.kind === "ignored") this.#nemesis += 1;
    if (event.kind !== "invocation") return;
    this.#operations += 1;
    if (event.time !== null) this.#timed += 1;
    if (event.facts.f !== "read") return;
    this.#reads += 1;
    if (event.facts.key !== "" || !isUnreadPair(event.facts.value)) return;
    if (this.#readsOfPairs === 0) this.#firstOfPairs = line;
    this.#readsOfPairs += 1;
  }

  /** The line of the first read where all of them ask for `[key nil]`: the keys stand in the values. Else null. */
  get keysInValues(): number | null {
    return this.#reads > 0 && this.#readsOfPairs === this.#reads ? this.#firstOfPairs : null;
  }

  finish(): { readonly history: History; readonly notes: readonly string[] } {
    const notes: string[] = [];
    if (this.#nemesis > 0) notes.push(leftOut(this.#nemesis, "line", "of the nemesis"));
    if (this.#operations > 0 && this.#timed === 0) {
      notes.push("the file has no times: events go by their numbers, from 0 on");
    }
    return { history: this.#events.finish(), notes };
  }
}

function isUnreadPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value[1] === null;
}

/** `1 line of the nemesis was left out`. */
export function leftOut(count: number, one: string, what: string): string {
  return count === 1 ? `1 ${one} ${what} was left out` : `${count} ${one}s ${what} were left out`;
}
