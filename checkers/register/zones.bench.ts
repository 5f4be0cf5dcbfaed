import { check } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import { problemOfKey } from "./key-problem.ts";
import { linearizability } from "./linearizability.ts";
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

interface Measured {
  readonly zonesMs: number;
  readonly checkerMs: number;
  readonly violations: number;
}

/** The zone check alone, then the whole checker: assumptions, zones, names, the verdict of all keys. */
function measure(history: History): Measured {
  // Copies, so that the index is made anew each time: sorting and partitioning count.
  const first = { ...history };
  const second = { ...history };
  const began = performance.now();
  let violations = 0;
  for (let key = 0; key < first.keys.length; key += 1) {
    violations += checkZones(problemOfKey(first, key)).answer === "linearizable" ? 0 : 1;
  }
  const zonesMs = performance.now() - began;
  const beganChecker = performance.now();
  const { word } = check(linearizability, second);
  const checkerMs = performance.now() - beganChecker;
  return { zonesMs, checkerMs, violations: violations + (word === "valid" ? 0 : 1) };
}

const asMs = (times: readonly number[]): string => `${Math.min(...times).toFixed(0)} ms`;

for (const { operations, keys, warmMs } of marks) {
  const recording = performance.now();
  const history = new AtomicRegisters(keys).history(operations);
  const recordedMs = performance.now() - recording;
  const [cold, ...warm] = Array.from({ length: 5 }, () => measure(history));
  const violations = warm.reduce((sum, run) => sum + run.violations, 0);
  console.log(
    `${operations} operations, ${keys} keys: zones ${asMs(warm.map(({ zonesMs }) => zonesMs))} warm, ` +
      `${asMs([cold?.zonesMs ?? 0])} cold (mark ${warmMs} ms); checker ${asMs(warm.map(({ checkerMs }) => checkerMs))} warm; ` +
      `${violations} violations; recorded in ${asMs([recordedMs])}, ${Math.round(process.memoryUsage().rss / 1e6)} MB resident`,
  );
}
