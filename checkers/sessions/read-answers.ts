/** A write that a session has read, as the answer to whatever its writer knew, and the read that first showed it. */
export interface Answer {
  readonly key: number;
  readonly write: number;
  readonly read: number;
}

/**
 * The answers that one session has read. Of each writer the last one is kept, and the last one at another key
 * than that: whoever wrote it knew more than at any answer before, and a key does not answer itself.
 */
export class ReadAnswers {
  readonly #last = new Map<number, Answer>();
  readonly #other = new Map<number, Answer>();

  /** How many sessions wrote them. */
  get size(): number {
    return this.#last.size;
  }

  /** The sessions that wrote them. */
  sessions(): Iterable<number> {
    return this.#last.keys();
  }

  /** Rows are in order of invocation, so the greater row is the later answer. */
  note(writer: number, answer: Answer): void {
    const last = this.#last.get(writer);
    if (last === undefined) {
      this.#last.set(writer, answer);
    } else if (answer.write > last.write) {
      this.#last.set(writer, answer);
      if (answer.key !== last.key) this.#other.set(writer, last);
    } else if (answer.key !== last.key && answer.write > (this.#other.get(writer)?.write ?? -1)) {
      this.#other.set(writer, answer);
    }
  }

  /** The last answer of this writer that is not at this key; null where there is none. */
  elsewhere(writer: number, key: number): Answer | null {
    const last = this.#last.get(writer);
    return (last?.key === key ? this.#other.get(writer) : last) ?? null;
  }
}
