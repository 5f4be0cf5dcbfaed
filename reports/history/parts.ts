import type { HistoryCheck } from "../../checkers/check-history.ts";
import type { UndecidedWindow } from "../../harness/history/verdict.ts";
import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import { capital, counted, cut, figure } from "../wording.ts";
import type { ToldAnomaly } from "./anomaly-section.ts";
import { anomalySection, shortAnomalySection } from "./anomaly-section.ts";
import type { PageHistory } from "./told-operations.ts";
import { undecidedSection, undecidedWords } from "./undecided-section.ts";

/** Most undecided windows that are drawn; there is one for each key that a search gave up on. */
export const mostWindows = 20;

/** A window with the id of its part of the page. */
export interface NumberedWindow {
  readonly id: string;
  readonly window: UndecidedWindow;
  readonly checker: string;
}

/** All windows that some checker could not decide. */
export function undecidedOf({ verdicts }: HistoryCheck): NumberedWindow[] {
  const all = verdicts.flatMap(({ checker, verdict }) =>
    verdict.word === "unknown" ? (verdict.undecided ?? []).map((window) => ({ window, checker })) : [],
  );
  return all.map((each, at) => ({ ...each, id: `undecided-${at + 1}` }));
}

/** Rows of the list of what was found; further ones are folded away. */
const openRows = 8;

/** The list of what was found, where there is more than one thing. */
export function foundTable(told: readonly ToldAnomaly[], left: number): Part {
  if (told.length < 2) return null;
  const rows = told.map(
    ({ anomaly }, at) =>
      html`<tr><td class="n">${at + 1}</td><td class="kind"><a href="#anomaly-${at + 1}">${anomaly.kind}</a></td><td class="where">${cut(pathOf(anomaly), 30)}</td><td>${cut(anomaly.says, 160)}</td></tr>
`,
  );
  const table = (some: readonly Markup[]): Markup =>
    html`<table class="found"><thead class="hide"><tr><th scope="col">number</th><th scope="col">kind</th><th scope="col">key</th><th scope="col">what</th></tr></thead><tbody>${some}</tbody></table>`;
  const rest = rows.slice(openRows);
  return html`<h2>What was found</h2>
${table(rows.slice(0, openRows))}
${left > 0 ? html`<p class="note">The first ${told.length} are shown; ${counted(left, "more anomaly", "more anomalies")} not.</p>` : null}
${rest.length === 0 ? null : html`<details><summary>${figure(rest.length)} more</summary>${table(rest)}</details>`}
<p class="note screen" data-needs-script hidden><kbd>n</kbd> <kbd>p</kbd> lead to the next and the previous one.</p>`;
}

function pathOf({ keyspace, key }: { readonly keyspace: string; readonly key: string }): string {
  return keyspace === "" ? key : `${keyspace}/${key}`;
}

/** What is left of the room that parts have in full; further ones are told in few words. */
export interface Room {
  left: number;
}

function inRoom(room: Room, whole: () => Markup, short: () => Markup): Markup {
  const part = room.left > 0 ? whole() : short();
  room.left -= part.markup.length;
  return part;
}

/** The anomalies one after the other. */
export function anomalyParts(
  drawn: PageHistory,
  told: readonly ToldAnomaly[],
  model: string,
  room: Room,
): Markup {
  const isAlone = told.length === 1;
  return html`${told.map((each, at) => {
    const { kind } = each.anomaly;
    const path = pathOf(each.anomaly);
    const where = path === "" ? null : html`<small>key ${cut(path, 60)}</small>`;
    const body = inRoom(
      room,
      () => anomalySection(drawn, each, { model, isAlone }),
      () => shortAnomalySection(each),
    );
    return html`<section class="part" id="anomaly-${at + 1}"><header><h2 tabindex="-1">${isAlone ? null : `${at + 1}. `}${capital(kind)}${where}</h2>${neighbours("anomaly", at, told.length)}</header>
${body}
</section>
`;
  })}`;
}

function neighbours(what: string, at: number, count: number): Part {
  if (count === 1) return null;
  const link = (to: number, says: string): Part =>
    to < 0 || to >= count ? null : html`<a href="#${what}-${to + 1}">${says}</a>`;
  return html`<span class="screen">${link(at - 1, "← previous")} &nbsp; ${link(at + 1, "next →")}</span>`;
}

/** What could not be decided, key by key. */
export function undecidedParts(drawn: PageHistory, windows: readonly NumberedWindow[], room: Room): Markup {
  const shown = windows.slice(0, mostWindows);
  const left = windows.length - shown.length;
  return html`${shown.map(({ id, window, checker }, at) => {
    const body = inRoom(
      room,
      () => undecidedSection(drawn, window, checker),
      () => html`<p class="lead">${undecidedWords(window, checker)}</p>`,
    );
    return html`<section class="part" id="${id}"><header><h2 tabindex="-1">Undecided<small>key ${cut(pathOf(window), 60)}</small></h2>${neighbours("undecided", at, shown.length)}</header>
${body}
</section>
`;
  })}${left > 0 ? html`<p class="note">${counted(left, "more window")} could not be decided either.</p>` : null}`;
}
