import { OperatingError } from "../base/errors.ts";
import { detectFormat, isJsonArray } from "./detect-format.ts";
import { EdnReader } from "./edn-reader.ts";
import { shown } from "./edn-text.ts";
import { EtcdLogReader } from "./etcd-log-reader.ts";
import type { HistoryFormat, HistoryReader, ReadHistory } from "./history-reader.ts";
import { historyFormats } from "./history-reader.ts";
import { JsonLinesReader } from "./json-lines-reader.ts";

/** How a file is to be read. */
export interface ReadOptions {
  /** `auto`: its beginning tells. */
  readonly format: HistoryFormat | "auto";
  /** Whether every value of an EDN history is `[key value]`. */
  readonly isIndependent: boolean;
}

/** How much of a file is looked at to tell its format, in characters. Chosen: room for comments and a log's start. */
const headLength = 65_536;

/** A reader for a file in that format. */
export function openReader({ format, isIndependent }: ReadOptions): HistoryReader {
  if (isIndependent && format !== "edn" && format !== "auto") {
    throw new OperatingError("usage", `--independent is for Jepsen's EDN; ${format} has a field for keys`);
  }
  switch (format) {
    case "auto":
      return new DetectingReader(isIndependent);
    case "jsonl":
      return new JsonLinesReader();
    case "edn":
    case "porcupine-kv":
      return new EdnReader(format, { isIndependent });
    case "porcupine-etcd":
      return new EtcdLogReader();
  }
}

/** Keeps the beginning of a file until it tells the format. */
class DetectingReader implements HistoryReader {
  readonly #isIndependent: boolean;
  #head = "";
  #reader: HistoryReader | null = null;

  constructor(isIndependent: boolean) {
    this.#isIndependent = isIndependent;
  }

  get line(): number {
    return this.#reader?.line ?? 0;
  }

  push(text: string): void {
    if (this.#reader !== null) {
      this.#reader.push(text);
      return;
    }
    this.#head += text;
    if (this.#head.length >= headLength) this.#open();
  }

  finish(): ReadHistory {
    return (this.#reader ?? this.#open()).finish();
  }

  #open(): HistoryReader {
    const head = this.#head;
    this.#head = "";
    const format = detectFormat(head.slice(0, headLength));
    if (format === null) throw new OperatingError("bad-history", `line 1: ${unknownFormat(head)}`);
    this.#reader = openReader({ format, isIndependent: this.#isIndependent });
    this.#reader.push(head);
    return this.#reader;
  }
}

function unknownFormat(head: string): string {
  if (isJsonArray(head)) return "an array of JSON; write one event a line, without brackets around them";
  const known = historyFormats.join(", ");
  return `begins with ${shown(head.trimStart().slice(0, 40))}, which is none of ${known}; --format NAME says which`;
}
