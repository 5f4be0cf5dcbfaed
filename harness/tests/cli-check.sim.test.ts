import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ended } from "./recount-process.test-support.ts";
import { recount } from "./recount-process.test-support.ts";

interface Told {
  readonly file: string;
  readonly format: string;
  readonly notes: readonly string[];
  readonly word: string;
  readonly because: string | null;
  readonly model: string;
  readonly anomalies: readonly { readonly kind: string; readonly says: string }[];
}

/** The documents on standard output, one a line. */
function documents(stdout: string): Told[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Told);
}

const line = (process: number, type: string, f: string, value: unknown, time: number): string =>
  JSON.stringify({ process, type, f, key: "x", value, time });
const written = [line(0, "invoke", "write", 1, 0), line(0, "ok", "write", 1, 10)];
const readAfter = (value: unknown): string =>
  [...written, line(1, "invoke", "read", null, 20), line(1, "ok", "read", value, 30), ""].join("\n");

const edn = `; what a client saw
[{:type :invoke, :f :write, :value ["a" 1], :process 0, :time 10, :index 0}
 {:type :info, :f :start-partition, :process :nemesis, :time 11, :index 1}
 {:type :ok, :f :write, :value ["a" 1], :process 0, :time 12, :index 2}
 {:type :invoke, :f :read, :value ["a" nil], :process 1, :time 3000013, :index 3}
 {:type :ok, :f :read, :value ["a" nil], :process 1, :time 3000014, :index 4}
 {:type :invoke, :f :write, :value ["b" 2], :process 1, :time 3000015, :index 5}]`;
const etcd = `INFO  jepsen.util - 0\t:invoke\t:cas\t[0 1]
INFO  jepsen.util - 0\t:fail\t:cas\t[0 1]
INFO  jepsen.util - 1\t:invoke\t:read\tnil
INFO  jepsen.util - 1\t:ok\t:read\tnil
`;
const kv = `{:process 0, :type :invoke, :f :append, :key "0", :value "a"}
{:process 0, :type :ok, :f :append, :key "0", :value "a"}
{:process 0, :type :invoke, :f :get, :key "0", :value nil}
{:process 0, :type :ok, :f :get, :key "0", :value "b"}
`;
const tickets = `export const model = {
  name: "tickets",
  partition: "key",
  initial: 0,
  step: (last, { result }) => (result === undefined || result === last + 1 ? last + 1 : null),
};
`;

