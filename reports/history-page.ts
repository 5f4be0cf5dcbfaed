import type { HistoryCheck } from "../checkers/check-history.ts";
import type { Checker } from "../harness/contracts/checker.ts";
import type { History } from "../harness/history/history.ts";
import { page } from "./frame.ts";
import { html } from "./html.ts";

/** Everything that the page of a history is made of. */
export interface HistoryPage {
  readonly history: History;
  readonly check: HistoryCheck;
  /** The checkers that may have judged it, for what they assume. */
  readonly checkers: readonly Pick<Checker, "name" | "assumes">[];
  /** What people call the file: its name, or "standard input". */
  readonly source: string;
  /** What the file is written in: "JSON lines", "Jepsen EDN". */
  readonly format: string;
  /** The words after `npm start --` that judge it again, as a program would be given them. */
  readonly command: readonly string[];
}

/**
 * One page for anybody's history, in one file: the verdict, what was judged, and each anomaly with its picture.
 * Its size has a bound, whatever the history's.
 */
export function historyPage(parts: HistoryPage): string {
  const { check, source } = parts;
  return page(
    { title: `Recount: ${source}`, crumbs: html`Recount`, aside: null, script: null },
    html`<h1>${check.word}</h1>`,
  );
}
