import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { History } from "../../harness/history/history.ts";
import type { BenchCase, Mark } from "./bench-cases.test-support.ts";
import { benchCases, searchBytes } from "./bench-cases.test-support.ts";
import { nativeRegisters } from "./native-operations.test-support.ts";
import type { NativeHistory, NativeJudge } from "./native-porcupine.test-support.ts";
import { nativePorcupine } from "./native-porcupine.test-support.ts";

/**
 * `npm run bench:checkers [WORD …]`: the checkers against native porcupine on the same histories, in turn; all of
 * the cases, or those whose name has a word. Cold is the first judgement in a process of its own, warm the best of
 * the later ones. Figures of a busy machine say little: look at the ratios.
 */

interface Figures {
  readonly coldMs: number;
  readonly warmMs: number;
}

/** What one process says of a case: its first judgement. */
interface ColdRun {
  readonly ms: number;
  readonly said: string;
  /** By which the process grew; it says something only where there are many operations. */
  readonly bytesPerOperation: number;
}

/** Fewer than these grow a process by less than it grows by itself. Chosen. */
const manyOperations = 1_000_000;
/** Fewer than these on a key need less than the pieces that the search asks for. Chosen. */
const manyOnKey = 10_000;
/** The mark for all work that has many operations, in bytes an operation. */
const markBytes = 50;

const self = fileURLToPath(import.meta.url);
const none: Figures = { coldMs: Number.NaN, warmMs: Number.NaN };

function judgeAll({ judge }: BenchCase, histories: readonly History[]): string {
  const words = histories.map(judge);
  return [...new Set(words)]
    .map((word) => `${words.filter((other) => other === word).length} ${word}`)
    .join(", ");
}

function timed(work: () => string): { readonly ms: number; readonly said: string } {
  const began = performance.now();
  const said = work();
  return { ms: performance.now() - began, said };
}

