import assert from "node:assert/strict";
import { OperatingError } from "../base/errors.ts";
import type { History } from "./history.ts";
import { Fn, never, Outcome } from "./history.ts";
import { historyText, parseHistory } from "./journal.ts";
import { HistoryRecorder } from "./recorder.ts";

const invoke = '{"index":0,"time":5,"process":0,"type":"invoke","f":"write","key":"x","value":1}';
const ok = '{"index":1,"time":6,"process":0,"type":"ok","f":"write","key":"x","value":1}';

function refusal(...lines: readonly string[]): string {
  try {
    parseHistory(lines.join("\n"));
  } catch (error) {
    assert.ok(error instanceof OperatingError, String(error));
    assert.equal(error.code, "bad-history");
    return error.message;
  }
  return "accepted";
}

function recorded(journal: string[] = []): History {
  const recorder = new HistoryRecorder(
    { seed: 7, target: "sim", claim: "Q2", keyspaces: [{ name: "k", n: 3 }] },
    { write: (line) => journal.push(JSON.stringify(line)) },
  );
  recorder.phase(0, "strike");
  const write = recorder.invoke(10, {
    process: 0,
    f: "write",
    keyspace: "k",
    key: "x",
    value: { a: [1, "two"] },
    op: 4,
    session: "s1",
    site: "east",
    node: "n1",
    w: 2,
    context: "before",
  });
  const read = recorder.invoke(11, { process: "p", f: "read", key: "x", r: 1, consistency: "ONE" });
  const swap = recorder.invoke(12, { process: 2, f: "cas", key: "x", value: [null, 3] });
  recorder.strike(13, { fault: 1, faultKind: "cut", where: ["n1→n2"], proof: "refused" });
  recorder.complete(write, 14, { type: "info", value: null, error: "Timeout" });
  recorder.complete(read, 15, { type: "ok", value: 3, context: "after", siblings: [3, 4] });
  recorder.complete(swap, 16, { type: "ok", value: [null, 3] });
  recorder.mend(17, { fault: 1, faultKind: "cut", where: ["n1", "n2"], proof: "answers", sinceNs: 12 });
  recorder.skipped(18, 9, "operation 4 gave no value");
  recorder.invoke(19, { process: 0, f: "append", key: "y", value: "z" });
  recorder.dump(20, "n1", "k", [
    { key: "__proto__", values: [{ value: 1, version: "v1", deleted: false }] },
    { key: "x", values: [{ value: null, version: "v2", deleted: true }] },
  ]);
  const late = { node: "n2", ns: -5 };
  recorder.clocks(21, [late, { node: "n1", ns: 0.5 }, { node: "__proto__", ns: 1 }], 3);
  recorder.clocks(22, [late], 0);
  return recorder.finish();
}

