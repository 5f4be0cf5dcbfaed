import assert from "node:assert/strict";
import { ampleBudget, check } from "../../harness/contracts/checker.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { linearizability } from "./linearizability.ts";
import { regular } from "./regular.ts";

const write = (value: number, from: number, to: number | null, more: Partial<Deed> = {}): Deed => ({
  f: "write",
  value,
  from,
  to,
  ...more,
});
const read = (value: number | null, from: number, to: number, more: Partial<Deed> = {}): Deed => ({
  f: "read",
  value,
  from,
  to,
  ...more,
});

describe("linearizability of hand-written histories", () => {
  it("accepts reads that follow the writes", () => {
    const history = historyOf([read(null, 0, 1), write(1, 2, 3), read(1, 4, 5)]);
    assert.deepEqual(check(linearizability, history), { word: "valid", checked: 3 });
  });

  it("names a stale read, with the value, its writes and the times", () => {
    const history = historyOf([write(17, 0, 1), write(21, 2, 3), read(17, 4, 5), read(21, 6, 7)]);
    assert.deepEqual(check(linearizability, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "stale read",
          says: "p2 read x=17 at 5.000 ms, but x=21 had been acknowledged at 3.000 ms",
          evidence: [0, 2, 4],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("names a read inversion: new, then old, while the new write is in progress", () => {
    const history = historyOf([write(1, 0, 1), write(2, 2, 9), read(2, 3, 4), read(1, 5, 6)]);
    assert.deepEqual(check(linearizability, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "read inversion",
          says:
            "p3 read x=1 at 6.000 ms, though the newer x=2 had already been read at 4.000 ms " +
            "(newer, because a read of x=2 began at 3.000 ms, when x=1 had been acknowledged)",
          evidence: [0, 2, 3, 5],
          keyspace: "",
          key: "x",
        },
      ],
    });
    assert.equal(check(regular, history).word, "valid");
  });

  it("names a read inversion back to nothing", () => {
    const history = historyOf([write(2, 0, 9), read(2, 1, 2), read(null, 3, 4)]);
    const verdict = check(linearizability, history);
    assert.ok(verdict.word === "invalid");
    assert.equal(verdict.anomalies[0].kind, "read inversion");
    assert.equal(
      verdict.anomalies[0].says,
      "p2 found nothing at x at 4.000 ms, though the newer x=2 had already been read at 2.000 ms",
    );
  });

  it("names a value that comes back: read, overwritten, read again", () => {
    const history = historyOf([write(1, 0, null), read(1, 1, 2), write(2, 3, 4), read(1, 5, 6)]);
    assert.deepEqual(check(linearizability, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "value comes back",
          says:
            "p3 read x=1 at 6.000 ms, though it had been read at 2.000 ms and since then x=2 was written and " +
            "acknowledged at 4.000 ms",
          evidence: [0, 1, 3, 5],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("tells phantom values, values from the future and values of failed writes apart", () => {
    const history = historyOf([
      read(9, 0, 1),
      read(1, 2, 3),
      write(1, 4, 5),
      write(2, 6, 7, { type: "fail", error: "refused" }),
      read(2, 8, 9),
      read(1, 10, 11),
    ]);
    const verdict = check(linearizability, history);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ kind, says, evidence }) => ({ kind, says, evidence })),
      [
        { kind: "phantom value", says: "p0 read x=9 at 1.000 ms, but nobody ever wrote that", evidence: [0] },
        {
          kind: "phantom value",
          says: "p1 read x=1 at 3.000 ms, before p2 began to write x=1 at 4.000 ms",
          evidence: [2, 4],
        },
        {
          kind: "failed write visible",
          says: "p4 read x=2 at 9.000 ms, though p3's write of it had failed (refused at 7.000 ms: refused)",
          evidence: [6, 8],
        },
      ],
    );
  });

  it("lets a write of unknown outcome take effect late, or never", () => {
    const late = historyOf([write(1, 0, 1, { type: "info" }), write(2, 2, 3), read(2, 4, 5), read(1, 6, 7)]);
    assert.equal(check(linearizability, late).word, "valid");
    const never = historyOf([write(1, 0, null), write(2, 2, 3), read(2, 4, 5)]);
    assert.equal(check(linearizability, never).word, "valid");
  });

  it("treats keys and keyspaces as registers of their own", () => {
    const history = historyOf([write(1, 0, 1, { key: "x" }), read(null, 2, 3, { key: "y" }), read(1, 4, 5)]);
    assert.deepEqual(check(linearizability, history), { word: "valid", checked: 3 });
  });

  it("searches keys with deletes, and explains nothing-reads by deletes in progress", () => {
    const legal = historyOf([
      write(1, 0, 1),
      { f: "delete", from: 2, to: 7 },
      read(1, 3, 4),
      read(null, 5, 6),
    ]);
    assert.deepEqual(check(linearizability, legal), { word: "valid", checked: 4 });
    const illegal = historyOf([
      write(1, 0, 1),
      { f: "delete", from: 2, to: 9 },
      read(null, 3, 4),
      read(1, 5, 6),
    ]);
    assert.deepEqual(check(linearizability, illegal), {
      word: "invalid",
      anomalies: [
        {
          kind: "resurrected delete",
          says:
            "p3 read x=1 at 6.000 ms, though it had been acknowledged at 1.000 ms and since then p2 found nothing " +
            "at x at 4.000 ms, after p1 had begun to delete it",
          evidence: [0, 2, 3, 5],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("judges compare-and-set: two winners from one value are illegal", () => {
    const cas = (
      expected: number,
      next: number,
      from: number,
      to: number,
      more: Partial<Deed> = {},
    ): Deed => ({
      f: "cas",
      value: [expected, next],
      from,
      to,
      ...more,
    });
    const twoWinners = historyOf([write(1, 0, 1), cas(1, 2, 2, 5), cas(1, 3, 3, 4)]);
    assert.equal(check(linearizability, twoWinners).word, "invalid");
    const chain = historyOf([write(1, 0, 1), cas(1, 2, 2, 5), cas(2, 3, 3, 4), read(3, 6, 7)]);
    assert.equal(check(linearizability, chain).word, "valid");
    const refused = historyOf([write(1, 0, 1), cas(1, 2, 2, 3, { type: "fail" })]);
    assert.equal(check(linearizability, refused).word, "invalid");
    const unreachable = historyOf([
      write(1, 0, 1),
      cas(1, 2, 2, 3, { type: "fail", error: "no connection" }),
    ]);
    assert.equal(check(linearizability, unreachable).word, "valid");
  });

  const undecidable: readonly Deed[] = [
    ...Array.from({ length: 16 }, (_, at) => write(1 + (at % 3), at, 40 + at)),
    ...[1, 2, 3].map((value, at) => read(value, 16 + at, 60 + at)),
    read(7, 100, 101),
    write(7, 30, null),
  ];

  it("answers unknown where memory does not suffice, and says what for", () => {
    const budget = { ...ampleBudget, bytes: 100 };
    assert.deepEqual(check(linearizability, historyOf(undecidable), budget), {
      word: "unknown",
      because:
        "x must be searched, because 3 is not the only value that was left more than once, and the search used " +
        "up its 100 bytes with 21 of 21 operations left to decide",
      undecided: [{ keyspace: "", key: "x", from: 0, to: 39, operations: 21 }],
    });
  });

  it("answers unknown where the steps do not suffice, and says what else is fine", () => {
    const budget = { ...ampleBudget, steps: 1 };
    for (const [fine, told] of [
      [["y"], "one other key is"],
      [["y", "z"], "2 other keys are"],
    ] as const) {
      const others = fine.map((key, at) => write(1, 200 + 2 * at, 201 + 2 * at, { key }));
      const verdict = check(linearizability, historyOf([...undecidable, ...others]), budget);
      assert.ok(verdict.word === "unknown" && verdict.undecided?.length === 1);
      const [window] = verdict.undecided;
      assert.equal(
        verdict.because,
        "x must be searched, because 3 is not the only value that was left more than once, and the search used " +
          `up its 1 steps with ${window?.operations} of 21 operations left to decide; ${told} linearizable`,
      );
    }
  });

  it("says why the zones left a key to the search", () => {
    const reasonOf = (...more: readonly Deed[]): string => {
      const verdict = check(linearizability, historyOf(more), { ...ampleBudget, bytes: 100 });
      return verdict.word === "unknown" ? (verdict.because.split(", ")[1] ?? "") : verdict.word;
    };
    const refused: Deed = { f: "cas", value: [9, 8], from: 2, to: 3, type: "fail" };
    assert.equal(reasonOf(write(1, 0, 1), refused), "because compare-and-sets were refused");
    const twice = [write(1, 0, 1), write(1, 2, 3)];
    const swapped: Deed = { f: "cas", value: [1, 2], from: 4, to: 5 };
    assert.equal(
      reasonOf(...twice, swapped),
      "because 1 was left more than once and compare-and-set meets it",
    );
    const emptied: Deed = { f: "delete", from: 0, to: 1 };
    assert.equal(
      reasonOf(emptied, { ...swapped, value: [null, 2] }),
      "because nothing was left more than once and compare-and-set meets it",
    );
  });

  it("gives the orders that get furthest, and the fewest operations of a long history", () => {
    const before = Array.from({ length: 60 }, (_, at) => write(1 + (at % 2), 2 * at, 2 * at + 1));
    const wrong = [
      write(1, 200, 230),
      write(1, 201, 231),
      write(2, 202, 232),
      write(2, 203, 233),
      ...[1, 2, 1, 2, 1].map((value, at) => read(value, 204 + 2 * at, 205 + 2 * at)),
    ];
    const verdict = check(linearizability, historyOf([...before, ...wrong, read(1, 300, 301)]));
    assert.ok(verdict.word === "invalid" && verdict.anomalies.length === 1);
    const [{ kind, evidence, partialOrders = [] }] = verdict.anomalies;
    assert.equal(kind, "not linearizable");
    assert.deepEqual(evidence, [118, 120, 121, 122, 123, 124, 126, 128, 130, 132]);
    assert.ok(partialOrders.length >= 1 && partialOrders.length <= 4);
    for (const { order, refused } of partialOrders) {
      assert.ok(order.length > 0 && refused.length > 0);
      for (const index of [...order, ...refused]) assert.ok(evidence.includes(index), `${index}`);
    }
  });

  const used: readonly Deed[] = [
    write(1, 0, 1),
    { f: "delete", from: 2, to: 20 },
    read(null, 3, 4),
    write(2, 5, 6),
  ];
  const comesBack = {
    kind: "value comes back",
    says:
      "p4 found nothing at x at 8.000 ms, though nothing had been found at 4.000 ms and since then x=2 was " +
      "written and acknowledged at 6.000 ms",
    evidence: [0, 2, 3, 5, 7],
    keyspace: "",
    key: "x",
  } as const;

  it("needs no steps and no memory where the zones know, but for orders to be shown", () => {
    const budget = { steps: 0, bytes: 0 };
    assert.deepEqual(check(linearizability, historyOf(used), budget), { word: "valid", checked: 4 });
    assert.deepEqual(check(linearizability, historyOf([...used, read(null, 7, 8)]), budget), {
      word: "invalid",
      anomalies: [comesBack],
    });
  });

  it("keeps nothing that only made the search necessary", () => {
    const refused: Deed = { f: "cas", value: [9, 8], from: 9, to: 10, type: "fail" };
    assert.deepEqual(check(linearizability, historyOf([...used, read(null, 7, 8), refused])), {
      word: "invalid",
      anomalies: [{ ...comesBack, partialOrders: [{ order: [0, 2, 3, 5], refused: [7] }] }],
    });
  });

  it("searches on where more than one step an operation is needed", () => {
    const swap = (expected: number, next: number, from: number, to: number | null): Deed => ({
      f: "cas",
      value: [expected, next],
      from,
      to,
    });
    const history = historyOf([
      ...[write(1, 0, 1), read(1, 2, 4), read(1, 3, 12), swap(1, 5, 5, null), swap(1, 6, 6, 24)],
      ...[write(1, 7, 9), read(10, 8, 14), swap(1, 9, 10, 25), write(10, 11, 16), read(10, 13, 15)],
      ...[write(14, 17, 22), read(14, 18, 26), write(1, 19, 20), write(1, 21, null), read(1, 23, 32)],
      ...[read(1, 27, 30), read(1, 28, 31), read(1, 29, 33)],
    ]);
    assert.deepEqual(check(linearizability, history), { word: "valid", checked: 16 });
  });

  it("says which part of a key is not decided", () => {
    const history = historyOf([
      write(2, 0, null, { key: "y" }),
      { f: "cas", value: [2, 1], from: 1, to: 7, key: "y" },
      write(1, 2, 5, { key: "y" }),
      { f: "cas", value: [1, 7], from: 3, to: 6, key: "y" },
      { f: "cas", value: [1, 1], from: 4, to: null, key: "y" },
    ]);
    assert.deepEqual(check(linearizability, history, { ...ampleBudget, steps: 1 }), {
      word: "unknown",
      because:
        "y must be searched, because 1 was left more than once and compare-and-set meets it, and the search used " +
        "up its 1 steps with 3 of 5 operations left to decide",
      undecided: [{ keyspace: "", key: "y", from: 1, to: 3, operations: 3 }],
    });
  });

  it("names reads of what was written only later, more than once", () => {
    assert.deepEqual(check(linearizability, historyOf([read(1, 0, 1), write(1, 2, 3), write(1, 4, 5)])), {
      word: "invalid",
      anomalies: [
        {
          kind: "phantom value",
          says: "p0 read x=1 at 1.000 ms, before p1 began to write x=1 at 2.000 ms",
          evidence: [0, 2],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("says what it is called, and what it assumes", () => {
    const { name, assumes } = linearizability;
    assert.deepEqual(
      { name, assumes },
      {
        name: "linearizability",
        assumes: [
          "null is never written",
          "a cas refused without an error met another value than it expected",
        ],
      },
    );
  });

  it("takes on as many deletes as there are", () => {
    const deeds: Deed[] = Array.from({ length: 3_000 }, (_, at) => ({
      f: at % 3 === 2 ? "read" : "delete",
      from: 2 * at,
      to: 2 * at + 1,
    }));
    assert.deepEqual(check(linearizability, historyOf(deeds)), { word: "valid", checked: 3_000 });
  });

  it("leaves other kinds of keys alone, and null as a written value", () => {
    const counter = historyOf([{ f: "increment", value: 1, from: 0, to: 1 }]);
    assert.deepEqual(check(linearizability, counter), {
      word: "notChecked",
      because: "x is no register: it has other operations",
    });
    const nothing = historyOf([{ f: "write", value: null, from: 0, to: 1 }]);
    const verdict = check(linearizability, nothing);
    assert.ok(verdict.word === "invalid");
    assert.equal(verdict.anomalies[0].kind, "broken assumption");
  });

  it("adds what the key has lost for good", () => {
    const history = historyOf([write(1, 0, 1), write(2, 2, 3), read(1, 6, 7), read(1, 8, 9)], {
      phases: [{ at: 5, phase: "final" }],
    });
    const verdict = check(linearizability, history);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual([...new Set(verdict.anomalies.map(({ kind }) => kind))].sort(), [
      "lost write",
      "stale read",
    ]);
  });
});
