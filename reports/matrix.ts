import { faultColumns } from "../harness/contracts/claim.ts";
import type { Results } from "../harness/contracts/results.ts";
import { anomalyNames } from "./anomaly-names.ts";
import type { CellKind, MatrixCell } from "./matrix-cell.ts";
import type { MatrixRow, ReportModel } from "./model.ts";
import { reportModel } from "./model.ts";
import { shortFigure, shortRate } from "./wording.ts";

/** How a terminal shows the matrix. `columns` is its width in characters. */
export interface MatrixOptions {
  readonly colour: boolean;
  readonly columns: number;
}

/** Select Graphic Rendition codes (ECMA-48), from the sixteen colours that every terminal has. */
const styles: Readonly<Record<CellKind | "head", string>> = {
  head: "1",
  contradicted: "1;41;97",
  contradicts: "1;31",
  allowed: "34",
  observed: "36",
  missed: "33",
  unknown: "35",
  clean: "2",
  skipped: "2",
  notExpressible: "2",
  untried: "2",
};

/** The settings × faults as text: aligned, coloured only when asked, codes alone where it is narrow. */
export function renderMatrix(results: Results, options: MatrixOptions): string {
  const model = reportModel(results);
  const layout = layoutOf(model, options.columns);
  const paint = (kind: CellKind | "head", text: string): string =>
    options.colour && text.trim() !== "" ? `\u001b[${styles[kind]}m${text}\u001b[0m` : text;
  const lines = headLines(layout).map((line) => paint("head", line));
  for (const { heading, rows } of model.groups) {
    lines.push("", paint("untried", toWidth(heading, options.columns).trimEnd()));
    for (const row of rows) lines.push(...rowLines(row, layout, paint));
  }
  return [...lines, "", ...legend(model, options.columns), ""].join("\n");
}

interface Layout {
  readonly label: number;
  readonly cell: number;
  readonly rates: boolean;
}

/** Room for "LW 1/118" and a space; codes alone take four. */
const cellWithRate = 9;
const cellWithCode = 4;

function layoutOf(model: ReportModel, columns: number): Layout {
  const longest = Math.max(
    5,
    ...model.groups.flatMap(({ rows }) => rows.map(({ setting }) => setting.label.length)),
  );
  const forRates = columns - cellWithRate * faultColumns.length;
  // A label of twelve signs still tells settings apart; below that the rates have to go.
  if (forRates >= Math.min(longest + 1, 18)) {
    return { label: Math.min(longest + 1, forRates), cell: cellWithRate, rates: true };
  }
  const forCodes = Math.max(8, columns - cellWithCode * faultColumns.length);
  return { label: Math.min(longest + 1, forCodes), cell: cellWithCode, rates: false };
}

/** Heads of more than one word stand in two lines; in a narrow matrix they are cut to three signs. */
function headLines({ label, cell, rates }: Layout): string[] {
  const words = faultColumns.map((fault) =>
    rates ? fault.replace("partition", "parti- tion").split(" ") : [fault.slice(0, cellWithCode - 1)],
  );
  const line = (name: string, pick: (words: readonly string[]) => string): string =>
    (toWidth(name, label) + words.map((parts) => toWidth(pick(parts), cell)).join("")).trimEnd();
  const first = line("N/W/R", (parts) => parts[0] ?? "");
  return rates ? [first, line("", (parts) => parts[1] ?? "")] : [first];
}

/** A row of the matrix; a label that is too long goes on in lines of its own, because half of it says nothing. */
function rowLines(
  { setting, cells }: MatrixRow,
  layout: Layout,
  paint: (kind: CellKind | "head", text: string) => string,
): string[] {
  const texts = cells.map((cell) => {
    const text = layout.rates ? cellText(cell) : cell.code.padEnd(2) + markOf(cell);
    return paint(cell.kind, toWidth(loudness(cell, text), layout.cell));
  });
  const [label = "", ...more] = labelLines(setting.label, layout.label - 1);
  return [(toWidth(label, layout.label) + texts.join("")).trimEnd(), ...more];
}

function labelLines(label: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of label.split(" ")) {
    const last = lines.length - 1;
    const longer = `${lines[last] ?? ""} ${word}`;
    if (last >= 0 && longer.length <= room) lines[last] = longer;
    else lines.push(last < 0 ? word : `  ${word}`);
  }
  return lines;
}

/** "LW 1/118", "· 400", "?": a capital code contradicts what is claimed, a small one does not. */
function cellText(cell: MatrixCell): string {
  if (cell.anomaly !== null) return `${cell.code}${markOf(cell)}${shortRate(cell.hits, cell.runs)}`;
  if (cell.kind === "clean" || cell.kind === "missed" || cell.kind === "unknown") {
    return `${cell.code}${markOf(cell)}${shortFigure(cell.runs)}`;
  }
  return cell.code;
}

function loudness(cell: MatrixCell, text: string): string {
  return cell.kind === "allowed" || cell.kind === "observed" ? text.toLowerCase() : text;
}

function markOf({ kind }: MatrixCell): string {
  if (kind === "contradicted") return "!";
  if (kind === "missed") return "*";
  return " ";
}

function toWidth(text: string, width: number): string {
  const room = Math.max(1, width - 1);
  return (text.length > room ? `${text.slice(0, room - 1)}…` : text).padEnd(width);
}

function legend(model: ReportModel, columns: number): string[] {
  const cells = model.groups.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  const seen = new Set(cells.map(({ anomaly }) => anomaly));
  const codes = anomalyNames.filter(({ kind }) => seen.has(kind)).map(({ code, kind }) => `${code} ${kind}`);
  const { counts } = model;
  const marks = [
    ...(counts.contradicts > 0 ? ["capitals refute what is claimed of the setting"] : []),
    ...(counts.allowed + counts.observed > 0 ? ["small letters: allowed, or judged by no row"] : []),
    ...(counts.contradicted > 0 ? ["LW! a row that ought to hold fell"] : []),
    ...(counts.clean > 0 ? ["· clean, with its runs"] : []),
    ...(counts.missed > 0 ? ["·* clean, although an anomaly was expected"] : []),
    ...(counts.unknown > 0 ? ["? too little to judge"] : []),
    ...(counts.skipped + counts.notExpressible > 0 ? ["– not run here"] : []),
  ];
  return [...wrapped(codes, columns), ...wrapped(marks, columns)];
}

function wrapped(items: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.length - 1;
    const longer = `${lines[last] ?? ""} · ${item}`;
    if (last >= 0 && longer.length <= columns) lines[last] = longer;
    else lines.push(item);
  }
  return lines;
}
