/** One thread against two, on the same history, in pairs: `tsx harness/campaign/judge-threads.bench.ts [keys] [operations] [pairs]`. */
import { readdirSync, readFileSync } from "node:fs";
import { linearizability } from "../../checkers/register/linearizability.ts";
import { Choice } from "../base/choice.ts";
import type { History } from "../history/history.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import { JudgeThreads } from "./judge-threads.ts";

const [keys = 1_000, operations = 1_000, pairs = 5] = process.argv.slice(2).map(Number);
const clients = 5;

/** A register that clients use side by side; each operation takes effect when it begins. */
class BusyKey {
  readonly #recorder: HistoryRecorder;
  readonly #choice: Choice;
  readonly #key: number;
  readonly #open: { readonly row: number; readonly process: number; readonly value: number | null }[] = [];
  #held: number | null = null;

  constructor(recorder: HistoryRecorder, choice: Choice, key: number) {
    this.#recorder = recorder;
    this.#choice = choice;
    this.#key = key;
  }

  /** Of ten operations five read, three write one of five values, and two delete. */
  begin(timeNs: number): void {
    const kind = this.#choice.below(10);
    const f = kind < 5 ? "read" : kind < 8 ? "write" : "delete";
    if (f !== "read") this.#held = f === "write" ? 1 + this.#choice.below(5) : null;
    const free = Array.from({ length: clients }, (_, client) => this.#key * clients + client).filter(
      (client) => this.#open.every(({ process }) => process !== client),
    );
    const process = this.#choice.oneOf(free);
    const value = f === "write" ? this.#held : null;
    const row = this.#recorder.invoke(timeNs, { process, f, key: `k${this.#key}`, value });
    this.#open.push({ row, process, value: this.#held });
  }

  /** Ends operations until a client is free, or all of them. */
  end(timeNs: number, all: boolean): void {
    const most = all ? 0 : this.#choice.below(clients);
    while (this.#open.length > most) {
      const [ended] = this.#open.splice(this.#choice.below(this.#open.length), 1);
      if (ended !== undefined) this.#recorder.complete(ended.row, timeNs, { type: "ok", value: ended.value });
    }
  }
}

function busyHistory(): History {
  const recorder = new HistoryRecorder({});
  const choice = new Choice(1, 0);
  const all = Array.from({ length: keys }, (_, key) => new BusyKey(recorder, choice, key));
  for (let at = 0; at < operations; at += 1) {
    for (const key of all) {
      key.begin(at);
      key.end(at, at === operations - 1);
    }
  }
  return recorder.finish();
}

/** What a judgement took. */
interface Took {
  readonly wallMs: number;
  /** On a processor: of the thread that waits, and of the busiest of the others. They come one after the other. */
  readonly cpuMs: number;
}

/** By thread, how long it was on a processor, in milliseconds. On a busy machine that alone says something. */
function cpuByThread(): ReadonlyMap<string, number> {
  const threads = readdirSync("/proc/self/task");
  return new Map(
    threads.map((thread) => {
      const [ns = "0"] = readFileSync(`/proc/self/task/${thread}/schedstat`, "utf8").split(" ");
      return [thread, Number(ns) / 1e6];
    }),
  );
}

async function timed(threads: JudgeThreads, history: History): Promise<Took> {
  const before = cpuByThread();
  const from = performance.now();
  const [verdict] = await threads.judge(history, [linearizability]);
  const wallMs = performance.now() - from;
  if (verdict?.word !== "valid") console.log(`a linearizable history is judged ${JSON.stringify(verdict)}`);
  const after = cpuByThread();
  const spent = (thread: string): number => (after.get(thread) ?? 0) - (before.get(thread) ?? 0);
  const main = `${process.pid}`;
  const others = [...after.keys()].filter((thread) => thread !== main).map(spent);
  return { wallMs, cpuMs: spent(main) + Math.max(...others) };
}

function shown(one: number, two: number): string {
  return `one ${one.toFixed(0)} ms, two ${two.toFixed(0)} ms, ratio ${(one / two).toFixed(2)}`;
}

const history = busyHistory();
const one = new JudgeThreads({ threads: 1 });
const two = new JudgeThreads({ threads: 2 });
console.log(`${history.length} operations on ${keys} keys`);
for (let pair = 0; pair <= pairs; pair += 1) {
  const alone = await timed(one, history);
  const together = await timed(two, history);
  const wall = shown(alone.wallMs, together.wallMs);
  const cpu = shown(alone.cpuMs, together.cpuMs);
  console.log(`${pair === 0 ? "cold" : `warm ${pair}`}: ${wall}; on a processor: ${cpu}`);
}
await Promise.all([one.close(), two.close()]);
