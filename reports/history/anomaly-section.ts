import { cell } from "../../harness/history/cell.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import type { HeadlineFacts } from "../story/headline.ts";
import type { StoryOperation } from "../story/operations.ts";
import type { Orders } from "../story/orders.ts";
import { capital, counted, cut, shown } from "../wording.ts";
import { pageOperation } from "./found-operations.ts";
import { possessive, stopped, timeWords } from "./operation-words.ts";
import { registerOrders, registerOrdersPart } from "./orders-of-evidence.ts";
import { picture } from "./paint-picture.ts";
import type { ShownOrder } from "./partial-orders.ts";
import { partialOrders, shownOrders } from "./partial-orders.ts";
import { stepsOfEvidence } from "./steps-of-evidence.ts";
import type { PageHistory } from "./told-operations.ts";
import { keptOf, mostTold, namesOf, sceneOf } from "./told-operations.ts";
import type { Clash, Zone } from "./zones.ts";
import { clashOf } from "./zones.ts";

/** An anomaly with the operations that its part of the page tells of. */
export interface ToldAnomaly {
  readonly anomaly: Anomaly;
  /** The evidence that there is room for, and who wrote what it read, in order of invocation. */
  readonly told: readonly StoryOperation[];
  readonly evidence: readonly StoryOperation[];
  /** The operation whose answer shows it. */
  readonly shows: StoryOperation | null;
  readonly orders: readonly ShownOrder[];
  /** Operations of the orders, by invocation index. */
  readonly inOrders: ReadonlyMap<number, StoryOperation>;
}

/** All indices that an anomaly's part of the page needs. */
export function indicesOf(anomaly: Anomaly): number[] {
  return [...evidenceOf(anomaly), ...indicesInOrders(shownOrders(anomaly.partialOrders ?? []))];
}

/** The evidence that there is room for, among it what the longest order stopped at. */
function evidenceOf({ evidence, partialOrders: orders = [] }: Anomaly): readonly number[] {
  return keptOf(evidence, shownOrders(orders)[0]?.refusedIndices ?? []);
}

function indicesInOrders(orders: readonly ShownOrder[]): number[] {
  return orders.flatMap(({ lastIndices, refusedIndices }) => [...lastIndices, ...refusedIndices]);
}

/** Looks up an anomaly's operations. */
export function toldAnomaly({ history, found }: PageHistory, anomaly: Anomaly): ToldAnomaly {
  const rows = found.rowsOf(evidenceOf(anomaly));
  // A writer in the evidence is enough; further ones of the same value would only distract.
  const sources = rows.flatMap((row) =>
    rows.some((writer) => found.isWriterFor(writer, row)) ? [] : found.writersFor(row),
  );
  const operations = new Map<number, StoryOperation>();
  for (const row of rows) operations.set(row, pageOperation(history, row, true));
  for (const row of sources.slice(0, mostTold)) operations.set(row, pageOperation(history, row, false));
  const orders = shownOrders(anomaly.partialOrders ?? []);
  const inOrders = new Map<number, StoryOperation>();
  for (const row of found.rowsOf(indicesInOrders(orders))) {
    const operation = operations.get(row) ?? pageOperation(history, row, false);
    inOrders.set(cell(history.invokeIndex, row), operation);
  }
  const told = [...operations.values()].sort((a, b) => a.invokeIndex - b.invokeIndex);
  const evidence = told.filter(({ isEvidence }) => isEvidence);
  return { anomaly, told, evidence, shows: shownBy(evidence, orders, inOrders), orders, inOrders };
}

/** What a search stopped at; else the last answered read; else what began last. */
function shownBy(
  evidence: readonly StoryOperation[],
  orders: readonly ShownOrder[],
  inOrders: ReadonlyMap<number, StoryOperation>,
): StoryOperation | null {
  const refused = orders[0]?.refusedIndices.map((index) => inOrders.get(index)) ?? [];
  const stopped = evidence.find((operation) => refused.includes(operation));
  const read = evidence.findLast(({ f, outcome }) => f === "read" && outcome === "ok");
  return stopped ?? read ?? evidence.at(-1) ?? null;
}

/** What a headline is made of. */
export function headlineFacts({ anomaly, evidence, shows }: ToldAnomaly): HeadlineFacts {
  return { counterexample: { kind: anomaly.kind, says: anomaly.says }, evidence, shows, dumps: [] };
}

/** Longest sentence of a checker that is shown whole, in characters. */
const longestSentence = 900;

/** What its checker says of an anomaly, as a sentence; names of processes keep their first letter. */
export function anomalyWords({ anomaly, evidence }: ToldAnomaly): string {
  const says = stopped(cut(anomaly.says, longestSentence));
  return evidence.some(({ client }) => says.startsWith(client)) ? says : capital(says);
}

