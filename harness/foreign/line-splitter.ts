import { longestLine } from "../history/parse-history.ts";

/**
 * Cuts text that comes in pieces into lines, by line feeds only. A line that is too long is handed on as soon as
 * that is known, for whoever takes it to refuse: no more of it is kept.
 */
export class LineSplitter {
  readonly #take: (line: string) => void;
  #rest = "";

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  push(text: string): void {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      const line = text.slice(from, end);
      this.#take(this.#rest === "" ? line : this.#rest + line);
      this.#rest = "";
      from = end + 1;
    }
    this.#rest += text.slice(from);
    if (this.#rest.length > longestLine) this.#take(this.#rest);
  }

  /** The last line may have no end. */
  finish(): void {
    if (this.#rest !== "") this.#take(this.#rest);
    this.#rest = "";
  }
}
