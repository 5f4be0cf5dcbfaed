import { HistoryParser } from "../history/journal.ts";
import type { HistoryReader, ReadHistory } from "./history-reader.ts";
import { LineSplitter } from "./line-splitter.ts";

/** Reads histories in our own format: JSON lines. */
export class JsonLinesReader implements HistoryReader {
  readonly #parser: HistoryParser = new HistoryParser();
  readonly #lines: LineSplitter = new LineSplitter((line) => this.#parser.push(line));

  get line(): number {
    return this.#parser.line;
  }

  push(text: string): void {
    this.#lines.push(text);
  }

  finish(): ReadHistory {
    this.#lines.finish();
    return { history: this.#parser.finish(), format: "jsonl", notes: [] };
  }
}
