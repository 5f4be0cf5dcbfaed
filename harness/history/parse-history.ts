import { OperatingError } from "../base/errors.ts";
import type { History, HistoryHeader } from "./history.ts";
import type { InvocationFacts } from "./history-builder.ts";
import { HistoryBuilder } from "./history-builder.ts";
import type { ParsedLine } from "./parse-line.ts";
import { lastIndex, parseLine } from "./parse-line.ts";
import type { HistoryValue } from "./values.ts";
import { sameValue } from "./values.ts";

/** Longest line that is read, in characters. Chosen: room for the dump of a replica with 100,000 keys. */
const longestLine = 16 * 1024 * 1024;

interface OpenOperation {
  readonly row: number;
  readonly line: number;
  readonly facts: InvocationFacts;
}

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
  #builder: HistoryBuilder | null = null;
  readonly #open = new Map<string | number, OpenOperation>();
  #line = 0;
  #lastIndex = -1;
  #lastNs = 0;
  /** Whether the file numbers its events; where it doesn't, the order of the lines does. */
  #isNumbered: boolean | null = null;

  push(text: string): void {
    this.#line += 1;
    if (text.length > longestLine)
      this.#refuse(`longer than ${longestLine} characters; cut the dump into keyspaces`);
    const plain = this.#line === 1 && text.startsWith("\ufeff") ? text.slice(1) : text;
    if (plain.trim() === "") return;
    const parsed = parseLine(plain, (wrong) => this.#refuse(wrong));
    if (parsed.kind === "header") {
      if (this.#builder !== null) this.#refuse("a second header; it may only be the first line");
      this.#builder = new HistoryBuilder(parsed.header);
      return;
    }
    const builder = this.#builder ?? this.#begin({});
    const index = this.#tick(parsed.index, parsed.time);
    if (parsed.kind === "mark") builder.mark(parsed.mark(index));
    else if (parsed.kind === "invocation") this.#invoke(builder, index, parsed);
    else if (parsed.kind === "completion") this.#complete(builder, index, parsed);
  }

  /** The history; operations that are still open are pending. */
  finish(): History {
    return (this.#builder ?? this.#begin({})).finish();
  }

  #begin(header: HistoryHeader): HistoryBuilder {
    this.#builder = new HistoryBuilder(header);
    return this.#builder;
  }

  #invoke(
    builder: HistoryBuilder,
    index: number,
    { time, facts }: ParsedLine & { kind: "invocation" },
  ): void {
    const busy = this.#open.get(facts.process);
    if (busy !== undefined) {
      const name = JSON.stringify(facts.process);
      this.#refuse(
        `process ${name} invokes a ${facts.f}, but its ${busy.facts.f} of line ${busy.line} is still open; ` +
          "a process does one thing at a time: end the first, or use another process",
      );
    }
    const row = builder.invoke(index, time, facts);
    this.#open.set(facts.process, { row, line: this.#line, facts });
  }

  #complete(builder: HistoryBuilder, index: number, parsed: ParsedLine & { kind: "completion" }): void {
    const { process, time, facts } = parsed;
    const open = this.#open.get(process);
    if (open === undefined) {
      const name = JSON.stringify(process);
      this.#refuse(
        `process ${name} completes a ${parsed.f}, but it has none open; an invocation must come first`,
      );
    }
    this.#open.delete(process);
    this.#refuseMismatch(open, parsed);
    builder.complete(open.row, index, time, facts);
  }

  #refuseMismatch({ facts, line }: OpenOperation, parsed: ParsedLine & { kind: "completion" }): void {
    const agree = (what: string, asked: HistoryValue, answered: HistoryValue | undefined): void => {
      if (answered === undefined || sameValue(asked, answered)) return;
      this.#refuse(
        `completes ${what} ${JSON.stringify(answered)}, but line ${line} invoked ${JSON.stringify(asked)}`,
      );
    };
    agree("the function", facts.f, parsed.f);
    agree("the key", facts.key, parsed.key);
    agree("the keyspace", facts.keyspace ?? "", parsed.keyspace);
    // A completed write or cas may leave its value out; what it says must be what was asked.
    const isChange = facts.f === "write" || facts.f === "cas";
    if (isChange && parsed.facts.value !== null) agree("the value", facts.value ?? null, parsed.facts.value);
  }

  #tick(index: number | null, time: number): number {
    if (this.#isNumbered === null) this.#isNumbered = index !== null;
    if (this.#isNumbered !== (index !== null)) {
      this.#refuse('some lines have an "index" and some don\'t; number all of them or none');
    }
    const next = index ?? this.#lastIndex + 1;
    if (next <= this.#lastIndex) {
      this.#refuse(`"index" goes back from ${this.#lastIndex} to ${next}; lines stand in ascending order`);
    }
    if (next > lastIndex) this.#refuse(`more than ${lastIndex} events; cut the history by key`);
    if (time < this.#lastNs) {
      this.#refuse(`"time" goes back from ${this.#lastNs} to ${time}; it counts nanoseconds since the start`);
    }
    this.#lastIndex = next;
    this.#lastNs = time;
    return next;
  }

  #refuse(wrong: string): never {
    throw new OperatingError("bad-history", `line ${this.#line}: ${wrong}`);
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
