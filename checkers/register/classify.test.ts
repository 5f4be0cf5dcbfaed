import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { isLinearizable } from "../proof/brute-force.test-support.ts";
import { erase, read, swap, write } from "./deeds.test-support.ts";
import { linearizability } from "./linearizability.ts";

/** A small history, and all that is said of it. */
interface Case {
  readonly of: string;
  readonly deeds: readonly Deed[];
  readonly found: readonly Pick<Anomaly, "kind" | "says" | "evidence">[];
}

const cases: readonly Case[] = [
  {
    of: "two compare-and-sets that won from one value",
    deeds: [write(1, 0, 1), swap(1, 2, 2, 5), swap(1, 3, 3, 4)],
    found: [
      {
        kind: "lost update",
        says: "p1 set x from 1 to 2 (acknowledged at 5.000 ms), but p2 set x from 1 to 3 (acknowledged at 4.000 ms) as well",
        evidence: [0, 2, 3],
      },
    ],
  },
  {
    of: "a winner that was never answered, but seen",
    deeds: [write(1, 0, 1), swap(1, 2, 2, null), swap(1, 3, 3, 4), read(2, 5, 6)],
    found: [
      {
        kind: "lost update",
        says: "p1 set x from 1 to 2 (begun at 2.000 ms, never answered), but p2 set x from 1 to 3 (acknowledged at 4.000 ms) as well",
        evidence: [0, 2, 3, 5],
      },
    ],
  },
  {
    of: "two winners from nothing",
    deeds: [swap(null, 2, 2, 5), swap(null, 3, 3, 4)],
    found: [
      {
        kind: "lost update",
        says: "p0 set x from null to 2 (acknowledged at 5.000 ms), but p1 set x from null to 3 (acknowledged at 4.000 ms) as well",
        evidence: [0, 1],
      },
    ],
  },
  {
    of: "a compare-and-set that found what had been replaced",
    deeds: [write(1, 0, 1), write(3, 2, 3), swap(1, 2, 4, 5)],
    found: [
      {
        kind: "stale read",
        says: "p2 set x from 1 to 2 (acknowledged at 5.000 ms), but x=3 had been acknowledged at 3.000 ms",
        evidence: [0, 2, 4],
      },
    ],
  },
  {
    of: "a read of what a compare-and-set had replaced",
    deeds: [write(1, 0, 1), swap(1, 2, 2, 3), read(1, 4, 5)],
    found: [
      {
        kind: "stale read",
        says: "p2 read x=1 at 5.000 ms, but x=2 had been acknowledged at 3.000 ms",
        evidence: [0, 2, 4],
      },
    ],
  },
  {
    of: "a read of what had been seen replaced by an unfinished compare-and-set",
    deeds: [write(1, 0, 1), swap(1, 2, 2, 9), read(2, 3, 4), read(1, 5, 6)],
    found: [
      {
        kind: "read inversion",
        says: "p3 read x=1 at 6.000 ms, though x=2, which was made of that, had already been read at 4.000 ms",
        evidence: [0, 2, 3, 5],
      },
    ],
  },
  {
    of: "a value that was read before that began which it was made of",
    deeds: [swap(1, 2, 0, 9), read(2, 3, 4), write(1, 5, 6)],
    found: [
      {
        kind: "phantom value",
        says: "x=2 had been read at 4.000 ms, before p2 began to write x=1 at 5.000 ms, of which it was made",
        evidence: [0, 1, 3],
      },
    ],
  },
  {
    of: "an inversion over two compare-and-sets",
    deeds: [write(1, 0, 1), swap(1, 2, 2, 12), swap(2, 3, 3, 13), read(3, 4, 5), read(1, 6, 7)],
    found: [
      {
        kind: "read inversion",
        says: "p4 read x=1 at 7.000 ms, though x=3, which was made of that, had already been read at 5.000 ms",
        evidence: [0, 2, 3, 4, 6],
      },
    ],
  },
  {
    of: "compare-and-sets that explain only each other",
    deeds: [swap(1, 2, 0, 3), swap(2, 1, 1, 2)],
    found: [
      {
        kind: "read inversion",
        says: "p1 set x from 2 to 1 (acknowledged at 2.000 ms), though the newer x=2 had already been acknowledged at 3.000 ms (newer, because the write of x=2 began at 0.000 ms, when x=1 had been acknowledged)",
        evidence: [0, 1],
      },
    ],
  },
  {
    of: "a compare-and-set that explains only itself",
    deeds: [swap(1, 1, 0, 3)],
    found: [
      {
        kind: "phantom value",
        says: "p0 set x from 1 to 1 (acknowledged at 3.000 ms), but nobody else ever wrote x=1",
        evidence: [0],
      },
    ],
  },
  {
    of: "a compare-and-set from a value that nobody wrote",
    deeds: [swap(9, 1, 0, 3)],
    found: [
      {
        kind: "phantom value",
        says: "p0 set x from 9 to 1 (acknowledged at 3.000 ms), but nobody ever wrote x=9",
        evidence: [0],
      },
    ],
  },
  {
    of: "one of unknown outcome, whose value was seen",
    deeds: [swap(9, 1, 0, null), read(1, 1, 2)],
    found: [
      {
        kind: "phantom value",
        says: "p0 set x from 9 to 1 (begun at 0.000 ms, never answered), but nobody ever wrote x=9",
        evidence: [0, 1],
      },
    ],
  },
  {
    of: "a compare-and-set from a value whose write failed",
    deeds: [write(9, 0, 1, { type: "fail", error: "no" }), swap(9, 1, 2, 3)],
    found: [
      {
        kind: "failed write visible",
        says: "p1 set x from 9 to 1 (acknowledged at 3.000 ms), though p0's write of x=9 had failed (refused at 1.000 ms: no)",
        evidence: [0, 2],
      },
    ],
  },
  {
    of: "a compare-and-set from a value that is written later",
    deeds: [swap(9, 1, 0, 3), write(9, 4, 5)],
    found: [
      {
        kind: "phantom value",
        says: "p0 set x from 9 to 1 (acknowledged at 3.000 ms), before p1 began to write x=9 at 4.000 ms",
        evidence: [0, 2],
      },
    ],
  },
  {
    of: "a write that a chain of compare-and-sets leaves no room for",
    deeds: [
      write(1, 0, 3),
      read(1, 1, 2),
      swap(1, 2, 4, 20),
      swap(2, 4, 5, 21),
      write(3, 6, 7),
      read(4, 8, 9),
    ],
    found: [
      {
        kind: "lost write",
        says: "p4's x=3 was acknowledged at 7.000 ms, but p5 read x=4 at 9.000 ms, which was made of x=1 without it: that had been acknowledged at 3.000 ms",
        evidence: [0, 4, 5, 6, 8],
      },
    ],
  },
  {
    of: "nothing found between two views of a value, beside a delete",
    deeds: [write(1, 0, 1), erase(2, 9), read(null, 3, 4), read(1, 5, 6)],
    found: [
      {
        kind: "resurrected delete",
        says: "p3 read x=1 at 6.000 ms, though it had been acknowledged at 1.000 ms and since then p2 found nothing at x at 4.000 ms, after p1 had begun to delete it",
        evidence: [0, 2, 3, 5],
      },
    ],
  },
  {
    of: "a delete between two reads of a value",
    deeds: [write(1, 0, null), read(1, 1, 2), erase(3, 4), read(1, 5, 6)],
    found: [
      {
        kind: "resurrected delete",
        says: "p3 read x=1 at 6.000 ms, though it had been read at 2.000 ms and since then x was deleted, acknowledged at 4.000 ms",
        evidence: [0, 1, 3, 5],
      },
    ],
  },
  {
    of: "nothing found twice, with one delete and a write in between",
    deeds: [write(1, 0, 1), erase(2, 11), read(null, 3, 4), write(2, 5, 6), read(null, 7, 8)],
    found: [
      {
        kind: "value comes back",
        says: "p4 found nothing at x at 8.000 ms, though nothing had been found at 4.000 ms and since then x=2 was written and acknowledged at 6.000 ms",
        evidence: [0, 2, 3, 5, 7],
      },
    ],
  },
  {
    of: "the same with a delete that was never answered",
    deeds: [write(1, 0, 1), erase(2, null), read(null, 3, 4), write(2, 5, 6), read(null, 7, 8)],
    found: [
      {
        kind: "value comes back",
        says: "p4 found nothing at x at 8.000 ms, though nothing had been found at 4.000 ms and since then x=2 was written and acknowledged at 6.000 ms",
        evidence: [0, 2, 3, 5, 7],
      },
    ],
  },
  {
    of: "nothing found before and after the read of a write in progress",
    deeds: [
      write(1, 0, 1),
      erase(2, null),
      read(null, 3, 4),
      write(2, 5, 12),
      read(2, 6, 7),
      read(null, 8, 9),
    ],
    found: [
      {
        kind: "value comes back",
        says: "p5 found nothing at x at 9.000 ms, though nothing had been found at 4.000 ms and since then p4 read x=2 at 7.000 ms",
        evidence: [0, 2, 3, 5, 6, 8],
      },
    ],
  },
  {
    of: "nothing found though the last delete had been written over",
    deeds: [write(1, 0, 1), erase(2, 3), write(2, 4, 5), read(null, 6, 7)],
    found: [
      {
        kind: "stale read",
        says: "p3 found nothing at x at 7.000 ms, but x=2 had been acknowledged at 5.000 ms",
        evidence: [2, 4, 6],
      },
    ],
  },
  {
    of: "a repeated value that had been replaced",
    deeds: [write(5, 0, 1), write(1, 2, 3), read(5, 4, 5), write(5, 6, 7)],
    found: [
      {
        kind: "stale read",
        says: "p2 read x=5 at 5.000 ms, but x=1 had been acknowledged at 3.000 ms",
        evidence: [0, 2, 4],
      },
    ],
  },
  {
    of: "a repeated value between two views of another",
    deeds: [write(5, 0, 9), write(1, 1, 2), read(5, 3, 4), read(1, 5, 6), write(5, 7, 8)],
    found: [
      {
        kind: "read inversion",
        says: "p3 read x=1 at 6.000 ms, though the newer x=5 had already been read at 4.000 ms (newer, because a read of x=5 began at 3.000 ms, when x=1 had been acknowledged)",
        evidence: [0, 1, 3, 5],
      },
    ],
  },
  {
    of: "a compare-and-set that was refused though its value was there",
    deeds: [write(1, 0, 1), swap(1, 2, 2, 3, { type: "fail" })],
    found: [
      {
        kind: "stale read",
        says: "p1 set x from 1 to 2 (refused at 3.000 ms), but x=1 had been acknowledged at 1.000 ms",
        evidence: [0, 2],
      },
    ],
  },
  {
    of: "a repeated value that had been replaced, found by the search",
    deeds: [
      write(1, 0, 1),
      write(1, 2, 3),
      write(2, 4, 9),
      write(2, 5, 10),
      read(2, 11, 12),
      read(1, 13, 14),
    ],
    found: [
      {
        kind: "stale read",
        says: "p5 read x=1 at 14.000 ms, but x=2 had been acknowledged at 10.000 ms",
        evidence: [2, 5, 10],
      },
    ],
  },
  {
    of: "more changes than there were writes",
    deeds: [
      write(1, 0, 20),
      write(1, 1, 21),
      write(2, 2, 22),
      write(2, 3, 23),
      read(1, 4, 5),
      read(2, 6, 7),
      read(1, 8, 9),
      read(2, 10, 11),
      read(1, 12, 13),
    ],
    found: [
      {
        kind: "not linearizable",
        says: "no order of these 9 operations explains what they were answered: p0 wrote x=1 (acknowledged at 20.000 ms); p1 wrote x=1 (acknowledged at 21.000 ms); p2 wrote x=2 (acknowledged at 22.000 ms); p3 wrote x=2 (acknowledged at 23.000 ms); p4 read x=1 at 5.000 ms; p5 read x=2 at 7.000 ms; p6 read x=1 at 9.000 ms; p7 read x=2 at 11.000 ms; p8 read x=1 at 13.000 ms",
        evidence: [0, 1, 2, 3, 4, 6, 8, 10, 12],
      },
    ],
  },
  {
    of: "an inversion between two chains of compare-and-sets",
    deeds: [
      write(1, 0, 1),
      swap(1, 2, 2, 3),
      write(10, 4, 20),
      swap(10, 11, 5, 21),
      read(11, 6, 7),
      read(2, 8, 9),
    ],
    found: [
      {
        kind: "read inversion",
        says: "p5 read x=2 at 9.000 ms, though the newer x=11 had already been read at 7.000 ms (newer, because a read of x=11 began at 6.000 ms, when x=2 had been acknowledged)",
        evidence: [2, 5, 6, 8],
      },
    ],
  },
];

