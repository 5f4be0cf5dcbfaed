import type { AnomalyKind } from "../harness/history/verdict.ts";
import type { Markup, Part } from "./html.ts";
import { html } from "./html.ts";
import type { Order, Orders } from "./story/orders.ts";
import { ordersOf } from "./story/orders.ts";
import type { Story } from "./story/story.ts";
import { capital, counted, numeral } from "./wording.ts";

/** "Which order would explain this? None": why no single register could have answered so. */
export function ordersSection(story: Story): Part {
  const orders = ordersOf(story.evidence, story.operations);
  if (orders === null) return null;
  const { heading, body } = ordersWords(orders, story.counterexample.kind);
  return html`<h2>${heading}</h2>
${body}`;
}

/** What can be said of the orders of an anomaly of this kind: under which heading, and the tables. */
export function ordersWords(orders: Orders, kind: AnomalyKind): { heading: string; body: Markup } {
  return orders.kind === "all" ? allOrders(kind, orders) : longestBeginning(orders);
}

const question = "Which order would explain this?";

function allOrders(
  kind: AnomalyKind,
  { named, orders }: Extract<Orders, { kind: "all" }>,
): { heading: string; body: Markup } {
  const right = orders.find(({ fails }) => fails === null);
  const few = orders.length <= foldedAbove;
  const [open, folded] = few
    ? [orders, []]
    : [orders.filter(isRealTime), orders.filter((order) => !isRealTime(order))];
  const more = `${figureOf(folded.length)} that break real time`;
  const body = html`<p class="note">${right === undefined ? whyNone(named.length, orders) : whyOne(kind, right)}</p>
${orderTable(open, right !== undefined)}
${folded.length === 0 ? null : html`<details><summary>${more}</summary>${orderTable(folded, right !== undefined)}</details>`}`;
  return { heading: `${question} ${right === undefined ? "None" : "One does"}`, body };
}

/** More rows than this are folded away, but for those that real time allows. */
const foldedAbove = 8;

function isRealTime(order: Order): boolean {
  return order.isRealTime;
}

function figureOf(count: number): string {
  return capital(counted(count, "more order"));
}

function whyNone(operations: number, orders: readonly Order[]): string {
  const allowed = orders.filter(isRealTime).length;
  const total = counted(orders.length, "order");
  const what = `${capital(counted(operations, "operation")).replace(/^\d+/, (digits) => capital(numeral(Number(digits))))} ${operations === 1 ? "has" : "have"} ${total.replace(/^\d+/, (digits) => numeral(Number(digits)))}`;
  if (allowed === orders.length) return `${what}, and a register could answer so in none of them.`;
  const broken = orders.length - allowed;
  const rest =
    allowed === 1 ? "the other one breaks the register" : `the other ${numeral(allowed)} break the register`;
  return `${what}. ${capital(numeral(broken))} ${broken === 1 ? "breaks" : "break"} real time; ${rest}.`;
}

/** Some rows are about more than one register's order; then an order exists, and it says what was broken. */
function whyOne(kind: AnomalyKind, right: Order): string {
  const order = right.names.join(" ");
  switch (kind) {
    case "failed write visible":
      return `A register may answer so in the order ${order}: a write that was reported as failed did take effect. That is what the claim denies.`;
    case "divergence":
      return `A register may answer so in the order ${order}. What is broken is not an order: the replicas never agree.`;
    default:
      return `A register may answer so in the order ${order}; what is broken is what should be there at the end.`;
  }
}

/** Tinted is what real time allows; where an order fits, only that one. */
function orderTable(orders: readonly Order[], oneFits: boolean): Markup {
  return html`<table class="orders"><thead><tr><th scope="col">order</th><th scope="col">${oneFits ? "does it fit?" : "why it fails"}</th></tr></thead><tbody>${orders.map(
    ({ names, fails, isRealTime: isAllowed }) =>
      html`<tr${(oneFits ? fails === null : isAllowed) ? html` class="decides"` : null}><td class="order">${names.join(" ")}</td><td>${fails ?? "yes: a register could answer so"}</td></tr>`,
  )}</tbody></table>`;
}

function longestBeginning({ named, prefix, stuck }: Extract<Orders, { kind: "partial" }>): {
  heading: string;
  body: Markup;
} {
  if (stuck.length === 0) {
    const body = html`<p class="note">${prefix.join(" ")}: what is broken is what should be there at the end.</p>`;
    return { heading: `${question} One does`, body };
  }
  const body = html`<p class="note">The longest beginning that a register could have is ${prefix.length === 0 ? "empty" : html`<code>${prefix.join(" ")}</code>`}: ${numeral(prefix.length)} of ${numeral(named.length)} operations. None of the rest can come next.</p>
<table class="orders"><thead><tr><th scope="col">next</th><th scope="col">why it cannot be</th></tr></thead><tbody>${stuck.map(
    ({ name, because }) => html`<tr><td class="order">${name}</td><td>${because}</td></tr>`,
  )}</tbody></table>`;
  return { heading: `${question} None`, body };
}
