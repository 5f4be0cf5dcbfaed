import assert from "node:assert/strict";
import type { Anomaly, AnomalyKind } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { nameViolation } from "./classify.ts";
import { erase, read, swap, write } from "./deeds.test-support.ts";
import { authorsAt } from "./sources.ts";

/** What a history's operations are called; those with these places among the deeds, or all. */
function nameOf(deeds: readonly Deed[], places: readonly number[] = deeds.map((_, at) => at)): Anomaly {
  const history = historyOf(deeds);
  const calls = deeds.map(({ from }) => from).sort((a, b) => a - b);
  const rows = places.map((at) => calls.indexOf(deeds[at]?.from ?? -1)).sort((a, b) => a - b);
  return nameViolation(history, rows, authorsAt(history, 0));
}

/** The kind, and the evidence as places among the deeds. */
function kindOf(deeds: readonly Deed[], places?: readonly number[]): readonly [AnomalyKind, string] {
  const { kind, evidence } = nameOf(deeds, places);
  const ticks = deeds.flatMap(({ from, to }) => (to === null ? [from] : [from, to])).sort((a, b) => a - b);
  return [kind, deeds.flatMap(({ from }, at) => (evidence.includes(ticks.indexOf(from)) ? [at] : [])).join()];
}

const failed = { type: "fail" } as const;