/** How a page shows an anomaly. */
export interface AnomalyView {
  readonly model: string;
  /** The only one: then the page begins with its sentence. */
  readonly isAlone: boolean;
}

/** One anomaly: its sentence, its picture, its steps, and why no order explains it. */
export function anomalySection(page: PageHistory, of: ToldAnomaly, { model, isAlone }: AnomalyView): Markup {
  const { anomaly, told, evidence, shows } = of;
  const says = isAlone ? null : html`<p class="lead">${anomalyWords(of)}</p>`;
  if (told.length === 0)
    return html`${says}
<p class="note">No single operation shows it.</p>`;
  const orders = of.orders.length > 0 ? null : registerOrders(evidence, told);
  const names = namesFor(of, orders);
  const steps = stepsOfEvidence(told, shows, names, page.hasClock);
  const order = orders === null ? searchedOrders(of, names, model) : registerOrdersPart(orders, anomaly);
  return html`${says}
${figure(page, of, names)}
<div class="${order === null ? "" : "columns"}"><section><h3>Step by step</h3>
${steps}${leftOut(of)}</section>${order === null ? null : html`<section>${order}</section>`}</div>`;
}

/** The same in few words, for pages that have many. */
export function shortAnomalySection(of: ToldAnomaly): Markup {
  const events = of.anomaly.evidence.slice(0, mostTold).map(String).join(", ");
  return html`<p class="lead">${anomalyWords(of)}</p>
<p class="note">Not drawn, to keep this page small. Its operations begin with the events ${events}.</p>`;
}

/** The names of the orders where there are some, so that a reader finds the operations again. */
function namesFor({ told, inOrders }: ToldAnomaly, orders: Orders | null): Map<StoryOperation, string> {
  if (orders !== null) return new Map(orders.named.map(({ name, operation }) => [operation, name]));
  return namesOf([...new Set([...told, ...inOrders.values()])]);
}

function searchedOrders(
  { orders, inOrders }: ToldAnomaly,
  names: ReadonlyMap<StoryOperation, string>,
  model: string,
): Part {
  if (orders.length === 0) return null;
  return html`<h3>Which order would explain this? None</h3>
${partialOrders(orders, inOrders, names, model)}`;
}

function leftOut({ anomaly, evidence }: ToldAnomaly): Part {
  const left = anomaly.evidence.length - evidence.length;
  if (left <= 0) return null;
  return html`<p class="note">${counted(anomaly.evidence.length, "operation")} prove it; ${evidence.length} of them are shown.</p>`;
}

function figure(page: PageHistory, of: ToldAnomaly, names: ReadonlyMap<StoryOperation, string>): Markup {
  const isRepeated = hasOtherWriters(page, of);
  // A value that was written again has no zone: another write of it may have been what was read.
  const clash = isRepeated ? null : clashOf(of.evidence);
  const about = { shows: of.shows, names, clash, showsOrder: true };
  const { scene, areAllAround } = sceneOf(page, of.told, about);
  const around =
    scene.around.length === 0
      ? ""
      : ` Pale: ${areAllAround ? "what else was" : "some of what was"} under way on the same key.`;
  const repeated = isRepeated
    ? " A value that was read here was written more than once: only the writes that the checker names are drawn."
    : "";
  const forced =
    scene.forced.length === 0
      ? ""
      : " An arrow: the one had ended before the other began, whatever the order.";
  return html`<figure>
${picture(scene, stopped(cut(of.anomaly.says, 300)))}
<figcaption>${clash === null ? null : html`${clashWords(clash, page.hasClock)}<br>`}Bars run from call to answer; vermilion is the answer that cannot be.${around}${forced}${repeated}</figcaption>
</figure>`;
}

/** Whether somebody besides the evidence wrote what it read, and had begun by then. */
function hasOtherWriters({ found }: PageHistory, { told }: ToldAnomaly): boolean {
  const rows = told.map(({ row }) => row);
  return rows.some((row) => found.writersFor(row).some((writer) => !rows.includes(writer)));
}

/** "1 had to come before 2, because …; and 2 before 1, because …" */
function clashWords({ a, b }: Clash, hasClock: boolean): string {
  return `${beforeWords(a, b, hasClock)}; and ${beforeWords(b, a, hasClock)}.`;
}

/** Else "nothing comes before 1" would say the opposite. */
function quoted({ value }: Zone): string {
  return value === null ? "“nothing”" : shown(value, 20);
}

function beforeWords(first: Zone, second: Zone, hasClock: boolean): string {
  const [one, other] = [quoted(first), quoted(second)];
  if (first.f === null) return `${one} comes before ${other}, because that is what a register holds at first`;
  const time = timeWords(hasClock);
  return `${one} comes before ${other}, because ${possessive(first.f)} had ended (f, ${time.ended(first.f)}) when ${possessive(second.s)} began (s, ${time.began(second.s)})`;
}
