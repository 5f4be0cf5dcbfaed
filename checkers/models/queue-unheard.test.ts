import assert from "node:assert/strict";
import { found, judged, put, take } from "./queue-judged.test-support.ts";

describe("dequeues of a queue without an answer", () => {
  it("lets dequeues without an answer take what nobody else got", () => {
    const lost = [put(1, 0, 1), put(2, 2, 3), take(2, 6, 7)];
    assert.deepEqual(judged([...lost, take(null, 4, null)]), { word: "valid", checked: 3 });
    assert.deepEqual(judged([...lost, take(null, 4, 5, { type: "info" })]), { word: "valid", checked: 3 });
    assert.deepEqual(judged([put(1, 0, 1), take(null, 3, 4), take(null, 2, null)]), {
      word: "valid",
      checked: 2,
    });
    // It began too late.
    assert.deepEqual(found([...lost, take(null, 8, null)]), [
      [
        "not linearizable",
        "2 left x before 1, which was in it before: p0 called enqueue 1 on x (acknowledged at 1.000 ms); " +
          "p1 called enqueue 2 on x (acknowledged at 3.000 ms); p2 called dequeue on x and got 2 at 7.000 ms; " +
          "p3 called dequeue on x (begun at 8.000 ms, never answered)",
        [0, 2, 4, 6],
      ],
    ]);
    // What nobody waits for may stay.
    assert.deepEqual(judged([put(1, 0, 1), take(1, 2, 3), put(2, 4, 5), put(3, 6, 7), take(null, 8, null)]), {
      word: "valid",
      checked: 4,
    });
  });

  it("counts the dequeues without an answer that are needed", () => {
    const lost = [put(1, 0, 1), put(2, 2, 3), put(3, 4, 5), take(3, 10, 11)];
    const told =
      "p0 called enqueue 1 on x (acknowledged at 1.000 ms); p1 called enqueue 2 on x (acknowledged at 3.000 ms); " +
      "p2 called enqueue 3 on x (acknowledged at 5.000 ms); p3 called dequeue on x and got 3 at 11.000 ms";
    const taker = "p4 called dequeue on x (begun at 6.000 ms, never answered)";
    const story =
      "1, 2 must have left x, but only 1 dequeue of unknown outcome began in time: " +
      [...told.split("; ").slice(0, 3), taker, told.split("; ")[3]].join("; ");
    const missing = [["not linearizable", story, [0, 2, 4, 6, 7]]];
    assert.deepEqual(found([...lost, take(null, 6, null)]), missing);
    assert.deepEqual(found([...lost, take(null, 6, null), take(null, 12, null)]), missing);
    assert.deepEqual(judged([...lost, take(null, 6, null), take(null, 7, null)]), {
      word: "valid",
      checked: 4,
    });
  });

  it("gives dequeues without an answer to the most urgent first", () => {
    // 2 was there before 1, and has to be out only later.
    const calls = [
      put(2, 0, 7.5),
      put(1, 1, 2),
      take(null, 3, 7),
      take(null, 8, 11),
      take(null, 6, null),
      take(null, 9, null),
    ];
    for (const order of [undefined, "any"] as const)
      assert.deepEqual(judged(calls, order), { word: "valid", checked: 4 });
    // Both have to be out before the second dequeue that found nothing, though it began first.
    const nested = [
      put(1, 0, 1),
      put(2, 2, 3),
      take(null, 4, 9),
      take(null, 5, 7),
      take(null, 6, null),
      take(null, 8, null),
    ];
    assert.deepEqual(found(nested), [
      [
        "not linearizable",
        "1, 2 must have left x, but only 1 dequeue of unknown outcome began in time: " +
          "p0 called enqueue 1 on x (acknowledged at 1.000 ms); p1 called enqueue 2 on x (acknowledged at 3.000 ms); " +
          "p3 called dequeue on x (acknowledged at 7.000 ms, without a value); " +
          "p4 called dequeue on x (begun at 6.000 ms, never answered)",
        [0, 2, 5, 6],
      ],
    ]);
  });

  it("leaves to the search which of several values a dequeue without an answer took", () => {
    const calls = [put(1, 0, 1), take(null, 2, 9), put(2, 3, 4), take(1, 5, 6), take(null, 7, null)];
    assert.equal(judged(calls), "search");
    assert.deepEqual(found(calls.slice(0, 4)), [
      [
        "not linearizable",
        "p1 called dequeue on x (acknowledged at 9.000 ms, without a value), but x held 1, then 2, all the while: " +
          "p0 called enqueue 1 on x (acknowledged at 1.000 ms); p2 called enqueue 2 on x (acknowledged at 4.000 ms); " +
          "p3 called dequeue on x and got 1 at 6.000 ms",
        [0, 2, 3, 5],
      ],
    ]);
  });

  it("does not list all that must have left", () => {
    const says = (length: number): string => {
      const calls = [
        ...Array.from({ length }, (_, at) => put(at, 2 * at, 2 * at + 1)),
        ...Array.from({ length: length - 1 }, (_, at) => take(null, 100 + at, null)),
        take(null, 200, 201),
      ];
      return String((found(calls, "any") as string[][])[0]?.[1]);
    };
    const twelve = Array.from({ length: 12 }, (_, at) => at).join(", ");
    assert.equal(
      says(12),
      `${twelve} must have left x, but only 11 dequeues of unknown outcome began in time`,
    );
    assert.equal(
      says(13),
      `${twelve}, and 1 more must have left x, but only 12 dequeues of unknown outcome began in time`,
    );
  });

  it("finds what is wrong for certain beside what is left to the search", () => {
    const calls = [
      put(1, 0, 1),
      take(null, 2, 9),
      put(2, 3, 4),
      take(1, 5, 6),
      take(null, 7, null),
      take(9, 10, 11),
    ];
    assert.deepEqual(found(calls), [
      ["phantom element", "p5 called dequeue on x and got 9 at 11.000 ms, but nobody had enqueued it", [9]],
    ]);
  });

  it("asks nothing of what was taken by the very first dequeue", () => {
    const calls = [take(1, 0, 3), put(1, 1, 2), take(null, 4, 5), take(null, 6, null)];
    assert.deepEqual(judged(calls), { word: "valid", checked: 3 });
    assert.deepEqual(judged([take(null, 0, null), put(1, 1, 2), take(null, 3, 4)]), {
      word: "valid",
      checked: 2,
    });
  });

  it("counts only what had to leave by then", () => {
    const calls = [
      put(1, 0, 1),
      put(2, 2, 3),
      take(null, 4, null),
      take(null, 5, 6),
      put(3, 7, 8),
      take(null, 9, null),
      take(null, 10, 11),
    ];
    const [[, says, evidence] = []] = found(calls) as unknown[][];
    assert.match(
      String(says),
      /^1, 2 must have left x, but only 1 dequeue of unknown outcome began in time: p0/,
    );
    assert.deepEqual(evidence, [0, 2, 4, 5]);
  });

  it("keeps none for what need not leave, or was taken", () => {
    const late = [put(3, 0, 20), put(1, 1, 2), take(null, 3, null), take(null, 5, 6)];
    assert.deepEqual(judged(late), { word: "valid", checked: 3 });
    const taken = [put(3, 0, 1), take(3, 2, 3), put(1, 4, 5), take(null, 6, null), take(null, 7, 8)];
    assert.deepEqual(judged(taken), { word: "valid", checked: 4 });
  });
});
