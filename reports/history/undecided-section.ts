import { cell } from "../../harness/history/cell.ts";
import type { UndecidedWindow } from "../../harness/history/verdict.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { counted, cut, figure } from "../wording.ts";
import { pageOperation } from "./found-operations.ts";
import { picture } from "./paint-picture.ts";
import { stepsOfEvidence } from "./steps-of-evidence.ts";
import type { PageHistory } from "./told-operations.ts";
import { mostTold, namesOf, sceneOf } from "./told-operations.ts";

/** What could not be decided, in a sentence. */
export function undecidedWords(
  { key, keyspace, operations, from, to }: UndecidedWindow,
  checker: string,
): string {
  const path = keyspace === "" ? key : `${keyspace}/${key}`;
  const where = path === "" ? "the register" : `key ${cut(path, 60)}`;
  return `${cut(checker, 60)} could not decide ${counted(operations, "operation")} of ${where}, events ${figure(from)} to ${figure(to)}, within its budget. What came before can be ordered.`;
}

/** A part of a key's history that nobody could decide within the budget: its first operations, drawn. */
export function undecidedSection(page: PageHistory, window: UndecidedWindow, checker: string): Markup {
  const { operations } = window;
  const rows = firstRows(page, window);
  const told = rows.map((row) => pageOperation(page.history, row, true));
  const says = undecidedWords(window, checker);
  const lead = html`<p class="lead">${says}</p>`;
  if (told.length === 0) return lead;
  const names = namesOf(told);
  const { scene } = sceneOf(page, told, { shows: null, names, clash: null, showsOrder: false });
  const around = scene.around.length === 0 ? "" : " Pale: what else was under way on the same key.";
  const part = told.length < operations ? `The first ${told.length} of them. ` : "";
  return html`${lead}
<figure>
${picture(scene, says)}
<figcaption>${part}Bars run from call to answer.${around}</figcaption>
</figure>
<details><summary>Step by step</summary>
${stepsOfEvidence(told, null, names, page.hasClock)}</details>`;
}

/** The first operations of a window, found by one pass over the history at most. */
function firstRows({ history }: PageHistory, { key, keyspace, from, to }: UndecidedWindow): number[] {
  const id = history.keys.findIndex((each) => each.key === key && each.keyspace === keyspace);
  const rows: number[] = [];
  for (let row = 0; row < history.length && rows.length < mostTold; row += 1) {
    const index = cell(history.invokeIndex, row);
    if (index >= from && index <= to && history.key[row] === id) rows.push(row);
  }
  return rows;
}
