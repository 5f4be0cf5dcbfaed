import assert from "node:assert/strict";
import { historyText } from "../history/journal.ts";
import { readText, refusalOf } from "./history-read.test-support.ts";

const log = (...lines: readonly string[]): string =>
  lines.map((line) => `INFO  jepsen.util - ${line}\n`).join("");
const etcd = { format: "porcupine-etcd" } as const;

describe("logs of Jepsen's etcd test", () => {
  it("have the order of their lines for time, and nil is none of their numbers", () => {
    const text =
      "INFO  jepsen.core - starting\n\n" +
      log(
        "0\t:invoke\t:read\tnil",
        "1   :invoke :write  0   ",
        ":nemesis\t:info\t:start\tnil",
        "0\t:ok\t:read\tnil",
        "1\t:info\t:write\t:timed-out",
        "2\t:invoke\t:cas\t[0 4]",
        "2\t:fail\t:cas\t[0 4]",
        "0\t:invoke\t:read\tnil",
        "0\t:fail\t:read\t:timed-out",
        "3\t:invoke\t:cas\t[0 4]\r",
        "3\t:ok\t:cas\t[0 4]\r",
        "6\t:invoke\t:write\t7",
      );
    for (const pieces of [1, 50, text.length]) {
      const { history, format, notes } = readText(text, { pieces });
      assert.equal(format, "porcupine-etcd");
      assert.deepEqual(notes, [
        "1 line of the nemesis was left out",
        "the file has no times: events go by their numbers, from 0 on",
        "1 line without an operation was left out",
      ]);
      const event = (index: number, process: number, type: string, f: string, value: unknown): object => {
        return { index, time: 0, process, type, f, key: "", value };
      };
      assert.deepEqual(
        historyText(history)
          .trimEnd()
          .split("\n")
          .slice(1)
          .map((line) => JSON.parse(line) as unknown),
        [
          event(0, 0, "invoke", "read", null),
          event(1, 1, "invoke", "write", 0),
          event(3, 0, "ok", "read", null),
          { ...event(4, 1, "info", "write", 0), error: ":timed-out" },
          event(5, 2, "invoke", "cas", [0, 4]),
          event(6, 2, "fail", "cas", [0, 4]),
          event(7, 0, "invoke", "read", null),
          { ...event(8, 0, "fail", "read", null), error: ":timed-out" },
          event(9, 3, "invoke", "cas", [0, 4]),
          event(10, 3, "ok", "cas", [0, 4]),
          event(11, 6, "invoke", "write", 7),
        ],
      );
      assert.deepEqual(history.values, [null, 0, 4, 7]);
    }
  });

  const refused: readonly (readonly [what: string, text: string, says: string])[] = [
    [
      "no operation",
      "x\n\ny\n",
      "line 3: no operation up to here; each is a line such as INFO  jepsen.util - 0 :invoke :write 3",
    ],
    [
      "an unknown type",
      log("0 :begin :read nil"),
      'line 1: "INFO  jepsen.util - 0 :begin :read nil" is no operation; one is INFO  jepsen.util - 0 :invoke :write 3',
    ],
    [
      "a process without a number",
      log("x :invoke :read nil"),
      'line 1: "INFO  jepsen.util - x :invoke :read nil" is no operation; one is INFO  jepsen.util - 0 :invoke :write 3',
    ],
    [
      "a line that was cut off",
      `${log("0 :invoke :read nil")}INFO  jepsen.util - 0 :ok`,
      'line 2: "INFO  jepsen.util - 0 :ok" is no operation; one is INFO  jepsen.util - 0 :invoke :write 3',
    ],
    [
      "a missing value",
      log("0 :invoke :read  "),
      'line 1: "INFO  jepsen.util - 0 :invoke :read" is no operation; one is INFO  jepsen.util - 0 :invoke :write 3',
    ],
    [
      "two values",
      log("0 :invoke :cas 1 2"),
      'line 1: "1 2" is more than one value; a line is such as INFO  jepsen.util - 0 :invoke :write 3',
    ],
    ["half a vector", log("0 :invoke :read nil", "1 :invoke :cas [1 "), "line 2: [ is never closed"],
    [
      "a completion of nothing",
      log("0 :ok :read 3"),
      "line 1: process 0 completes a read, but it has none open; an invocation must come first, and each ends once",
    ],
    ["an endless line", "x".repeat(17_000_000), "line 1: longer than 16777216 characters"],
  ];
  for (const [what, text, says] of refused) {
    it(`with ${what} are refused`, () => {
      assert.equal(refusalOf(text, etcd), says);
      assert.equal(refusalOf(text, { ...etcd, pieces: 100_003 }), says);
    });
  }

  it("may be empty", () => assert.equal(readText("", etcd).history.length, 0));

  it("are read in a time that grows with their length only, however many blanks a line has", () => {
    const blanks = " ".repeat(1_000_000);
    assert.match(
      refusalOf(log(`0${blanks}:invoke${blanks}:read${blanks}1${blanks}2`), etcd),
      /^line 1: "1 +… is more than one/,
    );
    assert.match(refusalOf(`INFO${blanks}jepsen.util${blanks}x`, etcd), /^line 1: no operation up to here/);
  });
});
