import type { HistoryCheck, HistoryModel } from "../../../checkers/check-history.ts";
import type { Model } from "../../../checkers/models/model.ts";
import { modelCheckers } from "../../../checkers/models/model-checkers.ts";
import { modelLinearizability } from "../../../checkers/models/model-linearizability.ts";
import { checkers } from "../../../checkers/registry.ts";
import { historyPage } from "../../../reports/history-page.ts";
import { exitStatus, OperatingError } from "../../base/errors.ts";
import { printable } from "../../base/printable.ts";
import { judgeHistory } from "../../campaign/judge-history.ts";
import type { ReadHistory } from "../../foreign/history-reader.ts";
import type { ReadOptions } from "../../foreign/open-reader.ts";
import { checkLines, formatNames } from "../check-text.ts";
import { writeText } from "../files.ts";
import { readHistory, sourceName } from "../read-history.ts";
import { columnsOf, print, printJson, tell } from "../terminal.ts";
import { modelNamed } from "../user-model.ts";

/** What `check` was asked for. */
export interface CheckFlags {
  readonly format: ReadOptions["format"];
  /** One of ours, or the path of somebody's own; chosen by what the history looks like where it is left out. */
  readonly model?: string;
  readonly independent?: true;
  /** Worker threads; 0 judges in this one. By cores and size where it is left out. */
  readonly threads?: number;
  readonly json?: true;
  /** Where the page of the one file goes. */
  readonly html?: string;
}

type AskedModel = HistoryModel | Model | null;

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
  const model = await modelNamed(flags.model);
  const statuses: number[] = [];
  for (const file of files.length === 0 ? ["-"] : files) statuses.push(await checkOne(file, model, flags));
  return gravestFirst.find((status) => statuses.includes(status)) ?? exitStatus.asExpected;
}

async function checkOne(file: string, model: AskedModel, flags: CheckFlags): Promise<number> {
  const name = sourceName(file);
  try {
    const read = await readHistory(file, { format: flags.format, isIndependent: flags.independent === true });
    const result = await judgeHistory(read.history, model, threadsOf(flags));
    if (flags.html !== undefined) writeText(flags.html, pageOf(file, read, result, model, flags));
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

function threadsOf({ threads }: CheckFlags): { threads?: number } {
  return threads === undefined ? {} : { threads };
}

function pageOf(
  file: string,
  { history, format }: ReadHistory,
  check: HistoryCheck,
  model: AskedModel,
  flags: CheckFlags,
): string {
  const command = ["check", file];
  if (flags.format !== "auto") command.push("--format", flags.format);
  if (flags.model !== undefined) command.push("--model", flags.model);
  if (flags.independent) command.push("--independent");
  const own = typeof model === "object" && model !== null ? [modelLinearizability(model)] : [];
  const judges = [...own, ...checkers, ...modelCheckers];
  const source = sourceName(file);
  return historyPage({ history, check, checkers: judges, source, format: formatNames[format], command });
}
