import { invariant } from "../base/invariant.ts";
import { Columns } from "./columns.ts";
import type { History, HistoryHeader, Mark, OperationDetails } from "./history.ts";
import { Fn, functionNames, never, Outcome } from "./history.ts";
import { Interner, KeyInterner, ValueInterner } from "./interner.ts";
import type { HistoryValue } from "./values.ts";

/** What is known of an operation when it is invoked. */
export interface InvocationFacts {
  readonly process: string | number;
  readonly f: string;
  readonly keyspace?: string;
  readonly key: string;
  /** Of a cas, `[expected, new]`. */
  readonly value?: HistoryValue;
  readonly op?: number;
  readonly session?: string;
  readonly site?: string;
  readonly node?: string;
  readonly w?: number;
  readonly r?: number;
  readonly consistency?: string;
  readonly context?: string;
}

/** How an operation ended, as its client saw it. */
export interface CompletionFacts {
  readonly type: "ok" | "fail" | "info";
  readonly value?: HistoryValue;
  readonly error?: string;
  readonly context?: string;
  readonly siblings?: readonly HistoryValue[];
}

/** The first code that is free for functions without a code of their own. */
const firstOtherFunction = 16;
/** Codes are bytes. */
const mostOtherFunctions: number = 256 - firstOtherFunction;

const codeOfFunction = new Map<string, number>(functionNames.map((name) => [name, Fn[name]]));

/** Puts a history together event by event, in the order of their indices. No object per operation is kept. */
export class HistoryBuilder {
  readonly #header: HistoryHeader;
  readonly #columns = new Columns();
  readonly #keys = new KeyInterner();
  readonly #values = new ValueInterner();
  readonly #processes = new Interner<string | number>();
  readonly #sessions = new Interner<string>();
  readonly #nodes = new Interner<string>();
  readonly #sites = new Interner<string>();
  readonly #otherFunctions = new Interner<string>();
  readonly #details = new Map<number, OperationDetails>();
  readonly #marks: Mark[] = [];

  constructor(header: HistoryHeader) {
    this.#header = header;
  }

  /** Whether the function has a code, or can get one. */
  hasRoomFor(f: string): boolean {
    const others = this.#otherFunctions;
    return codeOfFunction.has(f) || others.items.length < mostOtherFunctions || others.has(f);
  }

  /** Adds an operation and gives its row. */
  invoke(index: number, timeNs: number, facts: InvocationFacts): number {
    const columns = this.#columns;
    const row = columns.add();
    const f = this.#codeOf(facts.f);
    columns.f[row] = f;
    columns.key[row] = this.#keys.idOf(facts.keyspace ?? "", facts.key);
    this.#setArguments(row, f, facts.value ?? null);
    columns.invokeIndex[row] = index;
    columns.invokedNs[row] = timeNs;
    columns.process[row] = this.#processes.idOf(facts.process);
    columns.session[row] = facts.session === undefined ? -1 : this.#sessions.idOf(facts.session);
    columns.node[row] = facts.node === undefined ? -1 : this.#nodes.idOf(facts.node);
    columns.site[row] = facts.site === undefined ? -1 : this.#sites.idOf(facts.site);
    columns.op[row] = facts.op ?? -1;
    this.#keepInvocationDetails(row, facts);
    return row;
  }

  /** Ends an operation that is still open. */
  complete(row: number, index: number, timeNs: number, facts: CompletionFacts): void {
    const columns = this.#columns;
    invariant(row < columns.length && columns.outcome[row] === Outcome.pending, `row ${row} is not open`);
    columns.outcome[row] = Outcome[facts.type];
    columns.completeIndex[row] = facts.type === "info" ? never : index;
    columns.endIndex[row] = index;
    columns.completedNs[row] = timeNs;
    const f = columns.f[row] ?? 0;
    if (facts.type === "ok" && (f === Fn.read || f >= firstOtherFunction)) {
      columns.result[row] = this.#values.idOf(facts.value ?? null);
    }
    if (facts.error === undefined && facts.context === undefined && facts.siblings === undefined) return;
    const details: { -readonly [K in keyof OperationDetails]: OperationDetails[K] } = {
      ...this.#details.get(row),
    };
    if (facts.error !== undefined) details.error = facts.error;
    if (facts.context !== undefined) details.context = facts.context;
    if (facts.siblings !== undefined) details.siblings = facts.siblings;
    this.#details.set(row, details);
  }

  /** Adds a line of the harness' own. */
  mark(mark: Mark): void {
    this.#marks.push(mark);
  }

  /** The history so far; the builder must not be used any more. */
  finish(): History {
    const columns = this.#columns;
    return {
      header: this.#header,
      length: columns.length,
      f: columns.f,
      outcome: columns.outcome,
      key: columns.key,
      argument: columns.argument,
      argument2: columns.argument2,
      result: columns.result,
      invokeIndex: columns.invokeIndex,
      completeIndex: columns.completeIndex,
      endIndex: columns.endIndex,
      invokedNs: columns.invokedNs,
      completedNs: columns.completedNs,
      process: columns.process,
      session: columns.session,
      node: columns.node,
      site: columns.site,
      op: columns.op,
      keys: this.#keys.keys,
      values: this.#values.values,
      processes: this.#processes.items,
      sessions: this.#sessions.items,
      nodes: this.#nodes.items,
      sites: this.#sites.items,
      otherFunctions: this.#otherFunctions.items,
      details: this.#details,
      marks: this.#marks,
    };
  }

  #codeOf(name: string): number {
    const code = codeOfFunction.get(name);
    if (code !== undefined) return code;
    invariant(this.hasRoomFor(name), `a history has at most ${mostOtherFunctions} functions of its own`);
    return firstOtherFunction + this.#otherFunctions.idOf(name);
  }

  #setArguments(row: number, f: number, value: HistoryValue): void {
    const columns = this.#columns;
    if (f === Fn.read || f === Fn.delete) return;
    if (f !== Fn.cas) {
      columns.argument[row] = this.#values.idOf(value);
      return;
    }
    invariant(Array.isArray(value) && value.length === 2, "a cas has the value [expected, new]");
    columns.argument[row] = this.#values.idOf(value[0] ?? null);
    columns.argument2[row] = this.#values.idOf(value[1] ?? null);
  }

  #keepInvocationDetails(row: number, facts: InvocationFacts): void {
    const { w, r, consistency, context } = facts;
    if (w === undefined && r === undefined && consistency === undefined && context === undefined) return;
    this.#details.set(row, {
      ...(w === undefined ? {} : { w }),
      ...(r === undefined ? {} : { r }),
      ...(consistency === undefined ? {} : { consistency }),
      ...(context === undefined ? {} : { sentContext: context }),
    });
  }
}
