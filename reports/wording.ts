import type { HistoryValue } from "../harness/history/values.ts";

/** An integer with a comma after each three digits, whatever the machine's locale. */
export function figure(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A figure with its noun: "1 run", "12,400 runs". */
export function counted(value: number, one: string, many: string = `${one}s`): string {
  return `${figure(value)} ${value === 1 ? one : many}`;
}

/** A share of runs as people say it: "1 in 118", "1 in 2.4", "every run". */
export function rate(hits: number, runs: number): string {
  if (hits === 0 || runs === 0) return "none";
  if (hits >= runs) return "every run";
  // "1 in 1" would read like a mistake.
  if (runs / hits < 1.05) return "nearly every run";
  return `1 in ${ratio(runs / hits)}`;
}

/** The same for narrow columns: "1/118", "1/2k". */
export function shortRate(hits: number, runs: number): string {
  if (hits === 0 || runs === 0) return "0";
  const odds = runs / hits;
  return `1/${odds < 1_000 ? String(Math.round(odds)) : shortFigure(odds)}`;
}

/** A count in at most four characters: "400", "12k", "3M". */
export function shortFigure(value: number): string {
  if (value < 1_000) return String(Math.round(value));
  return value < 1_000_000 ? `${Math.round(value / 1_000)}k` : `${Math.round(value / 1_000_000)}M`;
}

/** One decimal below ten, because "1 in 2" could be anything from 40% to 66%. */
function ratio(odds: number): string {
  if (odds >= 9.95) return figure(odds);
  const tenths = Math.round(odds * 10) / 10;
  return String(tenths);
}

/** A length of time in the largest unit that keeps it short: "60 s", "412 ms", "250 µs". */
export function duration(us: number): string {
  const size = Math.abs(us);
  if (size >= 1_000_000) return `${decimal(us / 1_000_000)} s`;
  if (size >= 1_000) return `${decimal(us / 1_000)} ms`;
  return `${Math.round(us)} µs`;
}

/** A point in time as milliseconds, with as many decimals as its size needs. */
export function milliseconds(us: number): string {
  return decimal(us / 1_000);
}

function decimal(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return figure(value);
  const rounded = Math.round(value * 10) / 10;
  return String(Object.is(rounded, -0) ? 0 : rounded);
}

/** A signed clock offset: "+3 ms", "−60 s", "±0". */
export function offset(us: number): string {
  if (us === 0) return "±0";
  return `${us < 0 ? "−" : "+"}${duration(Math.abs(us))}`;
}

/** A value as the pages write it, cut so that no value can push a page apart. */
export function shown(value: HistoryValue, limit: number = 24): string {
  if (value === null) return "nothing";
  const text = typeof value === "string" && /^[\w.:-]+$/.test(value) ? value : JSON.stringify(value);
  return cut(text, limit);
}

/** Text of at most so many characters, its loss marked; never half of a surrogate pair. */
export function cut(text: string, limit: number): string {
  const signs = Array.from(text);
  return signs.length <= limit ? text : `${signs.slice(0, limit - 1).join("")}…`;
}

/** "n1", "n1 and n2", "n1, n2 and n3"; or with another word before the last. */
export function listed(items: readonly string[], conjunction: string = "and"): string {
  if (items.length <= 1) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${items[items.length - 1] ?? ""}`;
}

const numerals = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** Small numbers as words. */
export function numeral(value: number): string {
  return numerals[value] ?? figure(value);
}

/** The same text with a capital first letter. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The same text with exactly one full stop at its end. */
export function sentence(text: string): string {
  const trimmed = capital(text.trim());
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
