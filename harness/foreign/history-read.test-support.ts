import { OperatingError } from "../base/errors.ts";
import type { HistoryFormat, ReadHistory } from "./history-reader.ts";
import { openReader } from "./open-reader.ts";

/** How a text is read in a suite. */
export interface Reading {
  readonly format?: HistoryFormat | "auto";
  readonly isIndependent?: boolean;
  /** Length of the pieces in which the text comes; the whole at once where it is left out. */
  readonly pieces?: number;
}

/** What a reader makes of a text. */
export function readText(
  text: string,
  { format = "auto", isIndependent = false, pieces = text.length }: Reading = {},
): ReadHistory {
  const reader = openReader({ format, isIndependent });
  for (let at = 0; at < text.length; at += pieces) reader.push(text.slice(at, at + pieces));
  return reader.finish();
}

/** What a reader refuses a text with; `read` where it takes it. Anything else than bad input is a failure. */
export function refusalOf(text: string, reading: Reading = {}): string {
  try {
    readText(text, reading);
    return "read";
  } catch (error) {
    if (error instanceof OperatingError && error.code === "bad-history") return error.message;
    throw error;
  }
}