describe("the names of violations", () => {
  for (const { of, deeds, found } of cases) {
    it(`name ${of}`, () => {
      const verdict = check(linearizability, historyOf(deeds));
      assert.ok(verdict.word === "invalid");
      const told = verdict.anomalies.map(({ kind, says, evidence }) => ({ kind, says, evidence }));
      assert.deepEqual(told, found);
      for (const { keyspace, key } of verdict.anomalies) assert.deepEqual([keyspace, key], ["", "x"]);
    });
  }

  it("tell twelve operations where nothing fits, and how many more there are", () => {
    const circle = (count: number): string => {
      const deeds = Array.from({ length: count }, (_, at) =>
        swap(100 + at, 100 + ((at + 1) % count), at, 50 + at),
      );
      const verdict = check(linearizability, historyOf(deeds));
      return verdict.word === "invalid" ? verdict.anomalies[0].says : verdict.word;
    };
    assert.match(circle(12), /^no order of these 12 operations .*; p11 set x from 111 to 100 \([^;]*\)$/);
    assert.match(
      circle(14),
      /^no order of these 14 operations .*; p11 set x from 111 to 112 \([^;]*\); and 2 more$/,
    );
  });

  it("give evidence that no order explains, tried by all orders", () => {
    for (const { of, deeds, found } of cases.filter((one) => one.of.includes("refused") === false)) {
      // Without other lines, an event's index is the place of its tick among all ticks.
      const ticks = deeds
        .flatMap(({ from, to }) => (to === null ? [from] : [from, to]))
        .sort((a, b) => a - b);
      for (const { evidence } of found) {
        const witness = deeds.filter(({ from }) => evidence.includes(ticks.indexOf(from)));
        assert.equal(witness.length, evidence.length, of);
        assert.equal(isLinearizable(witness), false, of);
      }
    }
  });
});
