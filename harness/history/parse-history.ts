import { OperatingError } from "../base/errors.ts";
import type { History, HistoryHeader } from "./history.ts";
import { HistoryAssembler } from "./history-assembler.ts";
import { parseLine } from "./parse-line.ts";

/** Longest line that is read, in characters. Chosen: room for the dump of a replica with 100,000 keys. */
export const longestLine: number = 16 * 1024 * 1024;

/** Reads a history file, given whole or line by line. */
export function parseHistory(source: string | Iterable<string>): History {
  const parser = new HistoryParser();
  for (const line of typeof source === "string" ? linesOf(source) : source) parser.push(line);
  return parser.finish();
}

/**
 * Reads a history line by line and keeps nothing but the columns and the open operations. What it refuses, it
 * refuses with the number of the line, what is wrong, and what would be right.
 *
 * @throws OperatingError `bad-history`
 */
export class HistoryParser {
  #assembler: HistoryAssembler | null = null;
  #line = 0;
  readonly #refuse = (wrong: string): never => {
    throw new OperatingError("bad-history", `line ${this.#line}: ${wrong}`);
  };

  /** The number of the last line. */
  get line(): number {
    return this.#line;
  }

  push(text: string): void {
    this.#line += 1;
    if (text.length > longestLine)
      this.#refuse(`longer than ${longestLine} characters; cut the dump into keyspaces`);
    const plain = this.#line === 1 && text.startsWith("\ufeff") ? text.slice(1) : text;
    if (plain.trim() === "") return;
    const parsed = parseLine(plain, this.#refuse);
    if (parsed.kind !== "header") {
      (this.#assembler ?? this.#begin({})).take(parsed, this.#line);
    } else if (this.#assembler === null) {
      this.#begin(parsed.header);
    } else {
      this.#refuse("a second header; it may only be the first line");
    }
  }

  /** The history; operations that are still open are pending. */
  finish(): History {
    return (this.#assembler ?? this.#begin({})).finish();
  }

  #begin(header: HistoryHeader): HistoryAssembler {
    const words = { index: '"index"', time: '"time"' };
    this.#assembler = new HistoryAssembler(header, words, this.#refuse);
    return this.#assembler;
  }
}

function* linesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf("\n", from);
    if (end < 0) {
      yield text.slice(from);
      return;
    }
    yield text.slice(from, end);
    from = end + 1;
  }
}
