import type { HistoryValue } from "../../harness/history/values.ts";
import { sameValue } from "../../harness/history/values.ts";
import type { PartialOrder } from "../../harness/history/verdict.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import type { StoryOperation } from "../story/operations.ts";
import { isUpdate, leaves } from "../story/operations.ts";
import { counted, figure, shown } from "../wording.ts";
import { wholeWords } from "./operation-words.ts";

/** Most orders that are shown, the longest first. */
const mostOrders = 3;

/** How many operations of an order's end are shown: enough to see what state it leaves. */
const tail = 12;

/** Most operations that are shown to be refused after an order. */
const mostRefused = 8;

/** The part of some partial orders that a page shows. */
export interface ShownOrder {
  readonly length: number;
  readonly lastIndices: readonly number[];
  readonly refusedIndices: readonly number[];
}

/** Cuts orders to what a page has room for, the longest first; of those that stop at the same one is enough. */
export function shownOrders(orders: readonly PartialOrder[]): ShownOrder[] {
  const stops = new Set<string>();
  return [...orders]
    .sort((a, b) => b.order.length - a.order.length)
    .filter(({ refused }) => {
      const stop = [...refused].sort((a, b) => a - b).join();
      return !stops.has(stop) && stops.add(stop);
    })
    .slice(0, mostOrders)
    .map(({ order, refused }) => ({
      length: order.length,
      lastIndices: order.slice(-tail),
      refusedIndices: refused.slice(0, mostRefused),
    }));
}

/** The longest orders that a search found, and for each what could not come next, and why. */
export function partialOrders(
  orders: readonly ShownOrder[],
  operations: ReadonlyMap<number, StoryOperation>,
  names: ReadonlyMap<StoryOperation, string>,
  model: string,
): Markup {
  const of = (indices: readonly number[]): StoryOperation[] =>
    indices.flatMap((index) => operations.get(index) ?? []);
  const nameOf = (operation: StoryOperation): string => names.get(operation) ?? "?";
  return html`${orders.map(({ length, lastIndices, refusedIndices }) => {
    const last = of(lastIndices);
    const before = length - last.length;
    const more = before > 0 ? `${figure(before)} before, then ` : "";
    const words = last.length === 0 ? "the empty one" : last.map(nameOf).join(" ");
    const beginning = html`<p class="note">${length === 0 ? "Not even a first operation fits" : html`${more}<code>${words}</code>: ${counted(length, "operation")} in an order that explains their answers`}. What had to come next, and could not:</p>`;
    return html`${beginning}<table class="orders"><thead><tr><th scope="col">next</th><th scope="col">why it cannot be</th></tr></thead><tbody>${of(
      refusedIndices,
    ).map(
      (operation) =>
        html`<tr><td class="order">${nameOf(operation)}</td><td>${refusal(operation, last, length === last.length, model)}</td></tr>`,
    )}</tbody></table>`;
  })}`;
}

/** Registers can be told by their value; of other objects only that their model forbids it. */
function refusal(
  operation: StoryOperation,
  order: readonly StoryOperation[],
  isWhole: boolean,
  model: string,
): string {
  const held = isRegister(operation) ? heldAfter(order, isWhole) : undefined;
  const generic = `${wholeWords(operation)}: no ${model} answers so after these`;
  if (held === undefined) return generic;
  const { f, outcome, result, argument } = operation;
  if (f === "read" && !sameValue(result, held)) {
    return `it must return ${shown(held)} and returned ${shown(result)}`;
  }
  if (f !== "cas") return generic;
  if (outcome === "fail")
    return `it was refused, and would find just the ${shown(argument)} that it expected`;
  return `it would find ${shown(held)}, not the ${shown(argument)} that it expected`;
}

const registerFunctions = ["read", "write", "delete", "cas"];

function isRegister({ f }: StoryOperation): boolean {
  return registerFunctions.includes(f);
}

/** What a register holds after an order of which the last operations are known; undefined where these do not tell. */
function heldAfter(order: readonly StoryOperation[], isWhole: boolean): HistoryValue | undefined {
  const last = order.findLast((operation) => isUpdate(operation) && operation.outcome !== "fail");
  if (last !== undefined) return isRegister(last) ? leaves(last) : undefined;
  const read = order.findLast(({ f, outcome }) => f === "read" && outcome === "ok");
  if (read !== undefined) return read.result;
  return isWhole ? null : undefined;
}
