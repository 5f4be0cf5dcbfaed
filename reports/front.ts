import type { FaultColumn } from "../harness/contracts/claim.ts";
import { faultColumns } from "../harness/contracts/claim.ts";
import type { ClaimResult, DefectResult, Results } from "../harness/contracts/results.ts";
import { anomalyNames, gravity } from "./anomaly-names.ts";
import type { ClaimRow } from "./claim-row.ts";
import { isAsExpected } from "./claim-row.ts";
import { metaLine, page } from "./frame.ts";
import type { Markup, Part } from "./html.ts";
import { dataAddress, html, joined, safeName } from "./html.ts";
import type { CellKind, MatrixCell } from "./matrix-cell.ts";
import type { CounterexampleView, MatrixGroup, MatrixRow, ReportModel } from "./model.ts";
import { capital, counted, duration, figure, listed, numeral, rate } from "./wording.ts";

/** Where the page of a counterexample stands, seen from the front page. */
export function anomalyPath(name: string): string {
  return `anomalies/${safeName(name)}.html`;
}

/** What each fault does, under its name. */
const faultSays: Readonly<Record<FaultColumn, string>> = {
  none: "no fault injected",
  latency: "slow links",
  partition: "nodes cut off",
  "lossy links": "lost, doubled, late",
  crash: "dies, disk stays",
  "power loss": "unsynced lost",
  pause: "stops for a while",
  "clock skew": "clocks set apart",
  mixed: "drawn at random",
};

/** The front page. `headlines` holds the sentence of each counterexample's page, by its name. */
export function frontPage(
  results: Results,
  model: ReportModel,
  headlines: ReadonlyMap<string, string>,
): string {
  const crumbs = html`Recount`;
  const data = dataAddress("application/json", `${JSON.stringify(results, null, 2)}\n`);
  const aside = html`<a class="screen" download="results.json" href="${data}">data</a>`;
  return page(
    { title: "Recount: what each quorum setting keeps", crumbs, aside, script: null },
    html`<h1>What each quorum setting loses under each fault</h1>
${meta(results, model)}
${lead(results, model, headlines)}
${warning(results)}
<h2>Settings and faults</h2>
${legend(model)}
${matrixTable(model, headlines)}
${codes(model)}
<p class="note">A rate is the share of runs with that anomaly; the gravest kind is named. Each coloured cell leads to its smallest counterexample.</p>
<h2 id="claims">What the textbook says, what was measured</h2>
${claimsTable(model.claims, headlines)}
${defectsSection(results.defects)}`,
  );
}

function meta(results: Results, model: ReportModel): Markup {
  const cells = model.groups.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  const tried = cells.filter(({ runs }) => runs > 0).length;
  return metaLine([
    html`<b>${dayOf(results.finishedAt)}</b>`,
    html`<b>${results.target}</b>`,
    html`seed <code>${String(results.seed)}</code>`,
    html`<b>${figure(results.runs)}</b> runs in ${figure(tried)} cells, <b>${figure(results.operations)}</b> operations`,
    results.unknownRuns === 0 ? null : html`<b>${figure(results.unknownRuns)}</b> runs unknown`,
    html`${duration(results.seconds * 1_000_000)}`,
    html`Recount <code>${results.versions.recount}</code>, Node <code>${results.versions.node}</code>`,
  ]);
}

const months = "January February March April May June July August September October November December".split(
  " ",
);

/** "20 November 2026" of an ISO date; the text itself where it is none. */
function dayOf(iso: string): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso);
  const month = months[Number(parts?.[2]) - 1];
  return parts === null || month === undefined ? iso : `${Number(parts[3])} ${month} ${parts[1] ?? ""}`;
}