describe("histories that anybody wrote", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "recount-check-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const fileOf = (name: string, text: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const check = (args: readonly string[], input = ""): Ended => recount(["check", ...args], { input });

  describe("are judged", () => {
    it("in any format that is known, each with a line, and the gravest status", () => {
      const files = [
        fileOf("good.jsonl", readAfter(1)),
        fileOf("bad.jsonl", readAfter(null).replaceAll("\n", "\r\n")),
        fileOf("keys.edn", edn.replace(/\["(.)" (\w+)\]/g, '$2, :key "$1"')),
        fileOf("etcd.log", etcd),
        fileOf("kv.txt", kv),
      ];
      const { status, stdout, stderr } = check([...files, "--json"]);
      const told = documents(stdout);
      assert.deepEqual(
        told.map(({ file, format, word, model }) => [file, format, word, model]),
        [
          [files[0], "jsonl", "valid", "register"],
          [files[1], "jsonl", "invalid", "register"],
          [files[2], "edn", "invalid", "register"],
          [files[3], "porcupine-etcd", "valid", "cas-register"],
          [files[4], "porcupine-kv", "invalid", "kv"],
        ],
      );
      assert.equal(told[1]?.anomalies[0]?.kind, "stale read");
      assert.deepEqual(told[2]?.notes, ["1 line of the nemesis was left out"]);
      assert.deepEqual([status, stderr], [1, ""]);
    });

    it("from standard input, told to people in lines that end where theirs do", () => {
      const { status, stdout, stderr } = check(["--independent", "--threads", "2"], edn);
      assert.equal(
        stdout,
        [
          "standard input: invalid as register, 3 operations",
          "  Jepsen EDN: 2 ok, 0 failed, 1 unknown; 2 keys, 2 processes over 3 ms",
          "  found: 1 stale read",
          "  - stale read (a): p1 found nothing at a at 3.000 ms, but a=1 had been acknowledged at 0.000 ms",
          ...stdout.split("\n").filter((each) => /^ {2}(stale reads|reads by|keys left)/.test(each)),
          "  judged by history-sanity (valid), linearizability (invalid), regular (invalid) and staleness (valid); as register,",
          "    because its functions are read, write",
          "  note: 1 line of the nemesis was left out",
          "",
        ].join("\n"),
      );
      assert.deepEqual([status, stderr], [1, ""]);
    });

    it("by the model that is asked for, or by somebody's own", () => {
      const own = fileOf("tickets.mjs", tickets);
      const drawn = (...answers: readonly number[]): string =>
        answers
          .flatMap((value, at) => [
            line(0, "invoke", "take", null, 2 * at),
            line(0, "ok", "take", value, 2 * at + 1),
          ])
          .join("\n");
      const files = [fileOf("right.jsonl", drawn(1, 2)), fileOf("wrong.jsonl", drawn(2, 1))];
      const judged = check([...files, "--model", own, "--json", "--format", "jsonl"]);
      assert.deepEqual(
        documents(judged.stdout).map(({ word, model }) => [word, model]),
        [
          ["valid", "tickets"],
          ["invalid", "tickets"],
        ],
      );
      assert.equal(judged.status, 1);
      const page = join(folder, "page.html");
      const misfit = check(["--model", "register", "--html", page], drawn(1));
      assert.equal(misfit.status, 2);
      assert.match(
        misfit.stdout,
        /^standard input: unknown as register, 1 operation: the history has take, /,
      );
      assert.match(
        readFileSync(page, "utf8"),
        /<title>Recount: .*[\s\S]*npm start -- check - --model register/,
      );
    });
  });

  it("are found wrong in the README, word for word", () => {
    const readme = readFileSync("README.md", "utf8");
    const [, input = ""] = /```sh\nnpm start -- check <<'END'\n([\s\S]*?)END\n```/.exec(readme) ?? [];
    const { status, stdout } = check([], input);
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^standard input: invalid as register, 2 operations\n[\s\S]*- stale read: p1 found nothing at the register/,
    );
  });

  describe("are refused", () => {
    it("with the line and the reason, each in a line of its own", () => {
      const files = [
        fileOf("twice.jsonl", [...written, line(0, "ok", "write", 1, 20)].join("\n")),
        fileOf("cut.edn", edn.slice(0, 200)),
        fileOf("bytes.jsonl", Buffer.concat([Buffer.from(`${written[0]}\n`), Buffer.from([0xff, 0x0a])])),
        fileOf("table.csv", "process,type\n0,ok\n"),
        fileOf("bell.jsonl", '\u0007\u001b[2J{"a\u009b"'),
        fileOf("deep.edn", `[{:type ${"[".repeat(500_000)}`),
        fileOf("long.log", `INFO  jepsen.util - ${"9".repeat(17_000_000)}`),
        join(folder, "absent.jsonl"),
        folder,
        fileOf("good.jsonl", readAfter(1)),
      ];
      const { status, stdout, stderr } = check([...files, "--json"]);
      const told = documents(stdout);
      const known = "which is none of jsonl, edn, porcupine-etcd, porcupine-kv; --format NAME says which";
      const because = [
        "line 3: process 0 completes a write, but it has none open; an invocation must come first, and each ends once",
        "line 4: the file ends within the operation that begins on line 4: it was cut off",
        "line 2: not UTF-8; save the file in that encoding",
        `line 1: begins with "process,type\\n0,ok\\n", ${known}`,
        `line 1: begins with "\\u0007\\u001b[2J{\\"a\u009b\\"", ${known}`,
        "line 1: nested more than 32 deep",
        "line 1: longer than 16777216 characters",
        "cannot be read: no such file or directory",
        "cannot be read: illegal operation on a directory",
      ];
      assert.deepEqual(
        told.map((each) => [each.file, each.word, each.because]),
        [...because.map((why, at) => [files[at], "badInput", why]), [files[9], "valid", null]],
      );
      const complaints = because.map(
        (why, at) => `recount: ${files[at]}: ${why.replace("\u009b", "\\u009b")}\n`,
      );
      assert.equal(stderr, complaints.join(""));
      assert.equal(status, 64);
    });

    it("before any file is read, where they are to be judged in a way that cannot be", () => {
      for (const [args, says] of [
        [["--model", "./no.mjs"], /^recount: --model \.\/no\.mjs: cannot be loaded: Cannot find module/],
        [
          ["a", "b", "--html", "x.html"],
          /^recount: --html is the page of one history; give one file at a time\n/,
        ],
      ] as const) {
        const { status, stdout, stderr } = check(args);
        assert.match(stderr, says);
        assert.deepEqual([status, stdout, stderr.trimEnd().split("\n").length], [64, "", 1]);
      }
    });

    it("with a page that cannot be written", () => {
      const { status, stderr } = check(["--html", "LICENSE/page.html"], readAfter(1));
      assert.equal(status, 73);
      assert.match(stderr, /^recount: cannot write LICENSE\/page\.html: not a directory\n$/);
    });
  });

  describe("are converted", () => {
    it("to EDN and back, the same", () => {
      const out = join(folder, "fresh/history.edn");
      const there = recount(["convert", "--to", "edn", "--out", out], { input: readAfter(1) });
      assert.deepEqual([there.status, there.stdout, there.stderr], [0, "", ""]);
      assert.deepEqual(readdirSync(join(folder, "fresh")), ["history.edn"]);
      assert.match(
        readFileSync(out, "utf8"),
        /^\{:type :invoke, :f :write, :value 1, :process 0, :time 0, :index 0, :key "x"\}\n/,
      );
      const back = recount(["convert", out, "--to", "jsonl"]);
      const events = readAfter(1)
        .trimEnd()
        .split("\n")
        .map((text, index) => ({ index, ...(JSON.parse(text) as object) }));
      assert.deepEqual(documents(back.stdout) as unknown[], [{ recount: "history", version: 1 }, ...events]);
    });

    it("to nothing where they, or what they go to, cannot be had", () => {
      const bad = recount(["convert", "--to", "jsonl"], { input: "{:type :invoke" });
      assert.equal(bad.status, 64);
      assert.match(bad.stderr, /^recount: standard input: line 1: the file ends within the operation/);
      const lost = recount(["convert", "--to", "jsonl", "--out", "LICENSE/x"], { input: readAfter(1) });
      assert.deepEqual(
        [lost.status, lost.stderr],
        [73, "recount: cannot write LICENSE/x: not a directory\n"],
      );
      const device = recount(["convert", "--to", "jsonl", "--out", "/dev/null"], { input: readAfter(1) });
      assert.deepEqual(
        [device.status, device.stderr],
        [73, "recount: cannot write /dev/null: it is there, and no file\n"],
      );
    });
  });
});
