import assert from "node:assert/strict";
import fc from "fast-check";
import { OperatingError } from "../base/errors.ts";
import type { History } from "../history/history.ts";
import { historyText } from "../history/journal.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import type { HistoryValue } from "../history/values.ts";
import { ednLines } from "./edn-lines.ts";
import { readText } from "./history-read.test-support.ts";
import { openReader } from "./open-reader.ts";

const anyText = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.constantFrom(":word", "'x", "\\a", "#_", "nil", '"', "\n", "☺"),
);
const anyValue: fc.Arbitrary<HistoryValue> = fc.oneof(
  fc.nat({ max: 5_000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  anyText,
  fc.boolean(),
  fc.array(fc.oneof(fc.integer(), anyText), { maxLength: 3 }),
  // One field only: a map of EDN has no order.
  fc.tuple(anyText, fc.nat()).map(([name, held]) => Object.fromEntries([[name, held]])),
);

interface Step {
  readonly act: "invoke" | "complete" | "mark";
  readonly f: string;
  readonly process: number | string;
  readonly key: string;
  readonly value: HistoryValue;
  readonly other: HistoryValue;
  readonly type: "ok" | "fail" | "info";
  readonly waitNs: number;
  readonly note: string | undefined;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom("invoke", "invoke", "complete", "complete", "mark"),
  f: fc.constantFrom("read", "write", "delete", "cas", "add", "append", "a b", ":odd", "1st"),
  process: fc.oneof(fc.nat({ max: 4 }), fc.constantFrom("p", ":p", "p q", "nil")),
  key: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom("", ":k", "__proto__")),
  value: anyValue,
  other: anyValue,
  type: fc.constantFrom("ok", "fail", "info"),
  waitNs: fc.nat({ max: 3 }),
  note: fc.option(anyText, { nil: undefined }),
});

/** Plays the steps that are possible. */
function play(steps: readonly Step[]): History {
  const recorder = new HistoryRecorder({});
  const open = new Map<number | string, number>();
  let timeNs = 0;
  for (const step of steps) {
    timeNs += step.waitNs;
    if (step.act === "mark") mark(recorder, timeNs, step);
    else if (step.act === "invoke") invoke(recorder, open, timeNs, step);
    else complete(recorder, open, timeNs, step);
  }
  return recorder.finish();
}

function mark(recorder: HistoryRecorder, timeNs: number, { key, value, type, note = "" }: Step): void {
  const facts = { fault: 1, faultKind: "cut", where: [note], proof: key };
  if (type === "ok") {
    recorder.dump(timeNs, key, "k", [{ key, values: [{ value, version: "v", deleted: value === null }] }]);
  } else if (type === "fail") recorder.strike(timeNs, facts);
  else recorder.clocks(timeNs, [{ node: key, ns: -5 }], 2);
}

function invoke(
  recorder: HistoryRecorder,
  open: Map<number | string, number>,
  timeNs: number,
  step: Step,
): void {
  const { f, process, key, value, other, note } = step;
  if (open.has(process)) return;
  const asked = f === "cas" ? [value, other] : value;
  const extra =
    note === undefined ? {} : { context: note, session: note, node: "n1", op: 3, w: 2, consistency: "" };
  open.set(
    process,
    recorder.invoke(timeNs, { process, f, key, value: asked, keyspace: note ?? "", ...extra }),
  );
}

function complete(
  recorder: HistoryRecorder,
  open: Map<number | string, number>,
  timeNs: number,
  step: Step,
): void {
  const { process, type, other, note } = step;
  const row = open.get(process);
  if (row === undefined) return;
  open.delete(process);
  const extra = note === undefined ? {} : { context: note, error: note, siblings: [other, note] };
  recorder.complete(row, timeNs, { type, value: other, ...extra });
}

function ednOf(history: History): string {
  return [...ednLines(history), ""].join("\n");
}

