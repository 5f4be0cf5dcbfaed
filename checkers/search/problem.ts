/**
 * What the search is given of a key: its operations in columns, in order of invocation. Places (`call`, `ret`)
 * come from one total order of events: no two are equal, and only their order counts. `never` stands in `ret`
 * where the outcome is unknown; such an operation may take effect at any time after `call`, or not at all.
 */
export interface SearchSpans {
  readonly length: number;
  readonly call: Int32Array;
  readonly ret: Int32Array;
}

/** Operations of a register, as demands on its value. Values are ids from 0 (`null`) on. */
export interface RegisterProblem extends SearchSpans {
  /** The value that it holds at first; 0 where it is left out. */
  readonly initial?: number;
  /** The value that must be there, or −1. */
  readonly needs: Int32Array;
  /** The value that must not be there, or −1: of a cas that was refused. */
  readonly refuses: Int32Array;
  /** The value that it leaves, or −1. */
  readonly leaves: Int32Array;
}

/**
 * Operations of any model: those of one class do the same in every state. States are numbered from 0, the
 * initial one, as `step` meets them; the search asks once for each pair of state and class, and keeps the answer.
 */
export interface ModelProblem extends SearchSpans {
  readonly classOf: Int32Array;
  /** By class: 1 where it never changes the state, so that it may be taken as soon as it is legal. */
  readonly isReadOnly: Uint8Array;
  /** The state after an operation of that class, or −1 where the model forbids it. */
  step(state: number, operationClass: number): number;
}

/** What a search says. All operations are places in the columns. */
export type SearchOutcome = { readonly steps: number; readonly peakBytes: number } & (
  | {
      readonly answer: "linearizable";
      /** An order that explains all answers; unobserved operations of unknown outcome may be missing. */
      readonly order: Int32Array;
    }
  | {
      readonly answer: "illegal";
      /** The longest orders that were found, the longest first, at least one. */
      readonly partials: readonly SearchPartial[];
    }
  | {
      readonly answer: "undecided";
      readonly spent: "steps" | "bytes";
      /** The first and the last operation of the part that is not decided; all before it can be ordered. */
      readonly from: number;
      readonly to: number;
      readonly partials: readonly SearchPartial[];
    }
);

/** An order of some operations, and those that had to come next and could not. */
export interface SearchPartial {
  readonly order: Int32Array;
  readonly refused: Int32Array;
}
