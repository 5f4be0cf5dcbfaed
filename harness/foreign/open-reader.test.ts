import assert from "node:assert/strict";
import { OperatingError } from "../base/errors.ts";
import { detectFormat } from "./detect-format.ts";
import { readText, refusalOf } from "./history-read.test-support.ts";
import { openReader } from "./open-reader.ts";

describe("the format of a file", () => {
  const known: readonly (readonly [head: string, format: string])[] = [
    ["", "jsonl"],
    [" \n\t", "jsonl"],
    ["{}", "jsonl"],
    ['{"recount":"history","version":1}\n', "jsonl"],
    ['\ufeff\n{ "a\\"b" : 1', "jsonl"],
    ['{"type":', "jsonl"],
    ['{"type" : true', "jsonl"],
    ['{"type" :ok, "f" :read}', "edn"],
    ["{:type :invoke", "edn"],
    ["{type invoke", "edn"],
    ["{:", "edn"],
    ["[{:type :invoke", "edn"],
    ["( #a.B ; comment\n {:type", "edn"],
    ["#jepsen.history.Op{:type :ok}", "edn"],
    ["#a.History [#b{:x 1}]", "edn"],
    ["; a comment\n; another\n\n[{:type", "edn"],
    ["; only comments", "edn"],
    ["[]", "edn"],
    ["[ ", "edn"],
    ["#_{:a 1} {:b 2}", "edn"],
    ['{:process 0, :type :invoke, :f :get, :key "1", :value nil}', "porcupine-kv"],
    ['{:process 12, :type :ok, :f :append, :key "1"', "porcupine-kv"],
    ['{:process 12, :type :ok, :f :read, :key "1"', "edn"],
    ["INFO  jepsen.util - 0 :invoke :read nil", "porcupine-etcd"],
    ["WARN  other\nINFO\tjepsen.util - x", "porcupine-etcd"],
  ];
  for (const [head, format] of known) {
    it(`is ${format} where it begins ${JSON.stringify(head)}`, () => {
      assert.equal(detectFormat(head), format);
    });
  }

  const unknown = [
    "hello",
    "index,time,process\n",
    "7",
    "nil",
    "<html>",
    '"text"',
    "\u0000\u0001",
    "#{1}",
    "[1 2]",
    "[[",
    "{1 2}",
    "x INFO jepsen.util",
    "( #a.B ; comment\n {",
  ];
  for (const head of unknown) {
    it(`is unknown where it begins ${JSON.stringify(head)}`, () => assert.equal(detectFormat(head), null));
  }

  it("is told in a time that grows with the length only", () => {
    const pieces = ["#a ", "#a", "; \n", "{", '{"', '"\\', ", ", "[ ", "INFO ", "INFO jepsen.util"];
    const told = pieces.map((piece) => detectFormat(piece.repeat(65_536)));
    assert.deepEqual(told, ["edn", "edn", "edn", null, "edn", null, "edn", null, null, null]);
    const odd = pieces.map((piece) => detectFormat(`[${piece.repeat(65_536)} !`));
    assert.deepEqual(odd, [null, null, null, null, "edn", null, null, null, null, null]);
  });

  it("is asked for where a file does not tell", () => {
    assert.equal(
      refusalOf("time,process,type,f,value\n1,2,ok,read,3\n"),
      'line 1: begins with "time,process,type,f,value\\n1,2,ok,read,3\\n", which is none of jsonl, edn, ' +
        "porcupine-etcd, porcupine-kv; --format NAME says which",
    );
    assert.equal(
      refusalOf('[{"index":0,"time":1}]'),
      "line 1: an array of JSON; write one event a line, without brackets around them",
    );
    assert.equal(
      refusalOf(`${"x".repeat(70_000)}`, { pieces: 1_000 }),
      `line 1: begins with "${"x".repeat(40)}", which is none of jsonl, edn, porcupine-etcd, porcupine-kv; --format NAME says which`,
    );
  });

  it("is told by the beginning, and then read as if it had been named", () => {
    const line = '{"time":0,"process":0,"type":"invoke","f":"read"}\n';
    assert.equal(readText(line.repeat(1)).format, "jsonl");
    const many = Array.from({ length: 3_000 }, (_, at) =>
      line.replace('"process":0', `"process":${at}`),
    ).join("");
    for (const pieces of [7, 65_536, many.length]) {
      const { history, format, notes } = readText(many, { pieces });
      assert.deepEqual([history.length, format, notes], [3_000, "jsonl", []]);
    }
    assert.equal(refusalOf(`${many}{`), "line 3001: not JSON: {; each line is one JSON object");
  });

  it("cannot have independent keys but in EDN", () => {
    const usage = (open: () => unknown): string => {
      try {
        open();
      } catch (error) {
        assert.ok(error instanceof OperatingError && error.code === "usage", String(error));
        return error.message;
      }
      return "opened";
    };
    const says = "--independent is for Jepsen's EDN; jsonl has a field for keys";
    assert.equal(
      usage(() => openReader({ format: "jsonl", isIndependent: true })),
      says,
    );
    assert.equal(
      usage(() => readText("{}", { isIndependent: true })),
      says,
    );
    assert.equal(
      usage(() => openReader({ format: "edn", isIndependent: true })),
      "opened",
    );
    assert.equal(
      readText("{:type :invoke, :f :read, :process 0, :value [1 nil]}", { isIndependent: true }).history
        .keys[0]?.key,
      "1",
    );
  });
});