describe("histories as EDN", () => {
  it("come back the same: operations, outcomes, order, times, values, and the harness' lines", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), fc.nat({ max: 30 }), (steps, cut) => {
        const history = play(steps);
        const { history: again, notes } = readText(ednOf(history), { format: "edn", pieces: cut + 1 });
        assert.equal(historyText(again), historyText(history));
        assert.deepEqual(notes, []);
      }),
      { numRuns: 700, seed: 6 },
    );
  });

  it("look as Jepsen writes them", () => {
    const recorder = new HistoryRecorder({ seed: 3 });
    const write = recorder.invoke(10, { process: 0, f: "write", key: "", value: 3 });
    const read = recorder.invoke(11, { process: 1, f: "read", key: "x", node: "n1" });
    recorder.phase(12, "strike");
    recorder.complete(write, 13, { type: "info", error: "timeout" });
    recorder.complete(read, 14, { type: "ok", value: ["a", { b: null }] });
    const cas = recorder.invoke(15, { process: "p q", f: "cas", key: "", value: [1, 2] });
    recorder.complete(cas, 16, { type: "fail" });
    assert.deepEqual(ednOf(recorder.finish()).split("\n"), [
      "{:type :invoke, :f :write, :value 3, :process 0, :time 10, :index 0}",
      '{:type :invoke, :f :read, :value nil, :process 1, :time 11, :index 1, :key "x", :recount/node "n1"}',
      '{:type :info, :f :phase, :value nil, :process :nemesis, :time 12, :index 2, :recount/line {"process" "harness", "f" "phase", "value" "strike"}}',
      '{:type :info, :f :write, :value 3, :process 0, :time 13, :index 3, :error "timeout"}',
      '{:type :ok, :f :read, :value ["a" {"b" nil}], :process 1, :time 14, :index 4, :key "x"}',
      '{:type :invoke, :f :cas, :value [1 2], :process "p q", :time 15, :index 5}',
      '{:type :fail, :f :cas, :value [1 2], :process "p q", :time 16, :index 6, :recount/refused true}',
      "",
    ]);
  });
});

describe("foreign histories that are damaged anywhere", () => {
  const log = [
    "INFO  jepsen.util - 0\t:invoke\t:read\tnil",
    "INFO  jepsen.util - 1\t:invoke\t:cas\t[0 4]",
    "INFO  jepsen.util - 0\t:ok\t:read\t3",
    "INFO  jepsen.util - 1\t:info\t:cas\t:timed-out",
    "",
  ].join("\n");
  const kv = [
    '{:process 1, :type :invoke, :f :append, :key "0", :value "x 1 0 y"}',
    '{:process 0, :type :invoke, :f :get, :key "0", :value nil}',
    '{:process 0, :type :ok, :f :get, :key "0", :value ""}',
    "",
  ].join("\n");
  const anyFile = fc.oneof(
    fc.record({
      format: fc.constant("edn" as const),
      text: fc.array(anyStep, { maxLength: 8 }).map((steps) => ednOf(play(steps))),
    }),
    fc.constant({ format: "porcupine-etcd" as const, text: log }),
    fc.constant({ format: "porcupine-kv" as const, text: kv }),
  );
  const anyJunk = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.constantFrom(
      "",
      "\n",
      '"',
      "\\",
      "}",
      "{",
      "[",
      "#",
      "#_",
      ";",
      ":",
      "1e999",
      "nil",
      "\u0000",
      "-1",
      "99999999999999999999",
    ),
  );

  it("are read, or refused with the number of a line; never anything else", () => {
    let refused = 0;
    fc.assert(
      fc.property(
        anyFile,
        fc.nat(),
        anyJunk,
        fc.nat({ max: 3 }),
        fc.boolean(),
        (file, at, junk, cut, isNamed) => {
          const place = at % (file.text.length + 1);
          const damaged = file.text.slice(0, place) + junk + file.text.slice(place + cut);
          const reader = openReader({ format: isNamed ? file.format : "auto", isIndependent: false });
          try {
            reader.push(damaged);
            const { history } = reader.finish();
            assert.ok(history.length <= damaged.length);
          } catch (error) {
            assert.ok(error instanceof OperatingError && error.code === "bad-history", String(error));
            assert.match(error.message, /^line [1-9]\d*: /);
            const line = Number(/\d+/.exec(error.message)?.[0]);
            assert.ok(line <= damaged.split("\n").length, error.message);
            refused += 1;
          }
        },
      ),
      { numRuns: 4_000, seed: 7 },
    );
    assert.ok(refused > 1_000, `${refused} refused`);
  });
});