/** In a process of its own, before anything else was judged there. */
function coldRun(name: string): ColdRun {
  const ran = spawnSync(process.execPath, ["--expose-gc", "--import", "tsx", self, "--cold", name], {
    encoding: "utf8",
  });
  if (ran.status !== 0) throw new Error(`${name}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as ColdRun;
}

function runCold(name: string): void {
  const one = benchCases.find((each) => each.name === name);
  if (one === undefined) throw new RangeError(`no case ${name}`);
  const histories = one.histories();
  const operations = histories.reduce((sum, { length }) => sum + length, 0);
  const before = residentAfterPeakIsForgotten();
  const { ms, said } = timed(() => judgeAll(one, histories));
  const bytesPerOperation = (residentBytes("VmHWM") - before) / operations;
  process.stdout.write(JSON.stringify({ ms, said, bytesPerOperation }));
}

/** Bytes of this process that are in memory, and from here on the most of them (Linux's proc(5): clear_refs, status). */
function residentAfterPeakIsForgotten(): number {
  globalThis.gc?.();
  // What was collected is given back by a thread of its own.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  writeFileSync("/proc/self/clear_refs", "5");
  return residentBytes("VmRSS");
}

function residentBytes(field: "VmRSS" | "VmHWM"): number {
  const [, kib = "0"] =
    new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return 1_024 * Number(kib);
}

/** What porcupine needs for all histories of a case; NaN where it gave up or was not asked. */
function nativeFigures(
  judge: NativeJudge | string,
  histories: readonly NativeHistory[],
  limitMs: number,
): Figures {
  if (typeof judge === "string" || limitMs === 0) return none;
  const verdicts = judge(histories, { repeats: 3, timeoutMs: limitMs });
  if (verdicts.some(({ verdict }) => verdict === "Unknown")) return none;
  const sum = (pick: (ns: readonly number[]) => number): number =>
    verdicts.reduce((total, { ns }) => total + pick(ns), 0) / 1e6;
  return { coldMs: sum(([first = 0]) => first), warmMs: sum((ns) => Math.min(...ns.slice(1))) };
}

function least(one: Figures, other: Figures): Figures {
  const min = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b));
  return { coldMs: min(one.coldMs, other.coldMs), warmMs: min(one.warmMs, other.warmMs) };
}

function measure(one: BenchCase, judge: NativeJudge | string): string[] {
  const histories = one.histories();
  const frames = one.nativeMs > 0 ? histories.map(nativeRegisters) : [];
  let theirs = none;
  let ours = none;
  let cold: ColdRun = { ms: 0, said: "", bytesPerOperation: 0 };
  judgeAll(one, histories);
  for (let round = 0; round < one.rounds; round += 1) {
    // Once porcupine has given up, it is not asked again.
    if (round === 0 || !Number.isNaN(theirs.warmMs))
      theirs = least(theirs, nativeFigures(judge, frames, one.nativeMs));
    const warm = [1, 2, 3].map(() => timed(() => judgeAll(one, histories)).ms);
    cold = coldRun(one.name);
    ours = least(ours, { coldMs: cold.ms, warmMs: Math.min(...warm) });
  }
  const bytes = bytesOf(one, histories, cold);
  const times = { cold: theirs.coldMs / ours.coldMs, warm: theirs.warmMs / ours.warmMs };
  return [
    one.name,
    cold.said,
    nativeText(one, theirs),
    `${msOf(ours.coldMs)} / ${msOf(ours.warmMs)}`,
    Number.isNaN(times.warm) ? "" : `${times.cold.toFixed(1)}× / ${times.warm.toFixed(1)}×`,
    Number.isNaN(bytes) ? "" : `${bytes.toFixed(0)} B`,
    `${markText(one.mark)}${Number.isNaN(bytes) ? "" : `, ${markBytes} B`}`,
    isMet(one.mark, ours, times) && !(bytes > markBytes) ? "met" : "SHORT",
  ];
}

/** Of a search, its own memory; else by how much the process grew. The history itself is not counted. NaN for few. */
function bytesOf({ name }: BenchCase, histories: readonly History[], cold: ColdRun): number {
  const operations = histories.reduce((sum, { length }) => sum + length, 0);
  const keys = histories.reduce((sum, { keys: some }) => sum + some.length, 0);
  if (name.startsWith("search")) {
    return operations / keys < manyOnKey ? Number.NaN : Math.max(...histories.map(searchBytes));
  }
  return operations < manyOperations ? Number.NaN : cold.bytesPerOperation;
}

function nativeText({ nativeMs }: BenchCase, { coldMs, warmMs }: Figures): string {
  if (nativeMs === 0) return "not asked";
  return Number.isNaN(warmMs) ? "no answer" : `${msOf(coldMs)} / ${msOf(warmMs)}`;
}

function msOf(ms: number): string {
  return ms < 10 ? ms.toFixed(2) : ms.toFixed(0);
}

function markText({ coldTimes, warmTimes, coldMs, warmMs }: Mark): string {
  const cold = coldTimes !== undefined ? `${coldTimes}×` : coldMs !== undefined ? `${coldMs} ms` : "–";
  const warm = warmTimes !== undefined ? `${warmTimes}×` : warmMs !== undefined ? `${warmMs} ms` : "–";
  return `${cold} / ${warm}`;
}

function isMet(mark: Mark, ours: Figures, times: { readonly cold: number; readonly warm: number }): boolean {
  const {
    coldTimes = 0,
    warmTimes = 0,
    coldMs = Number.POSITIVE_INFINITY,
    warmMs = Number.POSITIVE_INFINITY,
  } = mark;
  // Where porcupine has no answer, no multiple of its time is asked for.
  const isFast = !(times.cold < coldTimes) && !(times.warm < warmTimes);
  return isFast && ours.coldMs <= coldMs && ours.warmMs <= warmMs;
}

function main(words: readonly string[]): void {
  const judge = nativePorcupine();
  if (typeof judge === "string") console.log(`without porcupine: ${judge}`);
  console.log(
    "| work | verdict | porcupine cold / warm, ms | ours, ms | times | memory an operation | mark | |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const one of benchCases) {
    if (words.length > 0 && !words.some((word) => one.name.includes(word))) continue;
    console.log(`| ${measure(one, judge).join(" | ")} |`);
  }
}

const [first, ...others] = process.argv.slice(2);
if (first === "--cold") runCold(others.join(" "));
else main(process.argv.slice(2));