/** At most three sentences: how many statements fell, the gravest of them, and what held. */
function lead(results: Results, model: ReportModel, headlines: ReadonlyMap<string, string>): Markup {
  const refuted = model.claims.filter(({ verdict }) => verdict.tone === "bad");
  const held = model.claims.filter(({ verdict }) => verdict.tone === "exp");
  const sentences: Part[] = [];
  if (refuted.length > 0) {
    const noun = model.claims.length === 1 ? "statement" : "statements";
    const verb = refuted.length === 1 ? `${noun} does` : `${noun} do`;
    sentences.push(`${shareWords(refuted.length, model.claims.length)} ${verb} not survive.`);
  }
  const gravest = gravestOf(model);
  if (gravest !== null) {
    const { counterexample } = gravest;
    const says = headlines.get(counterexample.name) ?? counterexample.says;
    const size = counted(counterexample.operations, "operation");
    const faults = counterexample.faults === 0 ? "" : ` and ${counted(counterexample.faults, "fault")}`;
    sentences.push(
      html`The gravest takes ${size}${faults} at ${gravest.setting.label}: <a href="${anomalyPath(counterexample.name)}">${says.replace(/[.]$/, "")}</a>.`,
    );
  }
  if (held.length > 0) {
    const runs = held.reduce(
      (sum, { id }) => sum + (results.claims.find((claim) => claim.id === id)?.runs ?? 0),
      0,
    );
    sentences.push(`${capital(listed(held.map(({ id }) => id)))} held in ${counted(runs, "run")}.`);
  }
  if (sentences.length === 0) sentences.push("Nothing was found, and nothing was shown to hold.");
  return html`<p class="lead">${joined(sentences, " ")}</p>`;
}

/** Words for small numbers; figures for both where one is large. */
function shareWords(part: number, whole: number): string {
  return whole > 10 ? `${part} of ${whole}` : `${capital(numeral(part))} of ${numeral(whole)}`;
}

function gravestOf(model: ReportModel): CounterexampleView | null {
  const bad = new Set(model.claims.filter(({ verdict }) => verdict.tone === "bad").map(({ id }) => id));
  const size = ({ counterexample }: CounterexampleView): number =>
    counterexample.operations + counterexample.faults;
  const views = model.counterexamples.filter(({ claim }) => claim !== null && bad.has(claim.id));
  return (
    [...views].sort(
      (a, b) => gravity(a.counterexample.kind) - gravity(b.counterexample.kind) || size(a) - size(b),
    )[0] ?? null
  );
}

/** Whatever went against the expectations of the harness itself comes before everything else. */
function warning(results: Results): Part {
  const odd = results.claims.filter(
    (claim) => !isAsExpected(claim) && claim.outcome !== "skipped" && claim.outcome !== "notExpressible",
  );
  const weak = results.defects.filter(({ failingRuns }) => failingRuns === 0);
  const lines: Part[] = [
    ...(results.interrupted
      ? ["This campaign was interrupted: what follows is what was found until then."]
      : []),
    ...(odd.length === 0 ? [] : [html`Not as expected: ${joined(odd.map(oddLink), ", ")}.`]),
    ...(weak.length === 0
      ? []
      : [`Planted, and not caught: ${listed(weak.map(({ defect, claim }) => `${defect} (${claim})`))}.`]),
  ];
  return lines.map((line) => html`<p class="loud" role="alert">${line}</p>`);
}

function oddLink({ id, outcome }: ClaimResult): Markup {
  return html`<a href="#claim-${safeName(id)}">${id}</a> ${outcome === "notFound" ? "not found" : outcome}`;
}

const legendSays: readonly (readonly [CellKind, string, string])[] = [
  ["contradicted", "anomaly", "against our expectation"],
  ["contradicts", "anomaly", "refutes what is claimed"],
  ["allowed", "anomaly", "allowed by the claim"],
  ["observed", "anomaly", "observed, judged by no row"],
  ["clean", "clean", "nothing found"],
  ["missed", "clean", "although expected to fail"],
  ["unknown", "unknown", "too little to judge"],
  ["skipped", "skipped", "not run"],
  ["notExpressible", "not possible", "on this target"],
];

function legend({ counts }: ReportModel): Markup {
  const items = legendSays.filter(([kind]) => counts[kind] > 0);
  return html`<ul class="legend">${items.map(
    ([kind, sample, says]) =>
      html`<li data-count="${kind}"><span class="swatch ${kind}"><span class="kind">${sample}</span></span>${says}, ${figure(counts[kind])}</li>`,
  )}</ul>`;
}

/** Names of the counterexamples that have a page, with its sentence. */
type Pages = ReadonlyMap<string, string>;

function matrixTable({ groups }: ReportModel, pages: Pages): Markup {
  return html`<table class="matrix"><thead><tr><th scope="col"><b>N/W/R</b><small>what is claimed</small></th>${faultColumns.map(
    (fault) => html`<th scope="col"><b>${fault}</b><small>${faultSays[fault]}</small></th>`,
  )}</tr></thead>${groups.map((group) => groupBody(group, pages))}</table>`;
}

function groupBody({ heading, rows }: MatrixGroup, pages: Pages): Markup {
  return html`<tbody><tr class="group"><th colspan="${faultColumns.length + 1}" scope="rowgroup">${heading}</th></tr>${rows.map((row) => matrixRow(row, pages))}</tbody>`;
}

