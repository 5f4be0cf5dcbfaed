import type { Results } from "../harness/contracts/results.ts";
import { containerFaults } from "../harness/contracts/scenario.ts";
import { command, quoted } from "./command.ts";
import type { Evidence } from "./evidence.ts";
import { metaLine, page } from "./frame.ts";
import type { Markup, Part } from "./html.ts";
import { dataAddress, html, joined, safeName } from "./html.ts";
import type { CounterexampleView, ReportModel } from "./model.ts";
import { ordersSection } from "./orders-section.ts";
import { pageScript } from "./script.ts";
import { spaceTime } from "./space-time/space-time.ts";
import type { Explanation } from "./story/explain.ts";
import { stepsTable, storySteps } from "./story/steps.ts";
import type { Story } from "./story/story.ts";
import { counted, cut, listed, rate, sentence, shown } from "./wording.ts";

/** Everything that an anomaly's page is made of. */
export interface AnomalyPage {
  readonly results: Results;
  readonly model: ReportModel;
  readonly view: CounterexampleView;
  readonly evidence: Evidence;
  readonly story: Story;
  readonly explanation: Explanation;
  /** The results' folder as a person would type it; ends without a slash. */
  readonly folder: string;
}

/** The page of one counterexample. */
export function anomalyPage(parts: AnomalyPage): string {
  const { view, story, explanation } = parts;
  const steps = storySteps(story);
  const { counterexample, setting, fault } = view;
  const crumbs = html`<a href="../index.html">Recount</a><span class="sep">/</span>${setting.label}, ${fault}<span class="sep">/</span>${counterexample.kind}`;
  return page(
    { title: `Recount: ${explanation.headline}`, crumbs, aside: neighbours(parts), script: pageScript },
    html`<h1>${explanation.headline}</h1>
${meta(parts)}
<p class="lead">${explanation.cause}</p>
<figure>
${spaceTime(story, steps, explanation.headline)}
<figcaption>${caption(story)} <span class="screen" data-needs-script hidden><kbd>←</kbd> <kbd>→</kbd> walk through the steps, <kbd>Esc</kbd> shows all.</span></figcaption>
</figure>
<p class="hide" id="step-status" role="status" aria-live="polite"></p>
<h2>Step by step</h2>
${stepsTable(story, steps)}
${atRest(story)}
<div class="columns"><section>${ordersSection(story) ?? claimSection(parts)}</section><section>
${reproduce(parts)}
${ordersSection(story) === null ? null : claimSection(parts)}</section></div>`,
  );
}

/** The page before and the page after, in the order of the claim table. */
function neighbours({ model, view }: AnomalyPage): Part {
  const all = model.counterexamples;
  const index = all.indexOf(view);
  const link = (to: CounterexampleView | undefined, says: string): Part =>
    to === undefined ? null : html`<a href="${safeName(to.counterexample.name)}.html">${says}</a>`;
  return html`<span class="screen">${link(all[index - 1], "← previous")} &nbsp; ${link(all[index + 1], "next →")}</span>`;
}

function meta({ view }: AnomalyPage): Markup {
  const { counterexample, setting, fault, hits, runs } = view;
  const { operations, operationsBefore, faults, faultsBefore } = counterexample;
  return metaLine([
    html`<b>${counterexample.kind}</b>`,
    html`N/W/R <b>${setting.label}</b>`,
    html`${fault}`,
    hits === 0
      ? null
      : html`found in <b>${rate(hits, runs)}</b>${rate(hits, runs).endsWith("run") ? null : " runs"}`,
    operations === operationsBefore
      ? html`<b>${counted(operations, "operation")}</b>`
      : html`shrunk from ${operationsBefore} to <b>${counted(operations, "operation")}</b>`,
    faultWords(faults, faultsBefore),
    html`seed <code>${String(counterexample.seed)}</code>, run <code>${String(counterexample.runIndex)}</code>`,
  ]);
}

/** Shrinking may also add faults: a message held on purpose where chance had delayed it. */
function faultWords(faults: number, before: number): Part {
  if (faults === 0 && before === 0) return null;
  const now = html`<b>${faults === 0 ? "no fault" : counted(faults, "fault")}</b>`;
  return before > faults ? html`from ${before} to ${now}` : html`with ${now}`;
}

function caption(story: Story): string {
  if (!story.hasTrace) {
    return "Time runs in real milliseconds. This target cannot be looked into: what clients asked and got, what was broken, and what the replicas held at the end.";
  }
  const stamp =
    story.stamps.unit === "seconds"
      ? "with its timestamp in seconds of the clock that gave it"
      : "with its version, which no clock decides";
  const red =
    story.doomed === null
      ? story.revivals.length > 0
        ? " Vermilion marks how it came back."
        : ""
      : " Vermilion marks the write that disappears; dashed lines are its acknowledgements.";
  return `Time runs in real milliseconds; no node can see it. A framed value is what the replica holds after the step, ${stamp}; a pale one is what a read met there.${red}`;
}

