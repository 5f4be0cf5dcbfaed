import type { HistoryCheck } from "../checkers/check-history.ts";
import type { Checker } from "../harness/contracts/checker.ts";
import { cell } from "../harness/history/cell.ts";
import type { History } from "../harness/history/history.ts";
import type { UndecidedWindow } from "../harness/history/verdict.ts";
import { command, quoted } from "./command.ts";
import { metaLine, page } from "./frame.ts";
import type { ToldAnomaly } from "./history/anomaly-section.ts";
import { anomalySection, anomalyWords, indicesOf, toldAnomaly } from "./history/anomaly-section.ts";
import type { FaultBand } from "./history/fault-bands.ts";
import { faultBands } from "./history/fault-bands.ts";
import { findOperations, pageOperation } from "./history/found-operations.ts";
import type { HistoryFacts } from "./history/history-facts.ts";
import { historyFacts } from "./history/history-facts.ts";
import { historyScript } from "./history/history-script.ts";
import { historyStyle } from "./history/history-style.ts";
import type { Landmark } from "./history/overview.ts";
import { overview } from "./history/overview.ts";
import { picture } from "./history/paint-picture.ts";
import { checkersTable, functionsTable, measuresOf, measuresTable, share } from "./history/tables.ts";
import type { PageHistory } from "./history/told-operations.ts";
import { mostTold, namesOf, sceneOf } from "./history/told-operations.ts";
import { undecidedSection } from "./history/undecided-section.ts";
import { modelName, verdictHeadline, verdictLead } from "./history/verdict-words.ts";
import type { Markup, Part } from "./html.ts";
import { html } from "./html.ts";
import { capital, counted, cut, duration, figure } from "./wording.ts";

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

/** Most undecided windows that are drawn; there is one for each key that a search gave up on. */
const mostWindows = 20;

/** Characters of all pictures together. Chosen: with 100 anomalies' words a page stays below two megabytes. */
const pictureBudget = 1_200_000;

/**
 * One page for anybody's history, in one file: the verdict, what was judged, and each anomaly with its picture.
 * Its size has a bound, whatever the history's.
 */
export function historyPage(parts: HistoryPage): string {
  const { history, check, checkers, source } = parts;
  const facts = historyFacts(history);
  const found = findOperations(history, check.anomalies.flatMap(indicesOf));
  const bands = faultBands(history);
  const drawn: PageHistory = { history, found, bands, hasClock: facts.clock !== null };
  const told = check.anomalies.map((anomaly) => toldAnomaly(drawn, anomaly));
  const windows = undecidedOf(check);
  const headline = verdictHeadline(check, told);
  const crumbs = html`Recount<span class="sep">/</span>check<span class="sep">/</span>${cut(source, 120)}`;
  return page(
    { title: `Recount: ${headline}`, crumbs, aside: null, script: historyScript, style: historyStyle },
    html`<h1>${headline}</h1>
${meta(parts, facts, bands)}
<p class="lead">${told.length === 1 ? check.anomalies.map(anomalyWords) : verdictLead(check)}</p>
${facts.operations <= mostTold ? wholeHistory(drawn, told) : [overview(history, facts, bands, landmarksOf(told, windows, history)), overviewLegend(facts, bands)]}
${foundTable(told)}
${anomalyParts(drawn, told, modelName(check.model))}
${undecidedParts(drawn, windows)}
${measuresTable(measuresOf(check))}
${
  facts.operations === 0
    ? null
    : html`<h2>What clients asked</h2>
${functionsTable(facts.functions)}`
}
<h2>What was judged, and by what</h2>
${whyModel(check)}
${checkersTable(check, checkers)}
<h2>How to judge it again</h2>
${command("command", `npm start -- ${parts.command.map(quoted).join(" ")}`)}`,
  );
}

const tones = { valid: "exp", invalid: "bad", unknown: "quiet" } as const;

function meta({ check, format }: HistoryPage, facts: HistoryFacts, bands: readonly FaultBand[]): Markup {
  const { operations, clock } = facts;
  const answered = operations === 0 ? 0 : (facts.ok + facts.failed) / operations;
  return metaLine([
    html`<span class="word ${tones[check.word]}"><b>${check.word}</b></span>`,
    check.model === null ? null : html`as <b>${cut(check.model, 60)}</b>`,
    html`<b>${figure(operations)}</b> ${operations === 1 ? "operation" : "operations"}`,
    html`<b>${share(answered)}</b> answered`,
    html`<b>${figure(facts.keys)}</b> ${facts.keys === 1 ? "key" : "keys"}`,
    html`<b>${figure(facts.processes)}</b> ${facts.processes === 1 ? "process" : "processes"}`,
    clock === null
      ? html`no times, only an order`
      : html`over <b>${duration((clock.toNs - clock.fromNs) / 1_000)}</b>`,
    bands.length === 0 ? null : html`<b>${counted(bands.length, "fault")}</b>`,
    html`${format}`,
  ]);
}