describe("names that must be sure", () => {
  it("call an update lost only where what was found was there once", () => {
    const two = [write(1, 0, 1), swap(1, 2, 2, 5), swap(1, 3, 3, 4)];
    assert.deepEqual(kindOf([...two, read(3, 6, 7)]), ["lost update", "0,1,2"]);
    assert.deepEqual(kindOf([...two, write(1, 6, null)], [0, 1, 2]), ["not linearizable", "0,1,2"]);
    const fromNothing = [swap(null, 2, 0, 3), swap(null, 3, 1, 2), erase(4, null)];
    assert.deepEqual(kindOf(fromNothing), ["not linearizable", "0,1,2"]);
    assert.deepEqual(kindOf(fromNothing.slice(0, 2)), ["lost update", "0,1"]);
  });

  it("call an update lost only where both took effect", () => {
    // 4 was made of 2, so 2 was there.
    const chain = [write(1, 0, 1), swap(1, 2, 2, null), swap(2, 4, 3, null), read(4, 4, 5), swap(1, 3, 6, 7)];
    assert.deepEqual(kindOf(chain, [0, 1, 2, 3, 4])[0], "lost update");
    assert.deepEqual(kindOf(chain, [0, 1, 2, 4])[0], "not linearizable");
    // What explain each other may be both of nothing.
    const circle = [swap(1, 2, 0, null), swap(2, 1, 1, null)];
    assert.deepEqual(kindOf(circle), ["not linearizable", "0,1"]);
    // Nothing had been there at first as well.
    const emptied: Deed = { f: "cas", value: [1, null], from: 4, to: null };
    const first = [read(null, 0, 1), write(1, 2, 3), emptied, swap(1, 3, 5, 6)];
    assert.deepEqual(kindOf(first), ["not linearizable", "0,1,2,3"]);
    const refused = [write(1, 0, 9), swap(1, 2, 1, 2, failed), swap(1, 3, 3, 4), write(5, 5, 6)];
    assert.deepEqual(kindOf(refused), ["not linearizable", "0,1,2,3"]);
  });

  it("call a read stale only where all that may have left its value had been replaced", () => {
    const stale = [write(5, 0, 1), write(1, 2, 3), read(5, 4, 5)];
    assert.deepEqual(kindOf([...stale, write(5, 6, 7)]), ["stale read", "0,1,2"]);
    assert.deepEqual(kindOf([...stale, read(5, 6, 7), write(5, 8, 9)], [0, 1, 2, 3]), [
      "stale read",
      "0,1,2",
    ]);
    // These operations prove it, though another writer of 5 was left out.
    const shared = [write(5, 0, 1), write(5, 2, null), write(1, 3, 4), read(5, 5, 6), read(1, 7, 8)];
    assert.deepEqual(kindOf(shared, [0, 2, 3, 4]), ["stale read", "0,2,3,4"]);
    assert.deepEqual(kindOf(shared), ["not linearizable", "0,1,2,3,4"]);
    const twoLeft = [write(1, 0, 1), write(1, 2, null), swap(1, 2, 3, 4), read(1, 5, 6)];
    assert.deepEqual(kindOf(twoLeft), ["not linearizable", "0,1,2,3"]);
    assert.deepEqual(kindOf([swap(1, 1, 0, 1), read(1, 2, 3)]), ["not linearizable", "0,1"]);
  });

  it("call a read stale where the only write of its value had been replaced by what was made of it", () => {
    assert.deepEqual(nameOf([write(1, 0, null), swap(1, 2, 1, 2), read(1, 3, 4)]), {
      kind: "stale read",
      says: "p2 read x=1 at 4.000 ms, but x=2 had been acknowledged at 2.000 ms",
      evidence: [0, 1, 3],
      keyspace: "",
      key: "x",
    });
  });

  it("give the writer that ended last as evidence of a stale read", () => {
    const replaced = [write(1, 5, 6), read(5, 7, 8)];
    assert.deepEqual(kindOf([write(5, 0, 3), write(5, 1, 2), ...replaced]), ["stale read", "0,2,3"]);
    assert.deepEqual(kindOf([write(5, 0, 2), write(5, 1, 3), ...replaced]), ["stale read", "1,2,3"]);
  });

  it("call nothing stale only where no delete may explain it", () => {
    const nothing = [write(1, 0, 1), read(null, 3, 4)];
    assert.deepEqual(kindOf(nothing), ["stale read", "0,1"]);
    assert.deepEqual(kindOf([...nothing, erase(2, null)], [0, 1])[0], "read inversion");
    const deleted = [write(1, 0, 1), erase(2, 3), write(2, 4, 5), read(null, 6, 7)];
    assert.deepEqual(kindOf(deleted), ["stale read", "1,2,3"]);
    const open = [erase(0, null), swap(null, 2, 1, 2), read(null, 3, 4)];
    assert.deepEqual(kindOf(open), ["not linearizable", "0,1,2"]);
  });

  it("call a refusal stale only where its value was there all the time", () => {
    const refusal = swap(1, 2, 4, 5, failed);
    assert.deepEqual(kindOf([write(3, 0, 1), write(1, 2, 3), refusal]), ["stale read", "1,2"]);
    assert.deepEqual(kindOf([write(1, 0, 9), refusal]), ["not linearizable", "0,1"]);
    assert.deepEqual(kindOf([write(1, 0, 1), write(3, 2, 9), refusal]), ["not linearizable", "0,1,2"]);
    assert.deepEqual(kindOf([write(3, 0, 1), refusal]), ["not linearizable", "0,1"]);
    assert.deepEqual(kindOf([write(3, 0, 1), read(3, 2, 3), refusal]), ["not linearizable", "0,1,2"]);
    const error = { ...failed, error: "no node answered" };
    assert.deepEqual(kindOf([write(1, 0, 1), swap(1, 2, 2, 3, error)]), ["not linearizable", "0,1"]);
  });

  it("say that a value comes back only where it had been there, and then was not", () => {
    const writes = [write(5, 0, 1), read(5, 2, 3), write(6, 4, 5), write(7, 6, 7), write(8, 8, 9)];
    assert.deepEqual(kindOf(writes)[0], "not linearizable");
    const again = [write(1, 0, null), read(1, 2, 3), write(2, 4, 5), read(1, 6, 7)];
    assert.deepEqual(kindOf(again), ["value comes back", "0,1,2,3"]);
    assert.deepEqual(kindOf([...again, read(2, 8, 9)]), ["value comes back", "0,1,2,3"]);
    // Another write of 1 may be what was seen again.
    assert.deepEqual(kindOf([...again, write(1, 1, null)])[0], "not linearizable");
    assert.deepEqual(kindOf([...again, read(2, 8, 9), write(1, 1, null)], [0, 1, 2, 3, 4]), [
      "value comes back",
      "0,1,2,3,4",
    ]);
    const beside = [write(1, 0, 1), erase(2, null), read(1, 3, 6), read(null, 4, 5)];
    assert.deepEqual(kindOf(beside)[0], "not linearizable");
    assert.deepEqual(kindOf([...beside, read(1, 7, 8)])[0], "resurrected delete");
  });

  it("say that nothing comes back only where something had been written before", () => {
    const twice = [write(1, 0, 1), erase(2, null), read(null, 3, 4), write(2, 5, 6), read(null, 7, 8)];
    assert.deepEqual(kindOf(twice)[0], "value comes back");
    assert.deepEqual(kindOf(twice, [0, 2, 3, 4])[0], "not linearizable");
    const atFirst = [
      erase(0, 1),
      read(null, 2, 3),
      read(null, 4, 5),
      write(1, 6, null),
      read(1, 7, 8),
      read(null, 9, 10),
    ];
    assert.deepEqual(kindOf(atFirst)[0], "not linearizable");
    const deletes = [write(1, 0, 1), erase(2, null), read(null, 3, 4), erase(5, 6), read(null, 7, 8)];
    assert.deepEqual(kindOf(deletes, [0, 2, 3, 4])[0], "not linearizable");
  });

  it("blame a delete only where it had begun before the value was gone", () => {
    const gone = [write(1, 0, null), read(1, 1, 2), read(null, 4, 5), read(1, 6, 7)];
    const says =
      "p3 read x=1 at 7.000 ms, though it had been read at 2.000 ms and since then p2 found nothing at x at 5.000 ms";
    const found = { kind: "value comes back", says, evidence: [0, 1, 3, 5], keyspace: "", key: "x" };
    assert.deepEqual(nameOf(gone), found);
    assert.deepEqual(nameOf([...gone, erase(8, 9)]), found);
    assert.deepEqual(kindOf([...gone, erase(3, 8)]), ["resurrected delete", "0,1,2,3,4"]);
    // What was written is why the value is gone, whatever was deleted.
    const written = [write(1, 0, null), read(1, 1, 2), erase(3, null), write(2, 4, 5), read(1, 6, 7)];
    assert.deepEqual(kindOf(written), ["value comes back", "0,1,3,4"]);
  });

  it("take a value for made of nothing only where nobody may have deleted", () => {
    const early = [swap(null, 2, 0, null), read(2, 2, 3), read(null, 4, 5)];
    assert.deepEqual(kindOf(early)[0], "read inversion");
    assert.deepEqual(kindOf([...early, erase(1, null)])[0], "not linearizable");
    const emptied: Deed = { f: "cas", value: [1, null], from: 1, to: null };
    const atFirst = [write(1, 0, null), emptied, read(null, 2, 3), read(1, 4, 5)];
    assert.deepEqual(kindOf(atFirst)[0], "not linearizable");
  });

  it("call nothing but a write lost, and only where it was between", () => {
    const fine = [write(1, 0, 1), read(1, 2, 3), swap(1, 2, 4, 5), swap(2, 3, 6, 7)];
    assert.deepEqual(kindOf(fine)[0], "not linearizable");
  });

  it("stop at 64 operations", () => {
    const many = (count: number): readonly [AnomalyKind, string] => {
      const reads = Array.from({ length: count - 3 }, (_, at) => read(2, 10 + 2 * at, 11 + 2 * at));
      return kindOf([write(1, 0, 1), write(2, 2, 3), read(1, 4, 5), ...reads]);
    };
    assert.deepEqual(many(64), ["stale read", "0,1,2"]);
    assert.equal(many(65)[0], "not linearizable");
  });
});

