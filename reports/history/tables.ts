import type { HistoryCheck } from "../../checkers/check-history.ts";
import type { Checker } from "../../harness/contracts/checker.ts";
import type { Measure, Verdict } from "../../harness/history/verdict.ts";
import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import { counted, cut, duration, figure, sentence } from "../wording.ts";
import type { FunctionFacts } from "./history-facts.ts";

/** Most lines of a table. */
const mostRows = 200;

/** What clients asked by function, and how it went. */
export function functionsTable(functions: readonly FunctionFacts[]): Markup {
  const times = functions.some(({ tookNs }) => tookNs !== null);
  return html`<div class="scroll"><table class="figures"><thead><tr><th scope="col">function</th><th scope="col">asked</th><th scope="col">ok</th><th scope="col">failed</th><th scope="col">unknown</th>${times ? html`<th scope="col">median</th><th scope="col">99%</th>` : null}</tr></thead><tbody>${functions
    .slice(0, mostRows)
    .map(
      ({ name, asked, ok, failed, unknown, tookNs }) =>
        html`<tr><th scope="row">${cut(name, 40)}</th><td>${figure(asked)}</td><td>${figure(ok)}</td><td>${figure(failed)}</td><td>${figure(unknown)}</td>${times ? html`<td>${took(tookNs?.median)}</td><td>${took(tookNs?.p99)}</td>` : null}</tr>
`,
    )}</tbody></table></div>`;
}

function took(ns: number | undefined): string {
  return ns === undefined ? "–" : lengthOf(ns);
}

/** A length of time; short ones are told more finely than anywhere else, because they are all that fast stores have. */
function lengthOf(ns: number): string {
  if (Math.abs(ns) < 1_000) return `${Math.round(ns)} ns`;
  return Math.abs(ns) < 100_000 ? `${Math.round(ns / 100) / 10} µs` : duration(ns / 1_000);
}

const tones = { valid: "exp", invalid: "bad", unknown: "quiet", notChecked: "quiet" } as const;
const words = { valid: "valid", invalid: "invalid", unknown: "unknown", notChecked: "not checked" } as const;

/** Who judged, what they say, and what they take for granted. */
export function checkersTable(
  { verdicts }: HistoryCheck,
  checkers: readonly Pick<Checker, "name" | "assumes">[],
): Markup {
  return html`<table class="judges"><thead><tr><th scope="col">checker</th><th scope="col">verdict</th><th scope="col">what it rests on</th><th scope="col">what it assumes</th></tr></thead><tbody>${verdicts.map(
    ({ checker, verdict }) => {
      const assumes = checkers.find(({ name }) => name === checker)?.assumes ?? [];
      const taken = assumes.length === 0 ? "nothing" : sentence(assumes.join("; "));
      return html`<tr><th scope="row">${cut(checker, 60)}</th><td class="verdict ${tones[verdict.word]}"><span class="dot"></span><b>${words[verdict.word]}</b></td><td>${restsOn(verdict)}</td><td class="assumes">${cut(taken, 600)}</td></tr>
`;
    },
  )}</tbody></table>`;
}

function restsOn(verdict: Verdict): string {
  if (verdict.word === "valid") return counted(verdict.checked, "operation");
  if (verdict.word === "invalid") return counted(verdict.anomalies.length, "anomaly", "anomalies");
  return sentence(cut(verdict.because, 600));
}

/** All figures that checkers measured, each with the checker that did. */
export function measuresOf({ verdicts }: HistoryCheck): { checker: string; measure: Measure }[] {
  return verdicts.flatMap(({ checker, verdict }) =>
    "measures" in verdict ? (verdict.measures ?? []).map((measure) => ({ checker, measure })) : [],
  );
}

/** Measures with their confidence intervals. */
export function measuresTable(measures: readonly { checker: string; measure: Measure }[]): Part {
  if (measures.length === 0) return null;
  const left = measures.length - mostRows;
  return html`<h2 id="measures">Measured</h2>
<div class="scroll"><table class="figures"><thead><tr><th scope="col">what</th><th scope="col" class="of">of</th><th scope="col">value</th><th scope="col">95% interval</th><th scope="col">samples</th><th scope="col" class="by">by</th></tr></thead><tbody>${measures
    .slice(0, mostRows)
    .map(
      ({ checker, measure }) =>
        html`<tr><th scope="row">${cut(measure.name, 80)}</th><td class="of">${cut(measure.of ?? "", 40)}</td><td>${amount(measure.value, measure.unit)}</td><td>${interval(measure)}</td><td>${measure.samples === undefined ? "–" : figure(measure.samples)}</td><td class="by">${cut(checker, 40)}</td></tr>
`,
    )}</tbody></table></div>
${left > 0 ? html`<p class="note">And ${counted(left, "more measure")}.</p>` : null}`;
}

function interval({ low, high, unit }: Measure): string {
  if (low === undefined || high === undefined) return "–";
  return `${amount(low, unit)} – ${amount(high, unit)}`;
}

/** A value with its unit; shares as percentages, as fine as their size needs. */
function amount(value: number, unit: Measure["unit"]): string {
  if (unit === "ns") return lengthOf(value);
  if (unit === "ratio") return share(value);
  return Number.isInteger(value) ? figure(value) : String(Math.round(value * 100) / 100);
}

/** "99.98%": never 100% unless it is all, never 0% unless it is nothing. */
export function share(ratio: number): string {
  if (!Number.isFinite(ratio)) return "–";
  const percent = ratio * 100;
  const hundredths = ratio < 0.5 ? Math.ceil(percent * 100 - 1e-6) : Math.floor(percent * 100 + 1e-6);
  return `${hundredths / 100}%`;
}