function overviewLegend({ failed, unknown }: HistoryFacts, bands: readonly FaultBand[]): Markup {
  const bad = failed + unknown > 0;
  return html`<p class="note"><span class="key" style="background:var(--density);opacity:.55"></span>operations begun${bad ? html`; <span class="key" style="background:var(--info)"></span>of them ${figure(failed)} failed and ${figure(unknown)} of unknown outcome` : null}${bands.length > 0 ? html`; <span class="key" style="background:var(--fault)"></span>faults` : null}</p>`;
}

/** A history that fits into one picture needs no overview, and no further picture where its anomalies have theirs. */
function wholeHistory(drawn: PageHistory, told: readonly ToldAnomaly[]): Part {
  const { history } = drawn;
  if (history.length === 0 || told.some(({ evidence }) => evidence.length > 0)) return null;
  const operations = Array.from({ length: history.length }, (_, row) => pageOperation(history, row, true));
  const about = { shows: null, names: namesOf(operations), clash: null, showsOrder: false };
  const { scene } = sceneOf(drawn, operations, about);
  return html`<figure>
${picture(scene, "the whole history")}
<figcaption>The whole history. Bars run from call to answer.</figcaption>
</figure>
`;
}

interface NumberedWindow {
  readonly id: string;
  readonly window: UndecidedWindow;
  readonly checker: string;
}

function undecidedOf({ verdicts }: HistoryCheck): NumberedWindow[] {
  const all = verdicts.flatMap(({ checker, verdict }) =>
    verdict.word === "unknown" ? (verdict.undecided ?? []).map((window) => ({ window, checker })) : [],
  );
  return all.map((each, at) => ({ ...each, id: `undecided-${at + 1}` }));
}

/** Where the overview leads: an anomaly stands where the last of its evidence began. */
function landmarksOf(
  told: readonly ToldAnomaly[],
  windows: readonly NumberedWindow[],
  history: History,
): Landmark[] {
  const anomalies = told.flatMap(({ anomaly, evidence }, at): Landmark[] => {
    const last = evidence.at(-1);
    if (last === undefined) return [];
    const { invokeIndex: index, invokedUs } = last;
    const says = `${anomaly.kind}: ${anomaly.says}`;
    return [{ index, timeNs: invokedUs * 1_000, id: `anomaly-${at + 1}`, says, kind: "anomaly" }];
  });
  const undecided = windows.slice(0, mostWindows).flatMap(({ id, window: { from, key } }): Landmark[] => {
    const row = rowFrom(history, from);
    return [
      {
        index: from,
        timeNs: history.invokedNs[row] ?? 0,
        id,
        says: `undecided at ${key}`,
        kind: "undecided",
      },
    ];
  });
  return [...anomalies, ...undecided];
}

/** The first row that began at an index or later. */
function rowFrom({ invokeIndex, length }: History, index: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cell(invokeIndex, middle) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows of the list of what was found; further ones are folded away. */
const openRows = 8;

function foundTable(told: readonly ToldAnomaly[]): Part {
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
${rest.length === 0 ? null : html`<details><summary>${figure(rest.length)} more</summary>${table(rest)}</details>`}
<p class="note screen" data-needs-script hidden><kbd>n</kbd> <kbd>p</kbd> lead to the next and the previous one.</p>`;
}

function pathOf({ keyspace, key }: { readonly keyspace: string; readonly key: string }): string {
  return keyspace === "" ? key : `${keyspace}/${key}`;
}

/** The anomalies one after the other; once their pictures have used up their room, the rest goes without. */
function anomalyParts(drawn: PageHistory, told: readonly ToldAnomaly[], model: string): Markup {
  let used = 0;
  return html`${told.map((each, at) => {
    const { kind } = each.anomaly;
    const path = pathOf(each.anomaly);
    const isAlone = told.length === 1;
    const section = anomalySection(drawn, each, { model, isDrawn: used < pictureBudget, isAlone });
    used += section.markup.length;
    const where = path === "" ? null : html`<small>key ${cut(path, 60)}</small>`;
    return html`<section class="part" id="anomaly-${at + 1}"><header><h2 tabindex="-1">${isAlone ? null : `${at + 1}. `}${capital(kind)}${where}</h2>${neighbours("anomaly", at, told.length)}</header>
${section}
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

function undecidedParts(drawn: PageHistory, windows: readonly NumberedWindow[]): Markup {
  const shown = windows.slice(0, mostWindows);
  const left = windows.length - shown.length;
  return html`${shown.map(
    ({ id, window, checker }, at) =>
      html`<section class="part" id="${id}"><header><h2 tabindex="-1">Undecided<small>key ${cut(pathOf(window), 60)}</small></h2>${neighbours("undecided", at, shown.length)}</header>
${undecidedSection(drawn, window, checker)}
</section>
`,
  )}${left > 0 ? html`<p class="note">${counted(left, "more window")} could not be decided either.</p>` : null}`;
}

/** Nobody asked for a model: why this one. */
function whyModel({ model, modelBecause }: HistoryCheck): Part {
  if (model === null || modelBecause === null) return null;
  return html`<p class="note">Judged as ${cut(model, 60)}, because ${cut(modelBecause, 600)}.</p>`;
}
