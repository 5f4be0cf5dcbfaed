import assert from "node:assert/strict";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { erase, read, swap, write } from "./deeds.test-support.ts";
import { explained, fewestOperations } from "./fewest.ts";
import type { KeyProblem } from "./key-problem.ts";
import { partOfProblem, problemOfKey } from "./key-problem.ts";
import { checkZones } from "./zones.ts";

const problem = (...deeds: readonly Deed[]): KeyProblem => problemOfKey(historyOf(deeds), 0);
const keeping = (of: KeyProblem, ...kept: readonly number[]): readonly number[] =>
  explained(of, (operation) => kept.includes(operation));

describe("what may explain an answer", () => {
  it("is every write of the value that began in time and was not replaced, or the last one that was", () => {
    const all = problem(
      write(1, 0, 1),
      write(1, 2, 9),
      write(2, 10, 11),
      write(1, 12, null),
      read(1, 13, 15),
      write(1, 14, 17),
      write(1, 16, 18),
    );
    assert.deepEqual(keeping(all, 4), [0, 1, 3, 4, 5]);
    assert.deepEqual(keeping(all, 2, 4), [2, 3, 4, 5]);
    // What begins after the last answer explains nothing, not even what a compare-and-set without an end found.
    const late = problem(write(1, 0, 1), swap(1, 2, 2, null), read(2, 3, 4), write(1, 5, 6));
    assert.deepEqual(keeping(late, 0, 2), [0, 1, 2]);
    assert.deepEqual(keeping(late, 1), [1]);
    const replaced = problem(write(1, 0, 1), write(1, 2, 5), write(1, 3, 4), write(2, 6, 7), read(1, 8, 9));
    assert.deepEqual(keeping(replaced, 3, 4), [1, 3, 4]);
  });

  it("of a read of nothing is every delete that was not replaced, and none if it was there at first", () => {
    const all = problem(write(1, 0, 1), erase(2, 3), write(2, 4, 5), read(null, 6, 7));
    assert.deepEqual(keeping(all, 3), [1, 3]);
    assert.deepEqual(keeping(all, 2, 3), [2, 3]);
  });

  it("of a compare-and-set is only asked for where somebody who is kept may have left its value", () => {
    const all = problem(write(1, 0, 1), write(1, 2, null), swap(1, 2, 3, 4), swap(2, 3, 5, 6), read(3, 7, 8));
    assert.deepEqual(keeping(all, 4), [3, 4]);
    assert.deepEqual(keeping(all, 2, 4), [2, 3, 4]);
    assert.deepEqual(keeping(all, 0, 2), [0, 1, 2]);
    assert.deepEqual(keeping(problem(erase(0, 1), swap(null, 3, 2, 3)), 1), [0, 1]);
  });

  it("of a refusal is whatever may have left another value", () => {
    const refused = { type: "fail" } as const;
    const all = problem(
      write(1, 0, 1),
      write(2, 2, null),
      write(3, 3, 9),
      swap(1, 5, 5, 6, refused),
      write(4, 7, 8),
    );
    assert.deepEqual(keeping(all, 3), [1, 2, 3]);
    const replaced = problem(write(3, 0, 1), write(1, 2, 3), swap(1, 5, 5, 6, refused));
    assert.deepEqual(keeping(replaced, 1, 2), [1, 2]);
    assert.deepEqual(keeping(replaced, 2), [0, 2]);
  });
});

describe("a part of a problem", () => {
  it("has places and values without gaps, and keeps what a compare-and-set asks for if it can be told", () => {
    const all = problem(write(8, 0, 1), write(9, 2, 3), swap(9, 7, 4, 9), read(7, 5, 6), swap(7, 7, 7, null));
    const part = partOfProblem(all, [1, 2, 3]);
    const told = [
      part.rows,
      part.events,
      part.call,
      part.ret,
      part.needs,
      part.refuses,
      part.leaves,
      part.valueIds,
    ];
    assert.deepEqual(
      told.map((column) => [...column]),
      [
        [1, 2, 3],
        [0, ~0, 1, 2, ~2, ~1],
        [0, 2, 3],
        [1, 5, 4],
        [-1, 1, 2],
        [-1, -1, -1],
        [1, 2, -1],
        [0, 2, 3],
      ],
    );
    assert.equal(part.length, 3);
    // Whoever wrote 9 is left out, so it stands for a write; what 8 was made of could never be told.
    assert.deepEqual([...partOfProblem(all, [2, 3]).needs], [-1, 1]);
    const untold = problem(swap(8, 7, 0, 1), read(7, 2, 3));
    assert.deepEqual([...partOfProblem(untold, [0, 1]).needs], [1, 2]);
    assert.deepEqual([...partOfProblem(all, [4]).needs], [-1]);
    assert.deepEqual([...partOfProblem(all, [2, 4]).needs], [-1, 1]);
  });
});

describe("the fewest operations", () => {
  const isIllegal = (part: KeyProblem): boolean => checkZones(part).answer === "illegal";

  it("are found around one that could not be ordered, in a long history", () => {
    const before = Array.from({ length: 300 }, (_, at): Deed[] => [
      write(1_000 + at, 10 * at, 10 * at + 1),
      erase(10 * at + 2, 10 * at + 3),
      read(null, 10 * at + 4, 10 * at + 5),
    ]).flat();
    const wrong = [
      write(1, 5_000, 5_001),
      erase(5_002, 5_020),
      read(null, 5_003, 5_004),
      write(2, 5_005, 5_006),
      read(null, 5_007, 5_008),
    ];
    const after = Array.from({ length: 100 }, (_, at) => read(null, 6_000 + 2 * at, 6_001 + 2 * at));
    const all = problem(...before, ...wrong, ...after);
    const { unexplained } = checkZones(all);
    assert.equal(unexplained, 904);
    assert.deepEqual(fewestOperations(all, unexplained, isIllegal), [900, 901, 902, 903, 904]);
  });

  it("are all where nothing less is certainly illegal, or it takes too long to know", () => {
    const few = problem(write(1, 0, 1), read(1, 2, 3), read(1, 4, 5));
    assert.deepEqual(
      fewestOperations(few, 2, () => false),
      [0, 1, 2],
    );
    assert.deepEqual(
      fewestOperations(few, 2, () => true),
      [],
    );
    let judged = 0;
    const many = problem(...Array.from({ length: 1_200 }, (_, at) => write(1 + at, 2 * at, 2 * at + 1)));
    const kept = fewestOperations(many, 1_199, (part) => {
      judged += part.length;
      return part.length >= 500;
    });
    assert.ok(kept.length >= 500 && judged <= 200_000);
  });
});
