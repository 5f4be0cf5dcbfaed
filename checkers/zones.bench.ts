import type { History } from "../harness/history/history.ts";
import { Fn, never, Outcome } from "../harness/history/history.ts";
import { HistoryRecorder } from "../harness/history/recorder.ts";
import { keyEvents } from "./key-events.ts";
import { checkZones } from "./zones.ts";

/** The marks: design figures for this kind of machine, in milliseconds. */
const marks = [
  { operations: 1_000_000, keys: 1_000, warmMs: 150 },
  { operations: 1_000_000, keys: 1, warmMs: 150 },
  { operations: 10_000_000, keys: 1_000, warmMs: 1_500 },
];

/** A history of a correct register: five clients a key, half writes, one operation in a hundred unknown. */
function atomicHistory(operations: number, keys: number): History {
  const recorder = new HistoryRecorder({});
  const clients = 5;
  const open = new Int32Array(keys * clients).fill(-1);
  const kinds = new Uint8Array(keys * clients);
  const written = new Int32Array(keys * clients);
  const state = new Int32Array(keys);
  const names = Array.from({ length: keys }, (_, key) => `k${key}`);
  let seed = 12_345;
  const below = (bound: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (seed >>> 8) % bound;
  };
  let begun = 0;
  let time = 0;
  while (begun < operations) {
    const slot = below(keys * clients);
    const key = Math.trunc(slot / clients);
    const row = open[slot] ?? -1;
    time += 1_000;
    if (row < 0) {
      const isWrite = below(2) === 0;
      begun += 1;
      kinds[slot] = isWrite ? Fn.write : Fn.read;
      written[slot] = begun;
      const f = isWrite ? "write" : "read";
      open[slot] = recorder.invoke(time, {
        process: slot,
        f,
        key: names[key] ?? "",
        value: isWrite ? begun : null,
      });
    } else {
      open[slot] = -1;
      const isWrite = kinds[slot] === Fn.write;
      if (isWrite) state[key] = written[slot] ?? 0;
      const value = state[key] === 0 ? null : (state[key] ?? null);
      recorder.complete(row, time, { type: below(100) === 0 ? "info" : "ok", value });
    }
  }
  return recorder.finish();
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
  const history = atomicHistory(operations, keys);
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