describe("an inversion of two chains of values", () => {
  /** Between the first and the last value of a chain, which was made of the first, another one was read. */
  const around = [
    write(1, 0, 1),
    swap(1, 2, 2, null),
    write(10, 3, null),
    swap(10, 11, 4, 20),
    read(11, 5, 6),
    read(2, 7, 8),
  ];

  it("goes back to the writes that they were made of", () => {
    assert.deepEqual(nameOf(around), {
      kind: "read inversion",
      says: "p5 read x=2 at 8.000 ms, though the newer x=11 had already been read at 6.000 ms (newer, because a read of x=11 began at 5.000 ms, when x=1 had been acknowledged)",
      evidence: [0, 2, 3, 4, 5, 7],
      keyspace: "",
      key: "x",
    });
  });

  it("tells of a compare-and-set from nothing like of a write", () => {
    const fromNothing = [swap(null, 2, 0, 1), write(10, 3, null), read(10, 5, 6), read(2, 7, 8)];
    assert.deepEqual(nameOf(fromNothing), {
      kind: "read inversion",
      says: "p3 read x=2 at 8.000 ms, though the newer x=10 had already been read at 6.000 ms (newer, because a read of x=10 began at 5.000 ms, when x=2 had been acknowledged)",
      evidence: [0, 2, 3, 5],
      keyspace: "",
      key: "x",
    });
  });

  it("is no lost write, where that had not ended", () => {
    const open = [write(1, 0, 1), swap(1, 2, 2, null), write(3, 3, 9), read(3, 4, 5), read(2, 6, 7)];
    assert.deepEqual(kindOf(open), ["read inversion", "0,1,2,3,4"]);
  });

  it("says when the older one had been seen, though the newer one had been seen before", () => {
    const { says } = nameOf([
      write(10, 0, null),
      write(1, 1, 5),
      read(10, 2, 3),
      read(10, 6, 7),
      read(1, 8, 9),
    ]);
    assert.equal(
      says,
      "p4 read x=1 at 9.000 ms, though the newer x=10 had already been read at 3.000 ms (newer, because a read of x=10 began at 6.000 ms, when x=1 had been acknowledged)",
    );
  });

  it("is not told of values that were left twice", () => {
    const twice = [write(1, 0, 1), write(1, 2, 3), write(2, 4, null), read(2, 5, 6), read(1, 7, 8)];
    assert.deepEqual(kindOf(twice)[0], "not linearizable");
  });
});