/** The replicas' contents at the end, where the steps cannot show them or the anomaly is about them. */
function atRest(story: Story): Part {
  const isNeeded = !story.hasTrace || story.counterexample.kind === "divergence";
  if (!isNeeded || story.dumps.length === 0) return null;
  return html`<p class="note">At rest: ${joined(
    story.dumps.map((dump) => dumpWords(story, dump)),
    "; ",
  )}.</p>
`;
}

function dumpWords({ stamps }: Story, { node, values }: Story["dumps"][number]): Markup {
  if (values.length === 0) return html`<b>${node}</b> holds nothing`;
  const held = values.map(
    ({ value, version, deleted }) =>
      html`<code>${deleted ? "a tombstone" : shown(value, 60)}</code> @${stamps.short(version)}`,
  );
  return html`<b>${node}</b> holds ${joined(held, " and ")}`;
}

function reproduce({ results, view, evidence, folder }: AnomalyPage): Markup {
  const { counterexample } = view;
  const file = `${folder}/${counterexample.scenario}`;
  const text = `${JSON.stringify(evidence.scenario, null, 2)}\n`;
  const original = `${JSON.stringify(evidence.original, null, 2)}\n`;
  const name = safeName(counterexample.name);
  const same =
    evidence.trace.length > 0
      ? "Same file, same bytes, every time; no network, no containers."
      : "Real containers: the schedule is the same, the timing is not quite.";
  return html`<h2>How to reproduce</h2>
<p class="note">${same}</p>
${command("command", `npm start -- replay ${quoted(file)}`)}
${inContainers(evidence, file)}
<dl class="facts">
<div><dt>scenario</dt><dd><a download="${name}.json" href="${dataAddress("application/json", text)}">${name}.json</a>, and <a download="${name}-original.json" href="${dataAddress("application/json", original)}">before shrinking</a> (${counted(counterexample.shrinkRuns, "run")} of shrinking)</dd></div>
<div><dt>seed</dt><dd>${String(counterexample.seed)}, run ${String(counterexample.runIndex)}; the scenario’s own ${String(evidence.scenario.seed)}</dd></div>
<div><dt>target</dt><dd>${results.target}${twinLink(evidence)}</dd></div>
<div><dt>versions</dt><dd>Recount ${results.versions.recount}, Node ${results.versions.node}</dd></div>
</dl>`;
}

function inContainers({ scenario }: Evidence, file: string): Markup {
  const missing = scenario.faults.map(({ kind }) => kind).filter((kind) => !containerFaults.includes(kind));
  if (missing.length === 0)
    return command("command-docker", `npm start -- replay ${quoted(file)} --target docker`);
  const kinds = [...new Set(missing)].map((kind) =>
    kind === "hold" ? "messages held back" : kind.replace("-", " "),
  );
  return html`<p class="note">Only in the simulator: containers cannot do ${listed(kinds, "or")}.</p>`;
}

function twinLink({ twin }: Evidence): Part {
  if (twin === undefined) return null;
  return html`; the same schedule <a href="${safeName(twin)}.html">in the simulator</a>, message by message`;
}

function claimSection({ view, model, results }: AnomalyPage): Part {
  const { claim, setting, fault, counterexample } = view;
  if (claim === null) {
    return html`<h2>What is claimed</h2>
<p class="note">No row of the claim table speaks of ${setting.label} under ${fault}: this was observed, and is held against nobody.</p>`;
  }
  const row = model.claims.find(({ id }) => id === claim.id);
  const heading = row?.verdict.tone === "shown" ? "The claim it shows" : "The claim it refutes";
  return html`<h2>${heading}</h2>
<blockquote>${claim.statement}</blockquote>
<p class="note"><a href="../index.html#claim-${safeName(claim.id)}">Claim ${claim.id}</a>, ${claim.source}. ${sentence(claim.argument)}</p>
<p class="note"><b>In the checker’s words:</b> “${cut(counterexample.says, 400)}”</p>
<p class="note"><b>Instead:</b> ${sentence(claim.advice)} ${cleanSettings(results, fault, counterexample.kind)}</p>`;
}

/**
 * Settings that a row tried under the same fault for the same anomaly, and that stayed clean. No setting takes
 * a failed write back: rows that would fall by one only mean writes that had surely no effect.
 */
function cleanSettings(results: Results, fault: string, kind: string): Part {
  if (kind === "failed write visible") return null;
  const clean = results.claims
    .filter(({ expect, anomalies }) => expect === "holds" && anomalies.some((each) => each === kind))
    .flatMap(({ cells }) => cells)
    .filter((cell) => cell.fault === fault && cell.outcome === "clean");
  const labels = [...new Set(clean.map(({ setting }) => setting.label))].slice(0, 4);
  if (labels.length === 0) return null;
  const runs = clean
    .filter(({ setting }) => labels.includes(setting.label))
    .reduce((sum, cell) => sum + cell.runs, 0);
  return `Under the same fault ${listed(labels)} stayed clean, in ${counted(runs, "run")}.`;
}
