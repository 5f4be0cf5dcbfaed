import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { nameViolation } from "./classify.ts";
import { erase, read, swap, write } from "./deeds.test-support.ts";
import { inversionsAt, nameInversion } from "./inversions.ts";
import { linearizability } from "./linearizability.ts";
import { authorsAt } from "./sources.ts";

/** A small history with values that were left more than once, and all that is said of it. */
interface Case {
  readonly of: string;
  readonly deeds: readonly Deed[];
  readonly found: readonly Omit<Anomaly, "keyspace" | "key">[];
}

const cases: readonly Case[] = [
  {
    of: "a value that was written twice, read after a newer one",
    deeds: [write(3, 0, 1), write(3, 2, 3), write(4, 4, null), read(4, 5, 6), read(3, 7, 8)],
    found: [
      {
        kind: "read inversion",
        says: "p4 read x=3 at 8.000 ms, though the newer x=4 had already been read at 6.000 ms (newer, because a read of x=4 began at 5.000 ms, when x=3 had been acknowledged for the last time)",
        evidence: [2, 4, 5, 7],
      },
    ],
  },
  {
    of: "each of two values that are read in turn",
    deeds: [
      write(3, 0, 1),
      write(3, 2, 3),
      write(4, 4, null),
      write(4, 5, null),
      read(4, 6, 7),
      read(3, 8, 9),
      read(3, 10, 11),
      read(3, 12, 13),
    ],
    found: [9, 11, 13].map((end, at) => ({
      kind: "read inversion" as const,
      says: `p${5 + at} read x=3 at ${end}.000 ms, though the newer x=4 had already been read at 7.000 ms (newer, because a read of x=4 began at 6.000 ms, when x=3 had been acknowledged for the last time)`,
      evidence: [2, 4, 6, end - 1],
    })),
  },
  {
    of: "a value that was written twice, found by a compare-and-set after a newer one",
    deeds: [write(3, 0, 1), write(3, 2, 3), write(4, 4, null), read(4, 5, 6), swap(3, 5, 7, 8)],
    found: [
      {
        kind: "read inversion",
        says: "p4 set x from 3 to 5 (acknowledged at 8.000 ms), though the newer x=4 had already been read at 6.000 ms (newer, because a read of x=4 began at 5.000 ms, when x=3 had been acknowledged for the last time)",
        evidence: [2, 4, 5, 7],
      },
    ],
  },
  {
    of: "a value that was written twice and deleted",
    deeds: [write(3, 0, 1), write(3, 2, 3), erase(4, null), read(null, 5, 6), read(3, 7, 8)],
    found: [
      {
        kind: "resurrected delete",
        says: "p4 read x=3 at 8.000 ms, though it had been acknowledged for the last time at 3.000 ms and since then p3 found nothing at x at 6.000 ms, after p2 had begun to delete it",
        evidence: [2, 4, 5, 7],
      },
    ],
  },
  {
    of: "nothing found after two deletes and a newer value",
    deeds: [erase(0, 1), erase(2, 3), write(4, 4, null), read(4, 5, 6), read(null, 7, 8)],
    found: [
      {
        kind: "read inversion",
        says: "p4 found nothing at x at 8.000 ms, though the newer x=4 had already been read at 6.000 ms (newer, because a read of x=4 began at 5.000 ms, when the delete of x had been acknowledged for the last time)",
        evidence: [2, 4, 5, 7],
      },
    ],
  },
  {
    of: "nothing found after a value that was written twice",
    deeds: [write(4, 0, null), write(4, 1, null), read(4, 2, 3), read(null, 4, 5)],
    found: [
      {
        kind: "read inversion",
        says: "p3 found nothing at x at 5.000 ms, though the newer x=4 had already been read at 3.000 ms",
        evidence: [0, 2, 4],
      },
    ],
  },
  {
    of: "an old value after several newer reads, of which the last to begin shows the old one too",
    deeds: [write(3, 0, 1), write(3, 2, 3), write(4, 4, null), read(4, 5, 8), read(3, 6, 7), read(3, 9, 10)],
    found: [
      {
        kind: "read inversion",
        says: "p5 read x=3 at 10.000 ms, though the newer x=4 had already been read at 8.000 ms (newer, because a read of x=4 began at 5.000 ms, when x=3 had been acknowledged for the last time)",
        evidence: [2, 4, 5, 9],
      },
    ],
  },
  {
    of: "an old value that somebody may have written again once it was gone",
    deeds: [
      write(3, 0, 1),
      write(3, 2, null),
      read(3, 3, 4),
      write(4, 5, 6),
      write(3, 7, null),
      read(3, 8, 9),
      write(4, 10, 11),
      read(3, 12, 13),
      write(4, 14, 15),
      read(3, 16, 17),
    ],
    found: [
      {
        kind: "not linearizable",
        says: "no order of these 8 operations explains what they were answered: p1 wrote x=3 (begun at 2.000 ms, never answered); p3 wrote x=4 (acknowledged at 6.000 ms); p4 wrote x=3 (begun at 7.000 ms, never answered); p5 read x=3 at 9.000 ms; p6 wrote x=4 (acknowledged at 11.000 ms); p7 read x=3 at 13.000 ms; p8 wrote x=4 (acknowledged at 15.000 ms); p9 read x=3 at 17.000 ms",
        evidence: [2, 5, 7, 8, 10, 12, 14, 16],
        partialOrders: [{ order: [5, 2, 8, 10, 7, 12, 14], refused: [16] }],
      },
    ],
  },
];

