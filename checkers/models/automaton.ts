import type { Model, ModelOperation } from "./model.ts";
import { notPlain } from "./plain-data.ts";

/** Why a search over a model's states had to end: the model's own fault, or more states than there is room for. */
export class ModelStop extends Error {
  override readonly name = "ModelStop";
  readonly why: "fault" | "states";

  constructor(why: "fault" | "states", message: string, cause?: unknown) {
    super(message, { cause });
    this.why = why;
  }
}

/** What a state costs beside its text, in bytes. Estimated: an entry of a map, one of a list, a small object. */
const bytesOfState = 160;

/** Longest state that a sentence shows, in characters. Chosen: a sentence stays a sentence. */
const longestState = 60;

/** A model with its states and its classes of operations numbered, each in order of first sight. */
export class Automaton<State> {
  readonly #model: Model<State>;
  readonly #states: State[] = [];
  readonly #idOfText = new Map<string, number>();
  readonly #operations: ModelOperation[] = [];
  readonly #isReadOnly: boolean[] = [];
  readonly #mostBytes: number;
  readonly #describe: (operationClass: number) => string;
  #bytes = 0;

  /**
   * @param mostBytes Room for states; one more, and `step` throws.
   * @param describe An operation of a class, for sentences about what the model did with it.
   * @throws ModelStop
   */
  constructor(model: Model<State>, mostBytes: number, describe: (operationClass: number) => string) {
    this.#model = model;
    this.#mostBytes = mostBytes;
    this.#describe = describe;
    this.#idOf(model.initial, -1);
  }

  /** Numbers an operation that is like no other before it. */
  addClass(operation: ModelOperation): number {
    const operationClass = this.#operations.push(operation) - 1;
    const isReadOnly = this.#ask(operationClass, -1, () => this.#model.isReadOnly?.(operation));
    this.#isReadOnly.push(isReadOnly === true);
    return operationClass;
  }

  isReadOnly(operationClass: number): boolean {
    return this.#isReadOnly[operationClass] === true;
  }

  /** By class: 1 where it never changes the state. */
  readOnlyClasses(): Uint8Array {
    return Uint8Array.from(this.#isReadOnly, Number);
  }

  /**
   * The state after an operation of that class, or −1 where the model forbids it.
   *
   * @throws ModelStop
   */
  step(state: number, operationClass: number): number {
    const before = this.#states[state] as State;
    const operation = this.#operations[operationClass] as ModelOperation;
    const after = this.#ask(operationClass, state, () => this.#model.step(before, operation));
    if (after === null) return -1;
    const id = this.#idOf(after, operationClass);
    if (id !== state && this.isReadOnly(operationClass)) {
      const change = `it makes ${this.#shown(state)} into ${this.#shown(id)}`;
      throw this.#fault(operationClass, `says that an operation never changes the state, but ${change}`);
    }
    return id;
  }

  #idOf(state: State, operationClass: number): number {
    const text = this.#textOf(state, operationClass);
    const known = this.#idOfText.get(text);
    if (known !== undefined) return known;
    this.#bytes += bytesOfState + 2 * text.length;
    if (this.#bytes > this.#mostBytes) {
      throw new ModelStop(
        "states",
        `the model ${this.#model.name} has more than ${this.#states.length} states`,
      );
    }
    this.#idOfText.set(text, this.#states.length);
    return this.#states.push(state) - 1;
  }

  #textOf(state: State, operationClass: number): string {
    if (this.#model.textOf !== undefined) {
      const text: unknown = this.#ask(operationClass, -1, () => this.#model.textOf?.(state));
      if (typeof text === "string") return text;
      throw this.#fault(operationClass, `has a state whose text is no string but ${typeof text}`);
    }
    const wrong = notPlain(state);
    if (wrong !== null) {
      throw this.#fault(operationClass, `has a state that is no plain data: there is ${wrong} in it`);
    }
    return JSON.stringify(state);
  }

  /** Asks the model, and tells what it throws. */
  #ask<Answer>(operationClass: number, state: number, question: () => Answer): Answer {
    try {
      return question();
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      const where = state < 0 ? "" : ` in the state ${this.#shown(state)}`;
      throw this.#fault(operationClass, `threw "${said}"${where}`, cause);
    }
  }

  #fault(operationClass: number, did: string, cause?: unknown): ModelStop {
    const over = operationClass < 0 ? "at its initial state" : `over this: ${this.#describe(operationClass)}`;
    return new ModelStop("fault", `the model ${this.#model.name} ${did}, ${over}`, cause);
  }

  #shown(state: number): string {
    const text = [...this.#idOfText.keys()][state] ?? "";
    return text.length <= longestState ? text : `${text.slice(0, longestState - 1)}…`;
  }
}
