import { createReadStream } from "node:fs";
import type { HistoryCheck, HistoryModel } from "../../../checkers/check-history.ts";
import { checkHistory } from "../../../checkers/check-history.ts";
import { counted } from "../../../reports/wording.ts";
import { exitStatus, OperatingError } from "../../base/errors.ts";
import type { History } from "../../history/history.ts";
import { HistoryParser } from "../../history/journal.ts";
import { failure, reasonOf } from "../files.ts";
import { columnsOf, print, printJson, tell, wrap } from "../terminal.ts";
import { textLines } from "../text-lines.ts";

/** What `check` was asked for. */
export interface CheckFlags {
  readonly model: HistoryModel;
  readonly json?: true;
}

const statusOfWord = {
  valid: exitStatus.asExpected,
  invalid: exitStatus.contradicted,
  unknown: exitStatus.unknown,
} as const;

/** Of several files the gravest decides: bad input, then invalid, then unknown. */
const gravestFirst: readonly number[] = [
  exitStatus.wrongUsage,
  exitStatus.contradicted,
  exitStatus.unknown,
  exitStatus.asExpected,
];

/** Judges history files that anybody wrote; no file, or `-`, is standard input. */
export async function check(files: readonly string[], flags: CheckFlags): Promise<number> {
  const statuses: number[] = [];
  for (const file of files.length === 0 ? ["-"] : files) statuses.push(await checkOne(file, flags));
  return gravestFirst.find((status) => statuses.includes(status)) ?? exitStatus.asExpected;
}

async function checkOne(file: string, { model, json }: CheckFlags): Promise<number> {
  const name = file === "-" ? "standard input" : file;
  try {
    const result = checkHistory(await readHistory(file), model);
    if (json) printJson({ file: name, ...result });
    else show(name, result);
    return statusOfWord[result.word];
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    // Each file gets its line, so that a list of results is as long as the list of files.
    if (json) printJson({ file: name, word: "badInput", because: error.message });
    tell(`recount: ${name}: ${error.message}`);
    return error.status;
  }
}

async function readHistory(file: string): Promise<History> {
  const stream: AsyncIterable<Uint8Array> = file === "-" ? process.stdin : createReadStream(file);
  const parser = new HistoryParser();
  try {
    for await (const line of textLines(stream)) parser.push(line);
  } catch (cause) {
    if (cause instanceof OperatingError || !(cause instanceof Error)) throw cause;
    const why = cause instanceof TypeError ? "it is not UTF-8" : reasonOf(cause);
    throw failure("bad-history", `cannot be read: ${why}`, cause);
  }
  return parser.finish();
}

function show(name: string, { word, because, model, operations, anomalies }: HistoryCheck): void {
  const columns = columnsOf(process.stdout);
  const why = because === null ? "" : `: ${because}`;
  print(wrap(`${name}: ${word} as ${model}, ${counted(operations, "operation")}${why}`, columns, 2));
  for (const { kind, says } of anomalies) print(wrap(`- ${kind}: ${says}`, columns, 2));
}
