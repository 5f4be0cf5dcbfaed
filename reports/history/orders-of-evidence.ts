import type { Anomaly } from "../../harness/history/verdict.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { ordersWords } from "../orders-section.ts";
import type { StoryOperation } from "../story/operations.ts";
import type { Orders } from "../story/orders.ts";
import { ordersOf } from "../story/orders.ts";

/** The orders of a register's few operations where none explains them; null where that is not what is wrong. */
export function registerOrders(
  evidence: readonly StoryOperation[],
  all: readonly StoryOperation[],
): Orders | null {
  if (!evidence.every(isPlain)) return null;
  const orders = ordersOf(evidence, all);
  return orders === null || isExplained(orders) ? null : orders;
}

/** Operations of a register that say all that they say by their value: a refused cas says what was not there. */
function isPlain({ f, outcome }: StoryOperation): boolean {
  if (f === "cas") return outcome !== "fail";
  return f === "read" || f === "write" || f === "delete";
}

function isExplained(orders: Orders): boolean {
  return orders.kind === "all"
    ? orders.orders.some(({ fails }) => fails === null)
    : orders.stuck.length === 0;
}

/** Those orders as a part of a page. */
export function registerOrdersPart(orders: Orders, { kind }: Anomaly): Markup {
  const { heading, body } = ordersWords(orders, kind);
  return html`<h3>${heading}</h3>
${body}`;
}