function matrixRow({ setting, cells }: MatrixRow, pages: Pages): Markup {
  return html`<tr><th scope="row"><b>${setting.label}</b><small>${setting.claimed}</small></th>${cells.map(
    (cell) => html`<td>${cellMarkup(cell, pages)}</td>`,
  )}</tr>
`;
}

function cellMarkup(cell: MatrixCell, pages: Pages): Markup {
  if (cell.kind === "untried") return html`<span class="cell untried" title="${cell.says}"></span>`;
  const code =
    cell.anomaly === null
      ? html`<span class="code" aria-label="${cell.name}">${cell.code}</span>`
      : html`<abbr class="code" title="${cell.anomaly}">${cell.code}</abbr>`;
  const inside = html`<span class="kind">${cell.name}</span>${code}<span class="rate">${cell.detail}</span>`;
  return cell.counterexample === null || !pages.has(cell.counterexample.name)
    ? html`<span class="cell ${cell.kind}" title="${cell.says}">${inside}</span>`
    : html`<a class="cell ${cell.kind}" title="${cell.says}" href="${anomalyPath(cell.counterexample.name)}">${inside}</a>`;
}

function codes({ groups }: ReportModel): Markup {
  const seen = new Set(
    groups.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.map(({ anomaly }) => anomaly))),
  );
  const items = anomalyNames.filter(({ kind }) => seen.has(kind)).map(({ code, kind }) => `${code} ${kind}`);
  return html`<p class="codes">${[...items, "a dot is clean"].join(" · ")}</p>`;
}

function claimsTable(claims: readonly ClaimRow[], headlines: ReadonlyMap<string, string>): Markup {
  return html`<table class="claims"><thead><tr><th scope="col">#</th><th scope="col">The textbook says</th><th scope="col">Measured</th><th scope="col">Verdict</th><th scope="col">Smallest counterexample</th></tr></thead><tbody>${claims.map(
    (row) => claimLine(row, headlines),
  )}</tbody></table>`;
}

function claimLine(row: ClaimRow, headlines: ReadonlyMap<string, string>): Markup {
  const { id, statement, source, measured, verdict } = row;
  return html`<tr id="claim-${safeName(id)}" class="${verdict.tone === "fallen" ? "fallen" : ""}"><td class="id">${id}</td><td class="says">“${statement}”<small>${source}</small></td><td>${measured}</td><td class="verdict ${verdict.tone}"><span class="dot"></span><b>${verdict.word}</b><small>${verdict.detail}</small></td><td class="smallest">${smallest(row, headlines)}</td></tr>
`;
}

function smallest({ smallest: found }: ClaimRow, headlines: ReadonlyMap<string, string>): Markup {
  if (found === null) return html`<small>no counterexample</small>`;
  const { counterexample, where } = found;
  const faults = counterexample.faults === 0 ? "no fault" : counted(counterexample.faults, "fault");
  const says = headlines.get(counterexample.name);
  const link =
    says === undefined
      ? html`${where}`
      : html`<a href="${anomalyPath(counterexample.name)}" title="${says}">${where} →</a>`;
  return html`${link}<small>${counted(counterexample.operations, "operation")}, ${faults}</small>`;
}

function defectsSection(defects: readonly DefectResult[]): Part {
  if (defects.length === 0) return null;
  return html`<h2>Planted defects, and the rows that they fell</h2>
<p class="note">A clean row proves little unless it can fall. Each of these bugs was planted in the store on purpose; the same runs must catch it.</p>
<table class="defects"><thead><tr><th scope="col">defect</th><th scope="col" class="stands">what it stands for</th><th scope="col">row</th><th scope="col">caught</th></tr></thead><tbody>${defects.map(defectLine)}</tbody></table>`;
}

function defectLine(defect: DefectResult): Markup {
  const caught = defect.failingRuns > 0;
  const share = rate(defect.failingRuns, defect.runs);
  return html`<tr><td>${defect.defect}</td><td class="stands">${defect.standsFor}</td><td><a href="#claim-${safeName(defect.claim)}">${defect.claim}</a></td><td class="verdict ${caught ? "exp" : "fallen"}"><span class="dot"></span><b>${caught ? (defect.kind ?? "caught") : "not caught"}</b> <small>${caught ? share : `in ${counted(defect.runs, "run")}`}</small></td></tr>
`;
}