describe("the names of violations with repeated values", () => {
  for (const { of, deeds, found } of cases) {
    it(`name ${of}`, () => {
      assert.deepEqual(check(linearizability, historyOf(deeds)), {
        word: "invalid",
        anomalies: found.map((told) => ({ ...told, keyspace: "", key: "x" })),
      });
    });
  }

  it("take of newer reads the one that began last, and of those with another value again", () => {
    const three = [write(4, 0, null), write(5, 1, null), write(6, 2, 3), write(6, 4, 5)];
    const reads = [read(4, 6, 11), read(5, 7, 10), read(6, 8, 9)];
    const history = historyOf([...three, ...reads, read(null, 12, 13), read(6, 14, 15), read(null, 16, 17)]);
    const found = [
      { again: 7, old: -1, isOnly: false, newer: { read: 6, author: 3 } },
      { again: 8, old: 3, isOnly: false, newer: { read: 7, author: -1 } },
      { again: 9, old: -1, isOnly: false, newer: { read: 8, author: 3 } },
    ];
    assert.deepEqual(inversionsAt(history, 0), found);
    const without = historyOf([...three, ...reads, read(6, 12, 13)]);
    assert.deepEqual(inversionsAt(without, 0), [
      { again: 7, old: 3, isOnly: false, newer: { read: 5, author: 1 } },
    ]);
  });

  it("say nothing of who wrote what, where nothing had been written", () => {
    const history = historyOf([write(4, 0, null), read(4, 1, 2), read(null, 3, 4)]);
    assert.deepEqual(
      inversionsAt(history, 0).map((found) => nameInversion(history, found)),
      [
        {
          kind: "read inversion",
          says: "p2 found nothing at x at 4.000 ms, though the newer x=4 had already been read at 2.000 ms",
          evidence: [0, 1, 3],
          keyspace: "",
          key: "x",
        },
      ],
    );
  });

  it("tell a value that was left once from one that was left several times", () => {
    const told = (deeds: readonly Deed[]): readonly string[] => {
      const history = historyOf(deeds);
      return inversionsAt(history, 0).map((found) => nameInversion(history, found).says);
    };
    assert.deepEqual(told([write(3, 0, 1), write(4, 2, null), read(4, 3, 4), read(3, 5, 6)]), [
      "p3 read x=3 at 6.000 ms, though the newer x=4 had already been read at 4.000 ms (newer, because a read of x=4 began at 3.000 ms, when x=3 had been acknowledged)",
    ]);
    assert.deepEqual(told([write(3, 0, 1), erase(2, null), read(null, 3, 4), read(3, 5, 6)]), [
      "p3 read x=3 at 6.000 ms, though it had been acknowledged at 1.000 ms and since then p2 found nothing at x at 4.000 ms, after p1 had begun to delete it",
    ]);
  });

  it("are not those of what was read while it might still be written, or what only a write had replaced", () => {
    const found = (deeds: readonly Deed[]): readonly unknown[] => inversionsAt(historyOf(deeds), 0);
    assert.deepEqual(found([write(3, 0, 3), write(4, 1, null), read(4, 2, 4), read(3, 5, 6)]), []);
    assert.deepEqual(found([write(3, 0, 1), write(4, 2, null), read(4, 3, 6), read(3, 5, 7)]), []);
    assert.deepEqual(found([write(3, 0, 1), swap(3, 4, 2, 3), read(3, 4, 5)]), []);
    assert.deepEqual(found([write(3, 0, null), read(4, 1, 2), read(3, 3, 4), read(5, 5, 6)]), []);
  });

  it("claim nothing that repeated values and unknown outcomes leave open", () => {
    const nameOf = (
      deeds: readonly Deed[],
      rows: readonly number[],
    ): readonly [string, readonly number[]] => {
      const history = historyOf(deeds);
      const { kind, evidence } = nameViolation(history, rows, authorsAt(history, 0));
      return [kind, evidence];
    };
    // A write found nothing, so it is no value that comes back.
    const written = [write(5, 0, 1), read(5, 2, 3), write(6, 4, 5), write(7, 6, 7)];
    assert.deepEqual(nameOf(written, [0, 1, 2, 3]), ["not linearizable", [0, 2, 4, 6]]);
    // 3 need not have been made of 1: it had been written before.
    const early = [write(3, 0, 1), swap(1, 3, 2, null), write(1, 4, 5)];
    assert.deepEqual(nameOf(early, [0, 1, 2]), ["not linearizable", [0, 2, 3]]);
    assert.deepEqual(nameOf(early, [1, 2]), ["not linearizable", [2, 3]]);
    // 1 had been written before, though not among these.
    const again = [write(1, 0, 1), swap(1, 2, 2, 9), read(2, 3, 4), write(1, 5, 6)];
    assert.deepEqual(nameOf(again, [1, 2, 3]), ["not linearizable", [2, 3, 5]]);
    assert.deepEqual(nameOf(again.slice(1), [0, 1, 2]), ["phantom value", [0, 1, 3]]);
    // Neither need ever have taken effect.
    const unknown = [write(1, 0, 1), swap(1, 2, 2, null), swap(1, 3, 3, null)];
    assert.deepEqual(nameOf(unknown, [0, 1, 2]), ["not linearizable", [0, 2, 3]]);
    const seen = [...unknown, read(2, 4, 5), read(3, 6, 7)];
    assert.deepEqual(nameOf(seen, [0, 1, 2, 3, 4]), ["lost update", [0, 2, 3, 4, 6]]);
    // What was seen may have been written by somebody else.
    const shared = [...unknown, read(2, 4, 5), read(3, 6, 7), write(3, 8, 9)];
    assert.notEqual(nameOf(shared, [0, 1, 2, 3, 4])[0], "lost update");
  });
});
