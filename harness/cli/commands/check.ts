import type { HistoryCheck, HistoryModel } from "../../../checkers/check-history.ts";
import { checkHistory } from "../../../checkers/check-history.ts";
import { checkers } from "../../../checkers/registry.ts";
import { historyPage } from "../../../reports/history-page.ts";
import { exitStatus, OperatingError } from "../../base/errors.ts";
import { printable } from "../../base/printable.ts";
import type { ReadHistory } from "../../foreign/history-reader.ts";
import type { ReadOptions } from "../../foreign/open-reader.ts";
import { checkLines, formatNames } from "../check-text.ts";
import { writeText } from "../files.ts";
import { readHistory, sourceName } from "../read-history.ts";
import { columnsOf, print, printJson, tell } from "../terminal.ts";

/** What `check` was asked for. */
export interface CheckFlags {
  readonly format: ReadOptions["format"];
  /** Chosen by the functions of the history where it is left out. */
  readonly model?: HistoryModel;
  readonly independent?: true;
  readonly json?: true;
  /** Where the page of the one file goes. */
  readonly html?: string;
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
  if (flags.html !== undefined && files.length > 1) {
    throw new OperatingError("usage", "--html is the page of one history; give one file at a time");
  }
  const statuses: number[] = [];
  for (const file of files.length === 0 ? ["-"] : files) statuses.push(await checkOne(file, flags));
  return gravestFirst.find((status) => statuses.includes(status)) ?? exitStatus.asExpected;
}

async function checkOne(file: string, flags: CheckFlags): Promise<number> {
  const name = sourceName(file);
  try {
    const read = await readHistory(file, { format: flags.format, isIndependent: flags.independent === true });
    const result = checkHistory(read.history, flags.model ?? null);
    if (flags.html !== undefined) writeText(flags.html, pageOf(file, read, result, flags));
    if (flags.json) printJson({ file: name, format: read.format, notes: read.notes, ...result });
    else for (const line of checkLines(name, read, result, columnsOf(process.stdout))) print(line);
    return statusOfWord[result.word];
  } catch (error) {
    if (!(error instanceof OperatingError) || error.code === "cannot-write") throw error;
    // Each file gets its line, so that a list of results is as long as the list of files.
    if (flags.json) printJson({ file: name, word: "badInput", because: error.message });
    tell(printable(`recount: ${name}: ${error.message}`));
    return error.status;
  }
}

function pageOf(file: string, read: ReadHistory, check: HistoryCheck, flags: CheckFlags): string {
  const command = ["check", file];
  if (flags.format !== "auto") command.push("--format", flags.format);
  if (flags.model !== undefined) command.push("--model", flags.model);
  if (flags.independent) command.push("--independent");
  const { history, format } = read;
  return historyPage({
    history,
    check,
    checkers,
    source: sourceName(file),
    format: formatNames[format],
    command,
  });
}
