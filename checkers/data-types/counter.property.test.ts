import assert from "node:assert/strict";
import fc from "fast-check";
import { check } from "../../harness/contracts/checker.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import { isAnsweredRead } from "../register/register-operations.ts";
import { counter, linearizableCounter } from "./counter.ts";
import { amountOf } from "./counter-sweep.ts";

const anyStep = fc.record({
  process: fc.nat({ max: 3 }),
  amount: fc.integer({ min: -3, max: 4 }),
  isRead: fc.boolean(),
  /** Of what begins: whether it takes effect now or at its end, or, where it is never known, at all. */
  isEarly: fc.boolean(),
  type: fc.constantFrom<"ok" | "ok" | "fail" | "info">("ok", "ok", "fail", "info"),
  /** How much a wrong counter would be off. */
  off: fc.integer({ min: -6, max: 6 }),
});
type Step = typeof anyStep extends fc.Arbitrary<infer One> ? One : never;

/** A counter that does each operation at once, at one moment between its beginning and its end. */
class AtomicCounter {
  readonly #recorder = new HistoryRecorder({});
  readonly #open = new Map<number, { row: number; step: Step; shown: number }>();
  readonly #off: boolean;
  #processes = 0;
  #timeNs = 0;
  #value = 0;

  constructor(off: boolean) {
    this.#off = off;
  }

  play(steps: readonly Step[], finalAt: number): History {
    steps.forEach((step, at) => {
      if (at === finalAt) this.#recorder.phase(this.#tick(), "final");
      const open = this.#open.get(step.process);
      if (open === undefined) this.#begin(step);
      else this.#end(step.process, open);
    });
    return this.#recorder.finish();
  }

  #begin(step: Step): void {
    const { process, isRead, amount, isEarly, type } = step;
    const what = isRead ? { f: "read" } : { f: "increment", value: amount };
    this.#processes += 1;
    const row = this.#recorder.invoke(this.#tick(), { process: `c${this.#processes}`, key: "x", ...what });
    this.#open.set(process, { row, step, shown: this.#value });
    if (!isRead && isEarly && type !== "fail") this.#value += amount;
  }

  #end(process: number, { row, step, shown }: { row: number; step: Step; shown: number }): void {
    const { isRead, amount, isEarly, type, off } = step;
    this.#open.delete(process);
    if (!isRead && !isEarly && type === "ok") this.#value += amount;
    const seen = (isEarly ? shown : this.#value) + (this.#off ? off : 0);
    this.#recorder.complete(row, this.#tick(), { type, value: isRead ? seen : amount });
  }

  #tick(): number {
    this.#timeNs += 1;
    return this.#timeNs;
  }
}

/** The rule as it is said, read by read and increment by increment. */
function isWrong(history: History, read: number, isStrict: boolean): boolean {
  const rest = history.marks[0]?.index ?? Number.POSITIVE_INFINITY;
  const call = history.invokeIndex[read] ?? 0;
  const end = history.completeIndex[read] ?? 0;
  const due = isStrict ? call : call > rest ? rest : -1;
  const increments = Array.from({ length: history.length }, (_, row) => row).filter(
    (row) => history.f[row] === Fn.increment && history.outcome[row] !== Outcome.fail,
  );
  const sum = (side: number): number => {
    const counted = increments.filter((row) => {
      const isSure = history.outcome[row] === Outcome.ok && (history.completeIndex[row] ?? 0) < due;
      return isSure || ((history.invokeIndex[row] ?? 0) < end && amountOf(history, row) * side > 0);
    });
    return counted.reduce((total, row) => total + amountOf(history, row), 0);
  };
  const shown = Number(history.values[history.result[read] ?? 0]);
  return shown < sum(-1) || shown > sum(1);
}

const wrongReads = (history: History, isStrict: boolean): number[] =>
  Array.from({ length: history.length }, (_, row) => row)
    .filter((row) => isAnsweredRead(history, row) && isWrong(history, row, isStrict))
    .map((row) => history.invokeIndex[row] ?? -1);

const rules = [
  [counter, false],
  [linearizableCounter, true],
] as const;

describe("counters of any history", () => {
  it("are never wrong where each operation happened at one moment", () => {
    let valid = 0;
    fc.assert(
      fc.property(
        fc.array(anyStep, { minLength: 5, maxLength: 40 }),
        fc.nat({ max: 40 }),
        (steps, finalAt) => {
          const history = new AtomicCounter(false).play(steps, finalAt);
          for (const [checker] of rules) {
            const verdict = check(checker, history);
            assert.notEqual(verdict.word, "invalid", JSON.stringify(verdict));
            if (verdict.word === "valid") valid += 1;
          }
        },
      ),
      { numRuns: 500, seed: 1 },
    );
    assert.ok(valid > 500, `${valid} valid`);
  });

  it("are wrong in the very reads that each rule, spelt out, calls wrong", () => {
    const found = [0, 0];
    fc.assert(
      fc.property(
        fc.array(anyStep, { minLength: 5, maxLength: 40 }),
        fc.nat({ max: 40 }),
        (steps, finalAt) => {
          const history = new AtomicCounter(true).play(steps, finalAt);
          for (const [at, [checker, isStrict]] of rules.entries()) {
            const verdict = check(checker, history);
            const wrong = verdict.word === "invalid" ? verdict.anomalies : [];
            if (verdict.word === "notChecked") continue;
            const reads = wrong.flatMap(({ says, evidence }) => {
              const rows = evidence.filter((index) => isReadAt(history, index));
              assert.equal(rows.length, 1, says);
              return rows;
            });
            assert.deepEqual(
              reads.sort((a, b) => a - b),
              wrongReads(history, isStrict),
            );
            found[at] = (found[at] ?? 0) + reads.length;
          }
        },
      ),
      { numRuns: 1_000, seed: 2 },
    );
    assert.ok(
      found.every((count) => count > 200),
      `${found} wrong reads`,
    );
  });
});

function isReadAt(history: History, index: number): boolean {
  const row = history.invokeIndex.subarray(0, history.length).indexOf(index);
  return history.f[row] === Fn.read;
}
