import assert from "node:assert/strict";
import type { History } from "../history/history.ts";
import { historyText } from "../history/journal.ts";
import { readText, refusalOf } from "./history-read.test-support.ts";

/** The events of a history as the line format writes them, without the header. */
function events(history: History): unknown[] {
  return historyText(history)
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line) as unknown);
}

const operation = (fields: string): string => `{:process 0, :f :write, ${fields}}`;
const edn = { format: "edn" } as const;

describe("Jepsen's histories", () => {
  const writeThenRead = [
    { index: 0, time: 5, process: 0, type: "invoke", f: "write", key: "", value: 3 },
    { index: 1, time: 7, process: 0, type: "ok", f: "write", key: "", value: 3 },
    { index: 2, time: 8, process: 1, type: "invoke", f: "read", key: "", value: null },
    { index: 3, time: 9, process: 1, type: "ok", f: "read", key: "", value: 3 },
  ];
  const maps = [
    "{:type :invoke, :f :write, :process 0, :time 5, :index 0, :value 3}",
    "{:type :ok, :f :write, :process 0, :time 7, :index 1, :value 3}",
    "{:type :invoke, :f :read, :process 1, :time 8, :index 2, :value nil}",
    "{:type :ok, :f :read, :process 1, :time 9, :index 3, :value 3}",
  ];
  const shapes: readonly (readonly [what: string, text: string])[] = [
    ["a map a line", maps.join("\n")],
    ["a vector of maps", `; from a test\n[${maps.join("\n ")}]\n`],
    ["a list of maps on one line", `(${maps.join(" ")})`],
    ["records", maps.map((map) => `#jepsen.history.Op${map}`).join("\n")],
    ["records that are tagged apart", maps.map((map) => `#jepsen.history.Op ; of course\n ${map}`).join(",")],
    ["a tagged vector", `#jepsen.history.DenseHistory [${maps.join("")}]`],
    ["maps in several lines", maps.join("\n").replaceAll(", ", ",\n  ; and\n  ")],
    [
      "symbols and texts for names",
      maps.join("\n").replaceAll(" :read", ' "read"').replaceAll(" :write", " write"),
    ],
    ["texts for fields", maps.join("\n").replaceAll(/:(type|f|value|process) /g, '"$1" ')],
    [
      "other fields",
      maps
        .map((map) => map.replace("}", ', :clock {:a [1 #{"}"}]} \\{ nil :exception #e.X{:via "}"}}'))
        .join("\n"),
    ],
    ["a byte order mark", `\ufeff${maps.join("\r\n")}\r\n`],
    ["discarded forms", `#_{:not "one}"} ${maps.join(" #_ {} ")} #_ {}`],
  ];
  for (const [what, text] of shapes) {
    it(`are read as ${what}, cut anywhere`, () => {
      for (const pieces of [text.length, 1, 2, 3, 17]) {
        const { history, format, notes } = readText(text, { pieces });
        assert.deepEqual(events(history), writeThenRead);
        assert.deepEqual([format, notes], ["edn", []]);
      }
    });
  }

  it("have the order of their operations where they have no index, and no times", () => {
    const { history, notes } = readText(
      "[{:type :invoke, :f :cas, :value (nil 3) :process 7, :time -1, :index -1}\n {:type :info, :process :nemesis :f :start}" +
        " {:process 7 :type :ok :f :cas :value [nil 3]}]",
    );
    assert.deepEqual(events(history), [
      { index: 0, time: 0, process: 7, type: "invoke", f: "cas", key: "", value: [null, 3] },
      { index: 2, time: 0, process: 7, type: "ok", f: "cas", key: "", value: [null, 3] },
    ]);
    assert.deepEqual(notes, [
      "1 line of the nemesis was left out",
      "the file has no times: events go by their numbers, from 0 on",
    ]);
  });

  it("keep what a completion says of a failure, and don't take a failed cas for a refused one", () => {
    const completions: readonly (readonly [completion: string, event: object])[] = [
      [":type :fail", { type: "fail", error: "no reason given" }],
      [":type :fail, :value [1 2]", { type: "fail", error: "no reason given" }],
      [":type :fail, :recount/refused true", { type: "fail" }],
      [':type :fail, :error [:not-primary "n1"]', { type: "fail", error: '[":not-primary","n1"]' }],
      [':type :fail, :error "gone"', { type: "fail", error: "gone" }],
      [":type :info, :value :timed-out", { type: "info", error: ":timed-out" }],
      [":type :info, :value :timed-out, :error :net", { type: "info", error: ":net" }],
      [':type :info, :value ":text"', { type: "info" }],
      [":type :ok, :error :late", { type: "ok", error: ":late" }],
    ];
    for (const [completion, event] of completions) {
      const text = `{:type :invoke, :process 0, :f :cas, :value [1 2]}{:process 0, :f :cas, ${completion}}`;
      const asked = { process: 0, f: "cas", key: "", value: [1, 2] };
      const [, end] = events(readText(text, edn).history);
      const { type, ...rest } = event as { type: string };
      assert.deepEqual(end, { index: 1, time: 0, ...asked, type, ...rest });
    }
    for (const [completion, event] of [
      [":type :fail", { type: "fail" }],
      [":type :fail, :value :timed-out", { type: "fail", error: ":timed-out" }],
      [":type :info, :value [1 2], :error {:a 1}", { type: "info", error: '{":a":1}' }],
    ] as const) {
      const text = `{:type :invoke, :process 0, :f :read}{:process 0, :f :read, ${completion}}`;
      const { type, ...rest } = event;
      const asked = { index: 1, time: 0, process: 0, type, f: "read", key: "", value: null };
      assert.deepEqual(events(readText(text, edn).history)[1], { ...asked, ...rest });
    }
  });

  it("leave a process of an unknown outcome to another", () => {
    const { history } = readText(
      `${operation(":type :invoke, :value 1")}${operation(":type :info")}${operation(":type :invoke, :value 2")}`,
      edn,
    );
    assert.deepEqual([...history.outcome.subarray(0, 2)], [2, 3]);
  });

  it("have keys of their own, or in their values where that is asked for", () => {
    const named =
      '{:type :invoke, :process 0, :f :write, :key "x", :value [1 2]}{:type :ok, :process 0, :f :write, :key "x", :value [1 2]}' +
      "{:type :invoke, :process 0, :f :write, :key 7, :value 1}{:type :ok, :process 0, :f :write}" +
      "{:type :invoke, :process 0, :f :write, :key :k, :value 1}";
    assert.deepEqual(
      readText(named, edn).history.keys.map(({ key }) => key),
      ["x", "7", ":k"],
    );
    const pairs =
      "{:type :invoke, :process 0, :f :write, :value [x 2]}{:type :ok, :process 0, :f :write, :value [x 2]}" +
      "{:type :invoke, :process 0, :f :read, :value [7 nil]}{:type :ok, :process 0, :f :read, :value [7 4]}" +
      "{:type :invoke, :process 0, :f :cas, :value [7 [4 5]]}{:type :info, :process 0, :f :cas, :value :timed-out}" +
      "{:type :invoke, :process 1, :f :cas, :value [7 [4 5]]}{:type :fail, :process 1, :f :cas}" +
      '{:type :invoke, :process 1, :f :read, :key "z" :value nil}';
    const { history, notes } = readText(pairs, { ...edn, isIndependent: true });
    assert.deepEqual(
      events(history).map((event) => {
        const { f, key, value } = event as { f: string; key: string; value: unknown };
        return [f, key, value];
      }),
      [
        ["write", "'x", 2],
        ["write", "'x", 2],
        ["read", "7", null],
        ["read", "7", 4],
        ["cas", "7", [4, 5]],
        ["cas", "7", [4, 5]],
        ["cas", "7", [4, 5]],
        ["cas", "7", [4, 5]],
        ["read", "z", null],
      ],
    );
    assert.deepEqual(notes, ["the file has no times: events go by their numbers, from 0 on"]);
  });

  it("are refused where their reads show that the keys are in the values", () => {
    const write = "{:type :invoke, :process 0, :f :write, :value [7 2]}";
    const read = (value: string): string => `\n{:type :invoke, :process ${value.length}, :f :read, ${value}}`;
    const says = "line 2: reads ask for [key nil]: --independent judges each key by itself";
    assert.equal(refusalOf(`${write}${read(":value [7 nil]")}${read(":value [  8 nil]")}`, edn), says);
    for (const other of [
      ":value nil",
      ":value [7 2]",
      ":value [nil]",
      ":value [7 nil 3]",
      ':key "k" :value [7 nil]',
    ]) {
      assert.equal(readText(`${write}${read(":value [    7 nil]")}${read(other)}`, edn).history.length, 3);
    }
    assert.equal(readText(write, edn).history.length, 1);
    const pairs = `${write}${read(":value [7 nil]")}`;
    assert.equal(readText(pairs, { ...edn, isIndependent: true }).history.length, 2);
  });

  it("may be without operations", () => {
    for (const text of ["", "[]", "()\n", "; nothing\n"]) assert.equal(readText(text, edn).history.length, 0);
  });

  const refused: readonly (readonly [what: string, text: string, says: string])[] = [
    [
      "a file that ends in a map",
      "\n{:type :invoke,\n",
      "line 3: the file ends within the operation that begins on line 2: it was cut off",
    ],
    [
      "a vector without end",
      "[\n{:process 0 :type :invoke :f :read}",
      "line 2: the file ends before the ] for line 1: it was cut off",
    ],
    ["a bracket too many", "{:process 0 :type :invoke :f :read}\n]", "line 2: a ] that closes nothing"],
    [
      "a bracket of another kind",
      "[{:process 0 :type :invoke :f :read}\n)",
      "line 2: a ) that closes nothing",
    ],
    ["a tag without a map", "[#a\n]", "line 2: a ] that closes nothing"],
    [
      "a vector in a vector",
      "[\n[1 2]]",
      "line 2: [ begins no operation; one is a map such as {:type :invoke, :f :read, :process 0, :value nil}",
    ],
    [
      "an atom",
      "\n nil {}",
      'line 2: "n" begins no operation; one is a map such as {:type :invoke, :f :read, :process 0, :value nil}',
    ],
    [
      "a text",
      '"x"',
      'line 1: "\\"" begins no operation; one is a map such as {:type :invoke, :f :read, :process 0, :value nil}',
    ],
    [
      "a tagged text",
      '#inst "x"',
      'line 1: "\\"" begins no operation; one is a map such as {:type :invoke, :f :read, :process 0, :value nil}',
    ],
    [
      "a set",
      "#{1}",
      "line 1: an operation is a map such as {:type :invoke, :f :read, :process 0, :value nil}",
    ],
    ["brackets that do not match", "{:a [1\n(2]}\n", "line 2: a ] where a ) is missing"],
    ["a field without a value", "{:process 0,\n:type}", "line 2: } closes nothing here; a value is missing"],
    ["a field that occurs twice", "{:process 0,\n:process 0}", 'line 2: the field "process" occurs twice'],
    [
      "an unknown type",
      operation(":type :begin"),
      'line 1: :type is "begin"; it must be :invoke, :ok, :fail or :info',
    ],
    [
      "a type that is no name",
      operation(":type 1"),
      "line 1: :type is no name; it must be :invoke, :ok, :fail or :info",
    ],
    [
      "a missing type",
      operation(":value 1"),
      "line 1: :type is missing; it must be :invoke, :ok, :fail or :info",
    ],
    [
      "a missing function",
      "{:process 0, :type :ok}",
      "line 1: :f is missing; it must be a name such as :read",
    ],
    [
      "a function that is no name",
      "{:process 0, :type :ok :f nil}",
      "line 1: :f is no name; it must be a name such as :read",
    ],
    [
      "an empty function",
      '{:process 0, :type :ok :f ""}',
      "line 1: :f is no name; it must be a name such as :read",
    ],
    [
      "a missing process",
      "{:type :ok :f :read}",
      "line 1: :process is missing or of another kind; it must be a whole number or a name",
    ],
    [
      "half a process",
      "{:process 0.5 :type :ok :f :read}",
      "line 1: :process is missing or of another kind; it must be a whole number or a name",
    ],
    [
      "a process without a name",
      '{:process "" :type :ok :f :read}',
      "line 1: :process is missing or of another kind; it must be a whole number or a name",
    ],
    [
      "the harness' own process",
      '{:process "harness" :type :info :f :phase}',
      'line 1: :process "harness" is taken: histories keep it for themselves',
    ],
    [
      "an index that is none",
      operation(":type :invoke, :index 1.5"),
      'line 1: :index is "1.5"; it must be a number from 0 on',
    ],
    [
      "an index below zero",
      operation(":type :invoke, :index -2"),
      'line 1: :index is "-2"; it must be a number from 0 on',
    ],
    [
      "a time that is none",
      operation(':type :invoke, :time "noon"'),
      'line 1: :time is "noon"; it must be a number from 0 on',
    ],
    [
      "a cas of one value",
      "{:process 0, :type :invoke, :f :cas, :value 3}",
      'line 1: :value of a cas is "3"; it must be [expected new]',
    ],
    [
      "a cas of three values",
      "{:process 0, :type :invoke, :f :cas, :value [1 2 3]}",
      'line 1: :value of a cas is "[1,2,3]"; it must be [expected new]',
    ],
    [
      "a busy process",
      `${operation(":type :invoke, :value 1")}\n${operation(":type :invoke, :value 2")}`,
      "line 2: process 0 invokes a write, but its write of line 1 is still open; a process does one thing at a time: end the first, or use another process",
    ],
    [
      "a completion of nothing",
      operation(":type :ok"),
      "line 1: process 0 completes a write, but it has none open; an invocation must come first, and each ends once",
    ],
    [
      "another function",
      `${operation(":type :invoke, :value 1")}\n{:process 0, :type :ok, :f :read}`,
      'line 2: completes the function "read", but line 1 invoked "write"',
    ],
    [
      "another value",
      `${operation(":type :invoke, :value 1")}\n\n${operation(":type :ok, :value 2")}`,
      "line 3: completes the value 2, but line 1 invoked 1",
    ],
    [
      "time going back",
      `${operation(":type :invoke, :time 2")}\n${operation(":type :ok, :time 1")}`,
      "line 2: :time goes back from 2 to 1; it counts nanoseconds since the start",
    ],
    [
      "times on some",
      `${operation(":type :invoke, :time 2")}\n${operation(":type :ok")}`,
      "line 2: some events have :time and some don't; give all of them one, or none",
    ],
    [
      "an index going back",
      `${operation(":type :invoke, :index 2")}\n${operation(":type :ok, :index 2")}`,
      "line 2: :index goes back from 2 to 2; events stand in ascending order",
    ],
    [
      "indices on some",
      `${operation(":type :invoke, :index 2")}\n${operation(":type :ok")}`,
      "line 2: some events have :index and some don't; number all of them or none",
    ],
    [
      "an index beyond all",
      operation(":type :invoke, :index 2147483647"),
      "line 1: more than 2147483646 events; cut the history by key",
    ],
    [
      "a line that is none of the harness",
      "{:process :nemesis, :type :info, :f :x, :recount/line 3}",
      'line 1: :recount/line is "3"; it must be a line of the harness or its nemesis',
    ],
    [
      "an operation in the harness' name",
      '{:process :nemesis, :type :info, :f :x, :recount/line {"process" 0 "f" "read"}}',
      'line 1: :recount/line is "{\\"f\\":\\"read\\",\\"process\\":0}"; it must be a line of the harness or its nemesis',
    ],
    [
      "a fact of another kind",
      operation(":type :invoke, :value 1, :recount/w :two"),
      'line 1: ":recount/w" is ":two"; it must be a whole number from 0 on',
    ],
  ];
  for (const [what, text, says] of refused) {
    it(`with ${what} are refused`, () => {
      assert.equal(refusalOf(text, edn), says);
      assert.equal(refusalOf(text, { ...edn, pieces: 1 }), says);
    });
  }

  it("need pairs where their keys are independent", () => {
    const independent = { ...edn, isIndependent: true };
    assert.equal(
      refusalOf(operation(":type :invoke, :value 1"), independent),
      'line 1: :value is "1"; of independent keys it must be [key value]',
    );
    assert.equal(
      refusalOf(
        `${operation(":type :invoke, :value [1 2]")}\n${operation(":type :ok, :value [2 2]")}`,
        independent,
      ),
      'line 2: completes the key "2", but line 1 invoked "1"',
    );
  });

  it("have operations of limited length, wherever they are cut", () => {
    const long = `{:process 0, :type :invoke, :f :read, :junk "${"x".repeat(17_000_000)}`;
    const says = "line 2: an operation of more than 16777216 characters";
    assert.equal(refusalOf(`\n${long}`, { ...edn, pieces: 1_000_000 }), says);
    assert.equal(refusalOf(`\n${long}"}`, edn), says);
  });

  it("have a limited number of functions", () => {
    const operations = Array.from({ length: 241 }, (_, at) => `{:process ${at}, :type :invoke, :f :f${at}}`);
    assert.equal(readText(operations.slice(1).join("\n"), edn).history.length, 240);
    assert.equal(
      refusalOf(operations.join("\n"), edn),
      'line 241: "f240" is one function too many; 240 different ones can be told apart',
    );
  });
});
