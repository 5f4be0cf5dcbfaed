import type { History } from "../history/history.ts";
import type { HarnessLine, HistoryLine, OperationLine } from "../history/lines.ts";
import { historyLines } from "../history/lines.ts";
import type { HistoryValue } from "../history/values.ts";
import { ownPrefix } from "./operation-fields.ts";

/** What Clojure reads as one keyword, and as no other. */
const plainName = /^[A-Za-z*!_?<>=.+-][\w*!?<>=.+-]*$/;

/** Fields of an operation that are written by other rules than the rest, or first. */
const orderly = new Set(["index", "time", "process", "type", "f", "key", "value", "error"]);

/**
 * A history as Jepsen's EDN, an operation a line, without line ends. What Jepsen has no field for stands under
 * `:recount/`, and lines of the harness are operations of the nemesis: it reads back as the same history. Only
 * the header has no place in it.
 */
export function* ednLines(history: History): Generator<string> {
  for (const line of historyLines(history)) {
    if ("recount" in line) continue;
    yield isOperation(line) ? ednOperation(line) : ednMark(line);
  }
}

function isOperation(line: Exclude<HistoryLine, { recount: unknown }>): line is OperationLine {
  return "key" in line;
}

function ednOperation(line: OperationLine): string {
  const { type, f, value, process, time, index, key, error } = line;
  const fields = [`:type :${type}`, `:f ${ednName(f)}`, `:value ${ednValue(value)}`];
  fields.push(`:process ${ednValue(process)}`, `:time ${ednValue(time)}`, `:index ${index}`);
  if (key !== "") fields.push(`:key ${ednValue(key)}`);
  if (error !== undefined) fields.push(`:error ${ednValue(error)}`);
  // A cas that failed without an error met another value; without this, only its having had no effect is known.
  if (type === "fail" && f === "cas" && error === undefined) fields.push(`:${ownPrefix}refused true`);
  for (const [name, given] of Object.entries(line)) {
    if (!orderly.has(name)) fields.push(`:${ownPrefix}${name} ${ednValue(given as HistoryValue)}`);
  }
  return `{${fields.join(", ")}}`;
}

function ednMark(line: HarnessLine): string {
  const { index, time, type: _, ...rest } = line;
  const own = ednValue(rest as unknown as HistoryValue);
  const when = `:process :nemesis, :time ${ednValue(time)}, :index ${index}`;
  return `{:type :info, :f :${line.f}, :value nil, ${when}, :${ownPrefix}line ${own}}`;
}

function ednName(name: string): string {
  return plainName.test(name) ? `:${name}` : JSON.stringify(name);
}

/** A value as EDN. Objects are maps with texts for keys. */
export function ednValue(value: HistoryValue): string {
  if (value === null) return "nil";
  if (typeof value === "number") return ednNumber(value);
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: HistoryValue) => ednValue(item)).join(" ")}]`;
  const entries = Object.entries(value as { readonly [field: string]: HistoryValue });
  return `{${entries.map(([name, held]) => `${JSON.stringify(name)} ${ednValue(held)}`).join(", ")}}`;
}

/** Whole numbers beyond 2⁵³ are written as what they are to us: fractions with a limited number of digits. */
function ednNumber(value: number): string {
  const text = JSON.stringify(value);
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(text) ? text : `${text}.0`;
}
