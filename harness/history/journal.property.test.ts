import assert from "node:assert/strict";
import fc from "fast-check";
import { OperatingError } from "../base/errors.ts";
import { historyText, parseHistory } from "./journal.ts";
import { HistoryRecorder } from "./recorder.ts";
import type { HistoryValue } from "./values.ts";

const anyValue: fc.Arbitrary<HistoryValue> = fc.oneof(
  fc.nat({ max: 5_000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
  fc.boolean(),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as HistoryValue),
);

interface Step {
  readonly act: "invoke" | "complete" | "mark";
  readonly f: string;
  readonly process: number;
  readonly key: string;
  readonly value: HistoryValue;
  readonly other: HistoryValue;
  readonly type: "ok" | "fail" | "info";
  readonly waitNs: number;
  readonly note: string | undefined;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom("invoke", "invoke", "complete", "complete", "mark"),
  f: fc.constantFrom("read", "write", "delete", "cas", "add", "append"),
  process: fc.nat({ max: 4 }),
  key: fc.string({ maxLength: 3 }),
  value: anyValue,
  other: anyValue,
  type: fc.constantFrom("ok", "fail", "info"),
  waitNs: fc.nat({ max: 3 }),
  note: fc.option(fc.string(), { nil: undefined }),
});

/** Plays the steps that are possible; gives the journal and the history. */
function play(steps: readonly Step[]): { journal: string; text: string } {
  const journal: string[] = [];
  const recorder = new HistoryRecorder(
    { seed: 1 },
    { write: (line) => journal.push(`${JSON.stringify(line)}\n`) },
  );
  const open = new Map<number, number>();
  let timeNs = 0;
  for (const step of steps) {
    timeNs += step.waitNs;
    if (step.act === "mark") mark(recorder, timeNs, step);
    else if (step.act === "invoke") invoke(recorder, open, timeNs, step);
    else complete(recorder, open, timeNs, step);
  }
  return { journal: journal.join(""), text: historyText(recorder.finish()) };
}

function mark(recorder: HistoryRecorder, timeNs: number, { key, value }: Step): void {
  recorder.dump(timeNs, key, "k", [{ key, values: [{ value, version: "v", deleted: value === null }] }]);
}

function invoke(recorder: HistoryRecorder, open: Map<number, number>, timeNs: number, step: Step): void {
  const { f, process, key, value, other, note } = step;
  if (open.has(process)) return;
  const asked = f === "cas" ? [value, other] : value;
  const facts = { process, f, key, value: asked, keyspace: note ?? "" };
  open.set(process, recorder.invoke(timeNs, note === undefined ? facts : { ...facts, context: note }));
}

function complete(recorder: HistoryRecorder, open: Map<number, number>, timeNs: number, step: Step): void {
  const { process, type, other, note } = step;
  const row = open.get(process);
  if (row === undefined) return;
  open.delete(process);
  recorder.complete(row, timeNs, { type, value: other, ...(note === undefined ? {} : { context: note }) });
}

describe("histories on disk", () => {
  it("come back as the same bytes, whatever is recorded", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const { journal, text } = play(steps);
        assert.equal(text, journal);
        assert.equal(historyText(parseHistory(text)), text);
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });

  it("can be read up to any line, as a crash leaves them", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 20 }), fc.nat(), (steps, cut) => {
        const lines = play(steps).text.split("\n");
        const prefix = lines.slice(0, cut % (lines.length + 1)).join("\n");
        assert.ok(parseHistory(prefix).length <= lines.length);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it("are refused with a line number when they are damaged anywhere, or read; never anything else", () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(anyStep, { maxLength: 10 }),
        fc.nat(),
        fc.string({ maxLength: 3 }),
        (steps, at, junk) => {
          const { text } = play(steps);
          const place = at % text.length;
          const damaged = text.slice(0, place) + junk + text.slice(place + 1);
          try {
            parseHistory(damaged);
          } catch (error) {
            assert.ok(error instanceof OperatingError && error.code === "bad-history", String(error));
            assert.match(error.message, /^line \d+: /);
            refused += 1;
          }
        },
      ),
      { numRuns: 2_000, seed: 3 },
    );
    assert.ok(refused > 500, `${refused} refused`);
  });
});
