import type { HistoryValue } from "../history/values.ts";

/** A history's value as the store's text: JSON, with a fast path for integers. */
export function textOf(value: HistoryValue): string {
  return typeof value === "number" && Number.isSafeInteger(value) ? `${value}` : JSON.stringify(value);
}

/** The value that a text of the store stands for, with fast paths for small integers and plain strings. */
export function parsedValue(text: string): HistoryValue {
  const first = text.charCodeAt(0);
  if (first === quote && !text.includes("\\")) return text.slice(1, -1);
  if (first >= zero && first <= nine && text.length <= 15) return Number(text);
  return JSON.parse(text) as HistoryValue;
}

const quote = 0x22;
const zero = 0x30;
const nine = 0x39;
