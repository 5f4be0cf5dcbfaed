import { cell } from "../harness/history/cell.ts";
import type { History } from "../harness/history/history.ts";
import { never, Outcome } from "../harness/history/history.ts";
import { HistoryRecorder } from "../harness/history/recorder.ts";
import { keyEvents } from "./key-events.ts";
import { checkZones } from "./zones.ts";

/** The marks: design figures for this kind of machine, in milliseconds. */
const marks = [
  { operations: 1_000_000, keys: 1_000, warmMs: 150 },
  { operations: 1_000_000, keys: 1, warmMs: 150 },
  { operations: 10_000_000, keys: 1_000, warmMs: 1_500 },
];

/** Clients a key. */
const clients = 5;

/** Makes a history of correct registers: half writes, one operation in a hundred of unknown outcome. */
class AtomicRegisters {
  readonly #recorder = new HistoryRecorder({});
  readonly #open: Int32Array;
  readonly #written: Int32Array;
  readonly #state: Int32Array;
  #seed = 12_345;
  #begun = 0;
  #timeNs = 0;

  constructor(keys: number) {
    this.#open = new Int32Array(keys * clients).fill(-1);
    this.#written = new Int32Array(keys * clients);
    this.#state = new Int32Array(keys);
  }

  history(operations: number): History {
    while (this.#begun < operations) {
      const slot = this.#below(this.#open.length);
      this.#timeNs += 1_000;
      if (cell(this.#open, slot) < 0) this.#begin(slot);
      else this.#end(slot);
    }
    return this.#recorder.finish();
  }

  #begin(slot: number): void {
    this.#begun += 1;
    const isWrite = this.#below(2) === 0;
    this.#written[slot] = isWrite ? this.#begun : 0;
    const asked = isWrite ? { f: "write", value: this.#begun } : { f: "read" };
    const key = `k${Math.trunc(slot / clients)}`;
    this.#open[slot] = this.#recorder.invoke(this.#timeNs, { process: slot, key, ...asked });
  }

  #end(slot: number): void {
    const key = Math.trunc(slot / clients);
    if (cell(this.#written, slot) > 0) this.#state[key] = cell(this.#written, slot);
    const value = cell(this.#state, key) === 0 ? null : cell(this.#state, key);
    const type = this.#below(100) === 0 ? "info" : "ok";
    this.#recorder.complete(cell(this.#open, slot), this.#timeNs, { type, value });
    this.#open[slot] = -1;
  }

  #below(bound: number): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (this.#seed >>> 8) % bound;
  }
}

function measure(history: History): { ms: number; violations: number } {
  // A copy, so that the index is made anew: sorting and partitioning count.
  const fresh = { ...history };
  const before = performance.now();
  const index = keyEvents(fresh);
  let violations = 0;
  for (let key = 0; key < fresh.keys.length; key += 1) {
    const report = checkZones(index, key);
    violations += report.clashes.length + report.unwritten.length + (report.repeated === null ? 0 : 1);
  }
  return { ms: performance.now() - before, violations };
}

for (const { operations, keys, warmMs } of marks) {
  const recording = performance.now();
  const history = new AtomicRegisters(keys).history(operations);
  const recordedMs = performance.now() - recording;
  const runs = Array.from({ length: 5 }, () => measure(history));
  const [first, ...rest] = runs.map(({ ms }) => ms);
  const violations = runs[0]?.violations ?? never;
  const answered = history.outcome
    .subarray(0, history.length)
    .reduce((sum, code) => sum + (code === Outcome.ok ? 1 : 0), 0);
  console.log(
    `${operations} operations, ${keys} keys (${answered} answered): first ${(first ?? 0).toFixed(0)} ms, ` +
      `warm ${Math.min(...rest).toFixed(0)} ms (mark ${warmMs} ms), ${violations} violations; ` +
      `recorded in ${recordedMs.toFixed(0)} ms, ${Math.round(process.memoryUsage().rss / 1e6)} MB resident`,
  );
}
