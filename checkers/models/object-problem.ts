import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never, Outcome } from "../../harness/history/history.ts";
import type { ModelProblem } from "../search/problem.ts";
import { Automaton } from "./automaton.ts";
import { describeCall } from "./describe-call.ts";
import type { Model } from "./model.ts";
import { modelOperation, sameOperationText } from "./model-rows.ts";

/** Stands in `call` where an operation may have begun at any time. */
export const free = -1;

/** An operation of an object, ready for the search. */
export interface ObjectOperation {
  readonly row: number;
  /** Place of its invocation, or `free`. */
  readonly call: number;
  /** `never`: it may also never happen. */
  readonly ret: number;
  readonly operationClass: number;
}

/** The operations of one object that can matter, with the automaton that they step. */
export class ObjectOperations {
  /** In order of invocation. */
  readonly operations: readonly ObjectOperation[];
  /** How many of them were answered, refusals included. */
  readonly answered: number;
  readonly #automaton: Automaton<unknown>;
  readonly #history: History;
  readonly #model: Model;
  readonly #classes = new Map<string, number>();
  /** By class: a row of it. */
  readonly #rowOfClass: number[] = [];

  constructor(history: History, model: Model, rows: readonly number[], mostBytes: number) {
    this.#history = history;
    this.#model = model;
    this.#automaton = new Automaton(model, mostBytes, (operationClass) =>
      describeCall(history, this.#rowOfClass[operationClass] ?? -1),
    );
    this.operations = rows.flatMap((row) => this.#operationOf(row) ?? []);
    this.answered = this.operations.filter(({ ret }) => ret !== never).length;
  }

  /**
   * The same operation as if nobody had heard of its outcome. Whatever explains the history explains it with this
   * one in its place. Null for what changes nothing: it may as well be taken away.
   */
  unheard(operation: ObjectOperation): ObjectOperation | null {
    if (this.#automaton.isReadOnly(operation.operationClass)) return null;
    const operationClass = this.#classOf(operation.row, true);
    return operationClass === null ? null : { ...operation, ret: never, operationClass };
  }

  /** The same, as if nobody knew when it began, either. */
  freed(operation: ObjectOperation): ObjectOperation | null {
    const unheard = this.unheard(operation);
    return unheard === null ? null : { ...unheard, call: free };
  }

  /** These operations as the search is given them: the free ones first, the others as they stand. */
  problem(operations: readonly ObjectOperation[]): ModelProblem {
    const { length } = operations;
    const firstBound = operations.find(({ call }) => call !== free);
    let before = 0;
    for (const { call } of operations) if (call === free) before += 1;
    const shift = before - (firstBound?.call ?? 0);
    const columns = {
      call: new Int32Array(length),
      ret: new Int32Array(length),
      classOf: new Int32Array(length),
    };
    let freeAt = 0;
    let boundAt = before;
    for (const { call, ret, operationClass } of operations) {
      const at = call === free ? freeAt++ : boundAt++;
      columns.call[at] = call === free ? at : call + shift;
      columns.ret[at] = ret === never ? never : ret + shift;
      columns.classOf[at] = operationClass;
    }
    const isReadOnly = this.#automaton.readOnlyClasses();
    const step = (state: number, operationClass: number): number =>
      this.#automaton.step(state, operationClass);
    return { length, ...columns, isReadOnly, step };
  }

  /** Null for what cannot matter: a failure that tells nothing, an unanswered read. */
  #operationOf(row: number): ObjectOperation | null {
    const { outcome, invokeIndex, completeIndex } = this.#history;
    const isUnknown = cell(outcome, row) >= Outcome.info;
    const operationClass = this.#classOf(row, isUnknown);
    if (operationClass === null) return null;
    if (isUnknown && this.#automaton.isReadOnly(operationClass)) return null;
    return { row, call: cell(invokeIndex, row), ret: completeIndex[row] ?? never, operationClass };
  }

  #classOf(row: number, isUnknown: boolean): number | null {
    const operation = modelOperation(this.#history, this.#model, row, isUnknown);
    if (operation === null) return null;
    const text = sameOperationText(this.#history, row, isUnknown);
    const known = this.#classes.get(text);
    if (known !== undefined) return known;
    this.#rowOfClass.push(row);
    const made = this.#automaton.addClass(operation);
    this.#classes.set(text, made);
    return made;
  }
}
