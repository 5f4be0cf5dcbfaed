import { once } from "node:events";
import { exitStatus, OperatingError } from "../../base/errors.ts";
import { ednLines } from "../../foreign/edn-lines.ts";
import type { WrittenFormat } from "../../foreign/history-reader.ts";
import type { ReadOptions } from "../../foreign/open-reader.ts";
import type { History } from "../../history/history.ts";
import { historyLines } from "../../history/journal.ts";
import { failure, writePieces } from "../files.ts";
import { readHistory, sourceName } from "../read-history.ts";

/** What `convert` was asked for. */
export interface ConvertFlags {
  readonly format: ReadOptions["format"];
  readonly independent?: true;
  readonly to: WrittenFormat;
  /** Standard output where it is left out. */
  readonly out?: string;
}

/** Lines that are written at once. Chosen: some 100 kB, so that a system call costs nothing beside them. */
const linesAtOnce = 1_000;

/** Writes a history in another format, to a file or to standard output. */
export async function convert(file: string, flags: ConvertFlags): Promise<number> {
  const history = await read(file, flags);
  const pieces = piecesOf(linesOf(history, flags.to));
  if (flags.out === undefined) await printPieces(pieces);
  else writePieces(flags.out, pieces);
  return exitStatus.asExpected;
}

async function read(file: string, { format, independent }: ConvertFlags): Promise<History> {
  try {
    return (await readHistory(file, { format, isIndependent: independent === true })).history;
  } catch (cause) {
    if (!(cause instanceof OperatingError)) throw cause;
    throw failure(cause.code, `${sourceName(file)}: ${cause.message}`, cause);
  }
}

function* linesOf(history: History, to: ConvertFlags["to"]): Generator<string> {
  if (to === "edn") yield* ednLines(history);
  else for (const line of historyLines(history)) yield JSON.stringify(line);
}

function* piecesOf(lines: Iterable<string>): Generator<string> {
  let piece: string[] = [];
  for (const line of lines) {
    piece.push(`${line}\n`);
    if (piece.length < linesAtOnce) continue;
    yield piece.join("");
    piece = [];
  }
  yield piece.join("");
}

/** No faster than they are read: what waits to be written would be kept in memory. */
async function printPieces(pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    if (!process.stdout.write(piece)) await once(process.stdout, "drain");
  }
}
