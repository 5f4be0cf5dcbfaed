import { createReadStream } from "node:fs";
import { OperatingError } from "../base/errors.ts";
import type { HistoryReader, ReadHistory } from "../foreign/history-reader.ts";
import type { ReadOptions } from "../foreign/open-reader.ts";
import { openReader } from "../foreign/open-reader.ts";
import { failure, reasonOf } from "./files.ts";
import { textChunks } from "./text-chunks.ts";

/** How much is read at a time, in bytes. Chosen: larger ones read no faster. */
const chunkBytes = 256 * 1024;

/** What people call a file that was given as `-`, or not at all. */
export function sourceName(file: string): string {
  return file === "-" ? "standard input" : file;
}

/**
 * Reads a history file, or standard input where the file is `-`, without ever holding its text.
 *
 * @throws OperatingError `bad-history`
 */
export async function readHistory(file: string, options: ReadOptions): Promise<ReadHistory> {
  const reader = openReader(options);
  const stream: AsyncIterable<Uint8Array> =
    file === "-" ? process.stdin : createReadStream(file, { highWaterMark: chunkBytes });
  try {
    for await (const text of textChunks(stream)) reader.push(text);
    return reader.finish();
  } catch (cause) {
    throw readFailure(cause, reader);
  }
}

function readFailure(cause: unknown, reader: HistoryReader): unknown {
  if (cause instanceof OperatingError || !(cause instanceof Error)) return cause;
  // V8 has room for so many entries of a map, and arrays of so many bytes; its stack is not the file's affair.
  if (cause instanceof RangeError && !cause.message.includes("call stack")) {
    const why = "more than there is room for; cut the history by key, or by time where nothing is open";
    return failure("bad-history", `line ${reader.line}: ${why} (${cause.message})`, cause);
  }
  const isOfFileSystem = "code" in cause && typeof cause.code === "string";
  return isOfFileSystem ? failure("bad-history", `cannot be read: ${reasonOf(cause)}`, cause) : cause;
}
