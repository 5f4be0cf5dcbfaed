import type { HistoryValue } from "../../harness/history/values.ts";

/** An operation as a model sees it. */
export interface ModelOperation {
  readonly f: string;
  readonly key: string;
  /** What was asked: the value of the invocation. */
  readonly value: HistoryValue;
  /** What came back; `undefined` where the outcome is unknown, and then anything may have. */
  readonly result: HistoryValue | undefined;
  /** `fail`: the operation took place and was refused by the data, as a cas that met another value. */
  readonly outcome: "ok" | "fail" | "unknown";
}

/**
 * What an object does when it is used by one client after the other. `step` gives the state after an operation,
 * or null where its answer is not one that the object could have given in that state. Pure: states are plain
 * data and are never changed. An operation of unknown outcome may do all that any answer to it would allow:
 * where that is more than one thing, the model is a `nondeterministic` one.
 */
export interface Model<State = unknown> {
  readonly name: string;
  /** `key`: each key is an object of its own, and histories are judged key by key. */
  readonly partition: "key" | "whole";
  readonly initial: State;
  /** The functions that it has: what has others is not its business. Any function where it is left out. */
  readonly functions?: readonly string[];
  /**
   * Functions that the data may refuse. Where one of them fails without an error, `step` hears of it; all other
   * failures had no effect, tell nothing of the state, and are left out.
   */
  readonly refusals?: readonly string[];
  /** What it throws is told as the model's own fault. */
  step(state: State, operation: ModelOperation): State | null;
  /** Two states with equal text are the same state; JSON where it is left out. */
  textOf?(state: State): string;
  /** Whether operations of this kind never change the state. Only a hint: false costs time, never truth. */
  isReadOnly?(operation: ModelOperation): boolean;
}