describe("the line format", () => {
  it("writes what was journalled, byte for byte, and reads it back to the same bytes", () => {
    const journal: string[] = [];
    const text = historyText(recorded(journal));
    assert.equal(text, `${journal.join("\n")}\n`);
    assert.equal(historyText(parseHistory(text)), text);
    assert.deepEqual(parseHistory(text).marks, recorded().marks);
  });

  it("writes lines as the contract shows them", () => {
    const lines = historyText(recorded()).split("\n");
    assert.equal(
      lines[2],
      '{"index":1,"time":10,"process":0,"type":"invoke","f":"write","key":"x","value":{"a":[1,"two"]},"keyspace":"k",' +
        '"op":4,"session":"s1","site":"east","node":"n1","w":2,"context":"before"}',
    );
    assert.equal(
      lines[5],
      '{"index":4,"time":13,"process":"nemesis","type":"info","f":"strike","fault":1,"kind":"cut",' +
        '"links":["n1→n2"],"proof":"refused"}',
    );
    assert.equal(
      lines[9],
      '{"index":8,"time":17,"process":"nemesis","type":"info","f":"mend","fault":1,"kind":"cut",' +
        '"nodes":["n1","n2"],"proof":"answers","since":12}',
    );
    assert.deepEqual(lines.slice(13), [
      '{"index":12,"time":21,"process":"harness","type":"info","f":"clocks","value":{"__proto__":1,"n1":0.5,"n2":-5},"within":3}',
      '{"index":13,"time":22,"process":"harness","type":"info","f":"clocks","value":{"n2":-5}}',
      "",
    ]);
  });

  it("reads lines without header, index, key and line end, as anybody might write them", () => {
    const history = parseHistory(
      '\ufeff{"time":0,"process":"a","type":"invoke","f":"write","value":2}\r\n\n' +
        '{"time":0,"process":"nemesis","type":"info","f":"start","value":"whatever"}\n' +
        '{"time":3,"process":"a","type":"ok","f":"write","value":2}',
    );
    assert.equal(history.length, 1);
    assert.equal(history.f[0], Fn.write);
    assert.equal(history.outcome[0], Outcome.ok);
    assert.deepEqual([history.invokeIndex[0], history.completeIndex[0]], [0, 2]);
    assert.deepEqual(history.keys, [{ keyspace: "", key: "" }]);
    assert.equal(history.values[history.argument[0] ?? 0], 2);
  });

  it("keeps operations without an end as pending, and an info end as one that may come late", () => {
    const history = parseHistory([invoke, ok.replace('"ok"', '"info"')].join("\n"));
    assert.equal(history.outcome[0], Outcome.info);
    assert.equal(history.completeIndex[0], never);
    assert.equal(history.endIndex[0], 1);
    assert.equal(parseHistory(invoke).outcome[0], Outcome.pending);
  });

  it("reads a file line by line", () => {
    function* lines(): Generator<string> {
      yield invoke;
      yield ok;
    }
    assert.equal(parseHistory(lines()).length, 1);
  });

  const bad: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["what is no JSON", [invoke, "{"], /^line 2: not JSON: \{; each line is one JSON object$/],
    [
      "what is no object",
      ["7"],
      /^line 1: not a JSON object: 7; each line is one event such as \{"index":0,/,
    ],
    [
      "another kind of file",
      ['{"recount":"scenario"}'],
      /^line 1: this is a "scenario" file; a history begins/,
    ],
    [
      "a version to come",
      ['{"recount":"history","version":2}'],
      /^line 1: version 2 .* this reads version 1$/,
    ],
    [
      "a second header",
      ['{"recount":"history","version":1}', '{"recount":"history","version":1}'],
      /^line 2: a second/,
    ],
    [
      "a header with more",
      ['{"recount":"history","version":1,"sed":1}'],
      /^line 1: unknown field "sed"; known are seed/,
    ],
    [
      "an unknown type",
      [invoke.replace("invoke", "begin")],
      /^line 1: "type" is "begin"; it must be "invoke", "ok"/,
    ],
    [
      "an unknown field",
      [invoke.replace('"key"', '"kay"')],
      /^line 1: unknown field "kay"; known are index, time/,
    ],
    [
      "a missing process",
      [invoke.replace('"process":0,', "")],
      /^line 1: "process" is missing; it must be a whole/,
    ],
    [
      "a missing time",
      [invoke.replace('"time":5,', "")],
      /^line 1: "time" is missing; it must be nanoseconds/,
    ],
    ["a completion of nothing", [ok], /^line 1: process 0 completes a write, but it has none open/],
    [
      "a busy process",
      [invoke, '{"index":1,"time":6,"process":0,"type":"invoke","f":"read","key":"x"}'],
      /^line 2: process 0 invokes a read, but its write of line 1 is still open/,
    ],
    [
      "time going back",
      [invoke, ok.replace('"time":6', '"time":4')],
      /^line 2: "time" goes back from 5 to 4/,
    ],
    [
      "an index going back",
      [invoke, ok.replace('"index":1', '"index":0')],
      /^line 2: "index" goes back from 0 to 0/,
    ],
    [
      "indices on some lines",
      [invoke, ok.replace('"index":1,', "")],
      /^line 2: some events have "index" and some don/,
    ],
    [
      "another function",
      [invoke, ok.replace("write", "read")],
      /^line 2: completes the function "read", but line 1/,
    ],
    [
      "another key",
      [invoke, ok.replace('"x"', '"y"')],
      /^line 2: completes the key "y", but line 1 invoked "x"$/,
    ],
    [
      "another value",
      [invoke, ok.replace('"value":1', '"value":2')],
      /^line 2: completes the value 2, but line 1/,
    ],
    [
      "a lone cas value",
      [invoke.replace("write", "cas")],
      /^line 1: "value" of a cas must be \[expected, new\]$/,
    ],
    [
      "an infinite number",
      [invoke.replace('"value":1', '"value":1e999')],
      /^line 1: "value" is .*; it must be JSON/,
    ],
    [
      "a value nested without end",
      [invoke.replace('"value":1', `"value":${"[".repeat(100)}${"]".repeat(100)}`)],
      /^line 1: "value" is .*; it must be JSON without infinite numbers, at most 32 deep$/,
    ],
    ["an endless line", [`${invoke}${" ".repeat(17_000_000)}`], /^line 1: longer than 16777216 characters/],
    [
      "a phase of its own",
      ['{"time":1,"process":"harness","type":"info","f":"phase","value":"nap"}'],
      /^line 1: "value" is "nap"; it must be one of probe, strike, mend, rest, final$/,
    ],
    [
      "an unknown word of the harness",
      ['{"time":1,"process":"harness","type":"info","f":"nap"}'],
      /^line 1: "f" of the harness is "nap"; it must be one of "phase", "dump", "skipped", "clocks"$/,
    ],
    [
      "a dump of another form",
      ['{"time":1,"process":"harness","type":"info","f":"dump","node":"n1","value":{"x":[{"value":1}]}}'],
      /^line 1: "value" is .*; it must be \{key: \[\{value, version, deleted\}\]\}$/,
    ],
    [
      "clocks of another form",
      ['{"time":1,"process":"harness","type":"info","f":"clocks","value":{"n1":"late"}}'],
      /^line 1: "value" is \{"n1":"late"\}; it must be \{node: nanoseconds ahead\}$/,
    ],
    [
      "a list of clocks",
      ['{"time":1,"process":"harness","type":"info","f":"clocks","value":[3]}'],
      /^line 1: "value" is \[3\]; it must be \{node: nanoseconds ahead\}$/,
    ],
    [
      "clocks without exactness",
      ['{"time":1,"process":"harness","type":"info","f":"clocks","value":{"n1":0},"within":-1}'],
      /^line 1: "within" is -1; it must be nanoseconds, from 0 on$/,
    ],
    [
      "a fault that acts after it was proven",
      [
        '{"time":1,"process":"nemesis","type":"info","f":"strike","fault":1,"kind":"kill","nodes":["n1"],"since":2}',
      ],
      /^line 1: "since" is 2, after its own "time" of 1; a fault acts first$/,
    ],
  ];
  for (const [what, lines, message] of bad) {
    it(`refuses ${what}, with the line and what would be right`, () =>
      assert.match(refusal(...lines), message));
  }
});
