import type { Model, ModelOperation } from "./model.ts";

/** An object of which several things may become: a step gives all states that may come after, none if forbidden. */
export interface NondeterministicModel<State> {
  readonly name: string;
  readonly partition: "key" | "whole";
  readonly initial: readonly State[];
  readonly functions?: readonly string[];
  readonly refusals?: readonly string[];
  step(state: State, operation: ModelOperation): readonly State[];
  /** JSON where it is left out. */
  textOf?(state: State): string;
}

/**
 * The same object as a deterministic model, whose states are the sets of states that the object may be in (the
 * power construction, as porcupine has it). No operation is read-only: what it answers may rule states out.
 */
export function nondeterministic<State>(model: NondeterministicModel<State>): Model<readonly State[]> {
  const { name, partition, functions, refusals } = model;
  const textOf = (state: State): string => model.textOf?.(state) ?? JSON.stringify(state);
  return {
    name,
    partition,
    initial: distinct(model.initial, textOf),
    ...(functions === undefined ? {} : { functions }),
    ...(refusals === undefined ? {} : { refusals }),
    step(states, operation) {
      const next = states.flatMap((state) => model.step(state, operation));
      return next.length === 0 ? null : distinct(next, textOf);
    },
    textOf: (states) => JSON.stringify(states.map(textOf)),
  };
}

/** Each state once, in the order of their texts, so that equal sets have equal texts. */
function distinct<State>(states: readonly State[], textOf: (state: State) => string): readonly State[] {
  const byText = new Map(states.map((state) => [textOf(state), state]));
  return [...byText.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
}
