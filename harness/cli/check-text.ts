import type { HistoryCheck } from "../../checkers/check-history.ts";
import { historyFacts } from "../../reports/history/history-facts.ts";
import { measuresOf, share } from "../../reports/history/tables.ts";
import { kindsWords } from "../../reports/history/verdict-words.ts";
import { counted, cut, duration, figure, listed } from "../../reports/wording.ts";
import { printable } from "../base/printable.ts";
import type { HistoryFormat, ReadHistory } from "../foreign/history-reader.ts";
import type { Anomaly, Measure, UndecidedWindow, Verdict } from "../history/verdict.ts";
import { wrap } from "./terminal.ts";

/** Most of each that a terminal shows; `--json` and `--html` have all of them. Chosen: a screen or two. */
const mostAnomalies = 10;
const mostWindows = 5;
const mostMeasures = 10;
/** Longest name of a key or of what was measured, in characters. */
const longestName = 40;

/** What people call the formats. */
export const formatNames: Readonly<Record<HistoryFormat, string>> = {
  jsonl: "JSON lines",
  edn: "Jepsen EDN",
  "porcupine-etcd": "porcupine's etcd log",
  "porcupine-kv": "porcupine's kv log",
};

/** What a check found, in lines of at most so many columns: the verdict first, then why, then what it rests on. */
export function checkLines(name: string, read: ReadHistory, check: HistoryCheck, columns: number): string[] {
  // The first line is indented by what is no blank to `wrap`, and never part of a printable text.
  const fold = (text: string, indent: number = 4): string =>
    wrap("\u0001".repeat(indent - 2) + printable(text), columns, indent).replaceAll("\u0001", " ");
  const because = check.because === null ? "" : `: ${check.because}`;
  const { model, operations, anomalies } = check;
  const verdict = `${name}: ${check.word} as ${model}, ${counted(operations, "operation")}${because}`;
  return [
    fold(verdict, 2),
    fold(basisOf(read)),
    ...(anomalies.length === 0 ? [] : [fold(`found: ${kindsWords(anomalies)}`)]),
    ...anomalyTexts(anomalies).map((text) => fold(`- ${text}`)),
    ...undecidedOf(read, check).map((text) => fold(text)),
    ...measureLines(check).map((text) => fold(text)),
    fold(judgesOf(check)),
    ...notCheckedOf(check).map((text) => fold(text)),
    ...read.notes.map((note) => fold(`note: ${note}`)),
  ];
}

function basisOf({ history, format }: ReadHistory): string {
  const { ok, failed, unknown, keys, processes, clock } = historyFacts(history);
  const outcomes = `${figure(ok)} ok, ${figure(failed)} failed, ${figure(unknown)} unknown`;
  const span = clock === null ? "" : ` over ${duration((clock.toNs - clock.fromNs) / 1_000)}`;
  const who = `${counted(keys, "key")}, ${counted(processes, "process", "processes")}`;
  return `${formatNames[format]}: ${outcomes}; ${who}${span}`;
}

function anomalyTexts(anomalies: readonly Anomaly[]): string[] {
  const texts = anomalies
    .slice(0, mostAnomalies)
    .map((anomaly) => `${anomaly.kind}${placeOf(anomaly)}: ${anomaly.says}`);
  const more = anomalies.length - texts.length;
  return more > 0 ? [...texts, `and ${figure(more)} more: --json lists them, --html FILE draws them`] : texts;
}

function placeOf({ keyspace, key }: Anomaly): string {
  const path = keyspace === "" ? key : `${keyspace}/${key}`;
  return path === "" ? "" : ` (${cut(path, longestName)})`;
}

/** What no checker could decide within its budget, key by key, and that the rest is fine. */
function undecidedOf({ history }: ReadHistory, { verdicts }: HistoryCheck): string[] {
  return verdicts.flatMap(({ checker, verdict }) => {
    const windows = verdict.word === "unknown" ? (verdict.undecided ?? []) : [];
    if (windows.length === 0) return [];
    const shown = windows.slice(0, mostWindows).map(windowText);
    const more = windows.length > mostWindows ? [`and ${figure(windows.length - mostWindows)} more`] : [];
    const fine =
      history.keys.length - new Set(windows.map(({ keyspace, key }) => `${keyspace}\n${key}`)).size;
    const rest =
      fine > 0 ? `; ${fine === 1 ? "the other key is" : `the other ${figure(fine)} keys are`} fine` : "";
    return [`undecided (${checker}): ${[...shown, ...more].join("; ")}${rest}`];
  });
}

function windowText({ keyspace, key, operations, from, to }: UndecidedWindow): string {
  const path = keyspace === "" ? key : `${keyspace}/${key}`;
  const where = path === "" ? "the register" : `key ${cut(path, longestName)}`;
  return `${where}, ${counted(operations, "operation")} from event ${figure(from)} to ${figure(to)}`;
}

/** One line for all measures of a name: what they are of is told beside each. */
function measureLines(check: HistoryCheck): string[] {
  const byName = new Map<string, Measure[]>();
  for (const { measure } of measuresOf(check)) {
    byName.set(measure.name, [...(byName.get(measure.name) ?? []), measure]);
  }
  return [...byName].map(([name, measures]) => {
    const shown = measures.slice(0, mostMeasures).map(measureText);
    const more = measures.length - shown.length;
    return `${name}: ${[...shown, ...(more > 0 ? [`and ${figure(more)} more`] : [])].join("; ")}`;
  });
}

function measureText({ of, value, unit, low, high, samples }: Measure): string {
  const details = [
    ...(low === undefined || high === undefined ? [] : [`${amount(low, unit)} to ${amount(high, unit)}`]),
    ...(samples === undefined ? [] : [`of ${figure(samples)}`]),
  ];
  const about = of === undefined ? "" : `${cut(of, longestName)}: `;
  return `${about}${amount(value, unit)}${details.length === 0 ? "" : ` (${details.join(", ")})`}`;
}

function amount(value: number, unit: Measure["unit"]): string {
  if (unit === "ns") return duration(value / 1_000);
  return unit === "ratio" ? share(value) : figure(value);
}

const words: Readonly<Record<Verdict["word"], string>> = {
  valid: "valid",
  invalid: "invalid",
  unknown: "unknown",
  notChecked: "not checked",
};

/** Who judged, by what they say: `judged by history-sanity (valid), linearizability (invalid)`. */
function judgesOf({ verdicts, modelBecause, model }: HistoryCheck): string {
  const judged = verdicts.filter(({ verdict }) => verdict.word !== "notChecked");
  const names = judged.map(({ checker, verdict }) => `${checker} (${words[verdict.word]})`);
  const why = modelBecause === null || model === "none" ? "" : `; as ${model}, because ${modelBecause}`;
  return `judged by ${names.length === 0 ? "nobody" : listed(names)}${why}`;
}

/** What was not judged, and why; what only repeats the verdict's own reason is left out. */
function notCheckedOf({ verdicts, because }: HistoryCheck): string[] {
  return verdicts.flatMap(({ checker, verdict }) =>
    verdict.word === "notChecked" && verdict.because !== because
      ? [`not checked by ${checker}: ${verdict.because}`]
      : [],
  );
}
