import type { HistoryCheck } from "../checkers/check-history.ts";
import type { Checker } from "../harness/contracts/checker.ts";
import type { History } from "../harness/history/history.ts";
import { command, quoted } from "./command.ts";
import { metaLine, page } from "./frame.ts";
import type { ToldAnomaly } from "./history/anomaly-section.ts";
import { anomalyWords, indicesOf, toldAnomaly } from "./history/anomaly-section.ts";
import type { FaultBand } from "./history/fault-bands.ts";
import { faultBands } from "./history/fault-bands.ts";
import { findOperations, pageOperation } from "./history/found-operations.ts";
import type { HistoryFacts } from "./history/history-facts.ts";
import { historyFacts } from "./history/history-facts.ts";
import { historyScript } from "./history/history-script.ts";
import { historyStyle } from "./history/history-style.ts";
import { landmarksOf } from "./history/landmarks.ts";
import { overview } from "./history/overview.ts";
import { picture } from "./history/paint-picture.ts";
import type { Room } from "./history/parts.ts";
import { anomalyParts, foundTable, undecidedOf, undecidedParts } from "./history/parts.ts";
import { checkersTable, functionsTable, measuresOf, measuresTable, share } from "./history/tables.ts";
import type { PageHistory } from "./history/told-operations.ts";
import { mostTold, namesOf, sceneOf } from "./history/told-operations.ts";
import { modelName, verdictHeadline, verdictLead } from "./history/verdict-words.ts";
import type { Markup, Part } from "./html.ts";
import { html } from "./html.ts";
import { counted, cut, duration, figure } from "./wording.ts";

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

/** Most anomalies that a page shows: as many as one checker lists. */
const mostAnomalies = 100;

/** Characters of all parts that are shown in full. Chosen: with the words of 100 others a page stays below 2 MB. */
const roomForParts = 1_200_000;

/**
 * One page for anybody's history, in one file: the verdict, what was judged, and each anomaly with its picture.
 * Its size has a bound, whatever the history's.
 */
export function historyPage(parts: HistoryPage): string {
  const { history, check, checkers, source } = parts;
  const facts = historyFacts(history);
  const anomalies = check.anomalies.slice(0, mostAnomalies);
  const found = findOperations(history, anomalies.flatMap(indicesOf));
  const bands = faultBands(history);
  const drawn: PageHistory = { history, found, bands, hasClock: facts.clock !== null };
  const told = anomalies.map((anomaly) => toldAnomaly(drawn, anomaly));
  const windows = undecidedOf(check);
  const room: Room = { left: roomForParts };
  const headline = verdictHeadline(check, told);
  const crumbs = html`Recount<span class="sep">/</span>check<span class="sep">/</span>${cut(source, 120)}`;
  return page(
    { title: `Recount: ${headline}`, crumbs, aside: null, script: historyScript, style: historyStyle },
    html`<h1>${headline}</h1>
${meta(parts, facts, bands)}
<p class="lead">${told.length === 1 ? told.map(anomalyWords) : verdictLead(check)}</p>
${facts.operations <= mostTold ? wholeHistory(drawn, told) : [overview(history, facts, bands, landmarksOf(told, windows, history)), overviewLegend(facts, bands)]}
${foundTable(told, check.anomalies.length - told.length)}
${anomalyParts(drawn, told, modelName(check.model), room)}
${undecidedParts(drawn, windows, room)}
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
    check.model === "none" ? null : html`as <b>${cut(check.model, 60)}</b>`,
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

/** Nobody asked for a model: why this one. */
function whyModel({ model, modelBecause }: HistoryCheck): Part {
  if (model === "none" || modelBecause === null) return null;
  return html`<p class="note">Judged as ${cut(model, 60)}, because ${cut(modelBecause, 600)}.</p>`;
}
