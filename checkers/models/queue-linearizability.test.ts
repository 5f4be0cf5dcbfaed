import assert from "node:assert/strict";
import type { Budget } from "../../harness/contracts/checker.ts";
import { ampleBudget, check } from "../../harness/contracts/checker.ts";
import type { Call } from "./calls.test-support.ts";
import { callsOf, inTurn } from "./calls.test-support.ts";
import { asked, found, judged, put, take } from "./queue-judged.test-support.ts";
import { queueLinearizability } from "./queue-linearizability.ts";

describe("the linearizability of queues by rules", () => {
  it("is named and assumes what the search does", () => {
    const assumes = (name: string): string[] => [
      `at first a ${name} is as its model says`,
      "an operation of unknown outcome takes effect at most once, at any time after it began",
    ];
    const fifo = queueLinearizability("first in, first out");
    assert.deepEqual([fifo.name, fifo.assumes], ["queue-linearizability", assumes("queue")]);
    const any = queueLinearizability("any");
    assert.deepEqual(
      [any.name, any.assumes],
      ["unordered-queue-linearizability", assumes("unordered-queue")],
    );
  });

  it("counts what was answered where the rules are kept", () => {
    const calls = [
      put(1, 0, 3),
      put(2, 1, 2),
      put(7, 4, 5, { type: "fail" }),
      take(2, 6, 7),
      take(1, 8, 9),
      take(null, 10, 11),
      take(7, 12, 13, { type: "fail" }),
      put(3, 14, null),
    ];
    assert.deepEqual(judged(calls), { word: "valid", checked: 5 });
    assert.deepEqual(judged(calls, "any"), { word: "valid", checked: 5 });
    assert.deepEqual(judged([put(1, 0, 1, { key: "a" }), take(null, 2, 3, { key: "b" })]), {
      word: "valid",
      checked: 2,
    });
  });

  it("leaves to the search what the rules do not tell", () => {
    assert.equal(
      judged(
        inTurn([
          { f: "enqueue", value: 1 },
          { f: "enqueue", value: 1 },
        ]),
      ),
      "search",
    );
    assert.equal(judged(inTurn([{ f: "enqueue", value: null }])), "search");
    assert.deepEqual(judged([put(1, 0, null), take(1, 1, null)]), {
      word: "notChecked",
      because: "no operation on x was answered",
    });
    assert.deepEqual(judged(inTurn([{ f: "dequeue" }, { f: "peek", value: 5 }])), {
      word: "notChecked",
      because: "x is no queue: it has peek operations",
    });
    const budgets: Budget[] = [];
    const spending = queueLinearizability("any", (_, budget) => {
      budgets.push(budget);
      return asked;
    });
    check(
      spending,
      callsOf(
        inTurn([
          { f: "enqueue", value: 1 },
          { f: "enqueue", value: 1 },
        ]),
      ),
      ampleBudget,
    );
    assert.deepEqual(budgets, [ampleBudget]);
  });

  it("finds what was dequeued and had not been enqueued", () => {
    const phantom = take(9, 2, 5, { key: "q", keyspace: "s" });
    assert.deepEqual(judged([put(1, 0, 1, { key: "q", keyspace: "s" }), phantom]), {
      word: "invalid",
      anomalies: [
        {
          kind: "phantom element",
          says: "p1 called dequeue on q and got 9 at 5.000 ms, but nobody had enqueued it",
          evidence: [2],
          keyspace: "s",
          key: "q",
        },
      ],
    });
    const early = [
      "phantom element",
      "p0 called dequeue on x and got 9 at 1.000 ms, before p1 called enqueue 9 on x (acknowledged at 3.000 ms)",
      [0, 2],
    ];
    assert.deepEqual(found([take(9, 0, 1), put(9, 2, 3)]), [early]);
    assert.deepEqual(found([take(9, 0, 1), put(9, 2, 3)], "any"), [early]);
    assert.deepEqual(judged([take(9, 0, 2), put(9, 1, 3)]), { word: "valid", checked: 2 });
    // Its stay is no evidence of anything else, and a value that was enqueued twice takes nothing from it.
    assert.deepEqual(found([take(9, 0, 1), put(9, 2, 3), put(1, 4, 5), take(1, 6, 7), take(null, 8, 9)]), [
      early,
    ]);
    assert.deepEqual(found([take(9, 0, 1), put(9, 2, 3), put(1, 4, 5), put(1, 6, 7)]), [early]);
    assert.deepEqual(found([put(1, 0, 1), take(9, 2, 3), put(9, 4, 5), take(1, 6, 7)]), [
      [
        "phantom element",
        "p1 called dequeue on x and got 9 at 3.000 ms, before p2 called enqueue 9 on x (acknowledged at 5.000 ms)",
        [2, 4],
      ],
    ]);
    assert.deepEqual(found([put(9, 0, 1, { type: "fail" }), take(9, 2, 3)]), [
      ["phantom element", "p1 called dequeue on x and got 9 at 3.000 ms, but nobody had enqueued it", [2]],
    ]);
  });

  it("finds what was dequeued more often than enqueued", () => {
    const twice = [put(1, 0, 1), take(1, 2, 4), take(1, 3, 5)];
    const told =
      "p0 called enqueue 1 on x (acknowledged at 1.000 ms); p1 called dequeue on x and got 1 at 4.000 ms; " +
      "p2 called dequeue on x and got 1 at 5.000 ms";
    assert.deepEqual(found(twice), [
      ["duplicated element", `1 was enqueued once, and dequeued twice: ${told}`, [0, 2, 3]],
    ]);
    assert.deepEqual(found([...twice, take(1, 6, 7)], "any"), [
      [
        "duplicated element",
        `1 was enqueued once, and dequeued 3 times: ${told}; p3 called dequeue on x and got 1 at 7.000 ms`,
        [0, 2, 3, 6],
      ],
    ]);
    // Two that nobody enqueued are no double.
    const says = (process: number, at: number): string =>
      `p${process} called dequeue on x and got 1 at ${at}.000 ms, but nobody had enqueued it`;
    assert.deepEqual(found(twice.slice(1).map((call) => ({ ...call, from: call.from - 1 }))), [
      ["phantom element", says(0, 4), [1 - 1]],
      ["phantom element", says(1, 5), [1]],
    ]);
  });

  it("does not tell a long story", () => {
    const calls = (takes: number): Call[] => [
      put(1, 0, 1),
      ...Array.from({ length: takes }, (_, at) => take(1, 2 * at + 2, 2 * at + 3)),
    ];
    const [[, short] = []] = found(calls(11)) as string[][];
    assert.match(short ?? "", /^1 was enqueued once, and dequeued 11 times: p0 (.*; ){11}p11 [^;]*$/);
    const [[, long] = []] = found(calls(12)) as string[][];
    assert.equal(long, "1 was enqueued once, and dequeued 12 times");
  });

  it("finds what left before what was in it earlier", () => {
    const calls = [put(1, 0, 1), put(2, 2, 3), take(2, 4, 5), take(1, 6, 7)];
    const told =
      "p0 called enqueue 1 on x (acknowledged at 1.000 ms); p1 called enqueue 2 on x (acknowledged at 3.000 ms); " +
      "p2 called dequeue on x and got 2 at 5.000 ms";
    assert.deepEqual(found(calls), [
      [
        "not linearizable",
        `2 left x before 1, which was in it before: ${told}; p3 called dequeue on x and got 1 at 7.000 ms`,
        [0, 2, 4, 6],
      ],
    ]);
    assert.deepEqual(found(calls.slice(0, 3)), [
      ["not linearizable", `2 left x, and 1, which was in it before, never did: ${told}`, [0, 2, 4]],
    ]);
    assert.deepEqual(judged(calls, "any"), { word: "valid", checked: 4 });
    assert.deepEqual(judged([put(1, 0, 2), put(2, 1, 3), ...calls.slice(2)]), { word: "valid", checked: 4 });
    assert.deepEqual(judged([put(1, 0, 1), put(2, 2, 3), take(2, 4, 6), take(1, 5, 7)]), {
      word: "valid",
      checked: 4,
    });
    // Nobody knows when an enqueue without an answer was over, nor whether it was at all.
    assert.deepEqual(judged([put(1, 0, null), ...calls.slice(1)]), { word: "valid", checked: 3 });
    assert.deepEqual(found([put(1, 0, 1), put(2, 2, null), take(2, 4, 5)]), [
      [
        "not linearizable",
        "2 left x, and 1, which was in it before, never did: p0 called enqueue 1 on x (acknowledged at 1.000 ms); " +
          "p1 called enqueue 2 on x (begun at 2.000 ms, never answered); p2 called dequeue on x and got 2 at 5.000 ms",
        [0, 2, 3],
      ],
    ]);
  });

  it("blames no value for what was enqueued while it was", () => {
    const calls = [put(1, 0, 3), put(2, 1, 2), take(2, 4, 5), put(3, 6, 7), take(1, 8, 9)];
    assert.deepEqual(judged(calls), { word: "valid", checked: 5 });
    assert.deepEqual(judged([take(null, 0, 1), put(1, 2, 3), put(2, 4, 5)]), { word: "valid", checked: 3 });
  });

  it("tells of all that one value overtook the first, and of what was lost each", () => {
    const puts = [put(1, 0, 1), put(2, 2, 3), put(3, 4, 5)];
    const evidence = (calls: readonly Call[]): unknown =>
      (found(calls) as unknown[][]).map(([, says, rows]) => [String(says).split(",")[0], rows]);
    assert.deepEqual(evidence([...puts, take(3, 6, 7), take(1, 8, 9), take(2, 10, 11)]), [
      ["3 left x before 1", [0, 4, 6, 8]],
    ]);
    assert.deepEqual(evidence([...puts, take(3, 6, 7)]), [
      ["3 left x", [0, 4, 6]],
      ["3 left x", [2, 4, 6]],
    ]);
    // The one that left first is told of.
    assert.deepEqual(evidence([...puts, take(3, 6, 8), take(2, 7, 10), take(1, 11, 12)]), [
      ["3 left x before 1", [0, 4, 6, 10]],
    ]);
    assert.deepEqual(evidence([...puts, take(3, 6, 10), take(2, 7, 8), take(1, 11, 12)]), [
      ["2 left x before 1", [0, 2, 7, 10]],
    ]);
  });

  it("finds what was not found though it was in", () => {
    const calls = [put(1, 0, 1), take(null, 2, 3), take(1, 4, 5)];
    const kept = [
      [
        "not linearizable",
        "p1 called dequeue on x (acknowledged at 3.000 ms, without a value), but x held 1, all the while: " +
          "p0 called enqueue 1 on x (acknowledged at 1.000 ms); p2 called dequeue on x and got 1 at 5.000 ms",
        [0, 2, 4],
      ],
    ];
    assert.deepEqual(found(calls), kept);
    assert.deepEqual(found(calls, "any"), kept);
    assert.deepEqual(found(calls.slice(0, 2), "any"), [
      [
        "not linearizable",
        "p1 called dequeue on x (acknowledged at 3.000 ms, without a value), but x held 1, all the while: " +
          "p0 called enqueue 1 on x (acknowledged at 1.000 ms)",
        [0, 2],
      ],
    ]);
    for (const [fine, checked] of [
      [[put(1, 0, 2), take(null, 1, 3), take(1, 4, 5)], 3],
      [[put(1, 0, 1), take(null, 2, 4), take(1, 3, 5)], 3],
      [[put(1, 0, null), take(null, 2, 3), take(1, 4, 5)], 2],
    ] as const)
      assert.deepEqual(judged(fine), { word: "valid", checked });
  });

  it("finds that one value after the other was in", () => {
    // 2 comes before 1 goes and 4 before 2 goes; 3 does not last, and 5 is not needed.
    const calls = [
      put(1, 0, 1),
      take(null, 2, 15),
      put(2, 3, 4),
      put(3, 5, 6),
      take(1, 7, 8),
      take(3, 9, 10),
      put(4, 11, 12),
      take(2, 13, 14),
    ];
    const told =
      "p0 called enqueue 1 on x (acknowledged at 1.000 ms); p2 called enqueue 2 on x (acknowledged at 4.000 ms); " +
      "p4 called dequeue on x and got 1 at 8.000 ms; p6 called enqueue 4 on x (acknowledged at 12.000 ms); " +
      "p7 called dequeue on x and got 2 at 14.000 ms";
    assert.deepEqual(found(calls, "any"), [
      [
        "not linearizable",
        "p1 called dequeue on x (acknowledged at 15.000 ms, without a value), " +
          `but x held 1, then 2, then 4, all the while: ${told}`,
        [0, 2, 3, 7, 11, 13],
      ],
    ]);
    const moment = calls.map((call) => (call.value === 4 ? { ...call, from: 12, to: 13.5 } : call));
    assert.deepEqual(judged(moment, "any"), { word: "valid", checked: 8 });
  });

  it("does not list all values that were in", () => {
    const chain = (length: number): Call[] => [
      ...Array.from({ length }, (_, at) => put(at, 10 * at, 10 * at + 1)),
      take(null, 5, 10 * length),
      ...Array.from({ length }, (_, at) => take(at, 10 * at + 12, 10 * at + 13)),
    ];
    const held = (length: number): string =>
      String((found(chain(length)) as string[][])[0]?.[1]).split("held ")[1] ?? "";
    const twelve = Array.from({ length: 12 }, (_, at) => at).join(", then ");
    assert.equal(held(12), `${twelve}, all the while`);
    assert.equal(held(13), `${twelve}, and so on, all the while`);
  });
});
