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
    const bound = operations.filter(({ call }) => call !== free);
    const before = operations.length - bound.length;
    const shift = before - (bound[0]?.call ?? 0);
    const inOrder = before === 0 ? bound : [...operations.filter(({ call }) => call === free), ...bound];
    return {
      length: inOrder.length,
      call: Int32Array.from(inOrder, ({ call }, at) => (call === free ? at : call + shift)),
      ret: Int32Array.from(inOrder, ({ ret }) => (ret === never ? never : ret + shift)),
      classOf: Int32Array.from(inOrder, ({ operationClass }) => operationClass),
      isReadOnly: this.#automaton.readOnlyClasses(),
      step: (state, operationClass) => this.#automaton.step(state, operationClass),
    };
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
