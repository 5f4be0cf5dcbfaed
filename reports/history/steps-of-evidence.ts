import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import type { StoryOperation } from "../story/operations.ts";
import { cut, shown } from "../wording.ts";
import { isOpen } from "./axis.ts";
import { tellsValue } from "./operation-words.ts";

/** One line of a table of evidence: a call, an answer, or both where nothing lies between them. */
interface Step {
  readonly operation: StoryOperation;
  readonly kind: "call" | "answer" | "both";
  readonly index: number;
}

/** Most lines of a table. Chosen: more operations than a picture has are seldom read one by one. */
const mostSteps = 60;

/** Longest value in a table, in characters. */
const longestValue = 120;

/** Operations step by step, in the order of the history's events: the text alternative of their picture. */
export function stepsOfEvidence(
  operations: readonly StoryOperation[],
  shows: StoryOperation | null,
  names: ReadonlyMap<StoryOperation, string>,
  hasClock: boolean,
): Markup {
  const steps = stepsOf(operations);
  const isOneKey = operations.every(({ key }) => key === operations[0]?.key);
  const unit = unitOf(operations);
  const left = steps.length - mostSteps;
  return html`<table class="steps"><thead><tr>${hasClock ? html`<th scope="col" class="ms">${unit.name}</th>` : null}<th scope="col" class="order">op</th><th scope="col">step</th><th scope="col" class="event">event</th></tr></thead><tbody>${steps
    .slice(0, mostSteps)
    .map(
      ({ operation, kind, index }) =>
        html`<tr${operation === shows && kind !== "call" ? html` class="decides"` : null} data-op="${operation.row}">${hasClock ? html`<td class="ms">${timesOf(operation, kind, unit)}</td>` : null}<td class="order">${names.get(operation) ?? ""}</td><td>${wordsOf(operation, kind, isOneKey)}</td><td class="event">${kind === "both" ? `${operation.invokeIndex}–${index}` : index}</td></tr>
`,
    )}</tbody></table>
${left > 0 ? html`<p class="note">And ${left} more steps.</p>` : null}`;
}

function stepsOf(operations: readonly StoryOperation[]): Step[] {
  const events = operations.flatMap((operation): Step[] => {
    const call: Step = { operation, kind: "call", index: operation.invokeIndex };
    // What ended without an outcome has no place in the order; the table says so where it began.
    return isOpen(operation) ? [call] : [call, { operation, kind: "answer", index: operation.completeIndex }];
  });
  const steps: Step[] = [];
  for (const event of events.sort((a, b) => a.index - b.index)) {
    const last = steps.at(-1);
    if (last?.operation === event.operation) steps[steps.length - 1] = { ...event, kind: "both" };
    else steps.push(event);
  }
  return steps;
}

interface Unit {
  readonly name: string;
  readonly us: number;
}

/** Seconds where sentences tell seconds, else milliseconds. */
function unitOf(operations: readonly StoryOperation[]): Unit {
  const isLong = operations.some(
    ({ invokedUs, completedUs }) => Math.max(invokedUs, completedUs ?? 0) >= 1e6,
  );
  return isLong ? { name: "s", us: 1_000_000 } : { name: "ms", us: 1_000 };
}

function timesOf({ invokedUs, completedUs }: StoryOperation, kind: Step["kind"], { us }: Unit): string {
  const begun = (invokedUs / us).toFixed(3);
  const ended = ((completedUs ?? invokedUs) / us).toFixed(3);
  if (kind === "call" || begun === ended) return begun;
  return kind === "answer" ? ended : `${begun}–${ended}`;
}

function wordsOf(operation: StoryOperation, kind: Step["kind"], isOneKey: boolean): Part {
  const { client, key } = operation;
  const who = html`<b>${cut(client, 40)}</b>`;
  const where = isOneKey || key === "" ? "" : ` at ${cut(key, 40)}`;
  switch (kind) {
    case "call": {
      const fate = isOpen(operation) ? `; ${fateOf(operation)}` : " …";
      return html`${who} ${asks(operation)}${where}${fate}`;
    }
    case "answer":
      return html`… ${who} ${hears(operation)}`;
    case "both":
      return html`${who} ${asks(operation)}${where}, ${hears(operation)}`;
  }
}

function asks({ f, argument, argument2 }: StoryOperation): string {
  const value = shown(argument, longestValue);
  switch (f) {
    case "read":
      return "reads";
    case "write":
      return `writes ${value}`;
    case "delete":
      return "deletes";
    case "cas":
      return `sets ${value} to ${shown(argument2, longestValue)}`;
    default:
      return argument === null ? `calls ${cut(f, 40)}` : `calls ${cut(f, 40)} with ${value}`;
  }
}

function hears(operation: StoryOperation): Part {
  const { f, outcome, result } = operation;
  if (outcome !== "ok") return html`is told that it <b>failed</b>${reason(operation)}`;
  if (!tellsValue(operation)) return html`is told <b>ok</b>`;
  return html`${f === "read" ? "gets" : "is told"} <b>${shown(result, longestValue)}</b>`;
}

function fateOf(operation: StoryOperation): string {
  return operation.outcome === "pending" ? "never answered" : `outcome unknown${reason(operation)}`;
}

function reason({ error }: StoryOperation): string {
  return error === null ? "" : ` (${cut(error, 120)})`;
}
