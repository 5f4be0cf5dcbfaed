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

  it("begins before the last answer of those that are kept, if they have an end at all", () => {
    const pending = problem(erase(0, 5), swap(null, 2, 1, null), erase(6, 7), write(5, 10, 11));
    assert.deepEqual(keeping(pending, 1), [1]);
    assert.deepEqual(keeping(pending, 1, 3), [1, 3]);
  });

  it("is never the operation itself", () => {
    const own = problem(write(1, 0, 1), write(1, 2, 3), write(2, 4, 5), swap(1, 1, 6, 7));
    assert.deepEqual(keeping(own, 3), [3]);
    assert.deepEqual(keeping(own, 0, 2, 3), [0, 1, 2, 3]);
    const emptied: Deed = { f: "cas", value: [1, null], from: 2, to: 3 };
    assert.deepEqual(keeping(problem(write(1, 0, 1), emptied), 1), [1]);
  });

  it("is hidden by deletes, but never by what began after the read did", () => {
    const hidden = problem(write(1, 0, 1), write(1, 2, 3), erase(4, 5), read(1, 6, 7));
    assert.deepEqual(keeping(hidden, 2, 3), [1, 2, 3]);
    const open = problem(read(1, 0, 9), write(1, 1, 2), write(1, 3, 4), write(2, 5, 6));
    assert.deepEqual(keeping(open, 0, 3), [0, 1, 2, 3]);
    assert.deepEqual(keeping(problem(write(1, 0, 1), read(9, 2, 3)), 1), [1]);
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
    const nothing = problem(write(1, 0, 1), read(1, 2, 3), swap(null, 5, 4, 5, refused));
    assert.deepEqual(keeping(nothing, 2), [0, 2]);
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

  /** First, last and number of each part that was tried; nothing is judged once there are enough. */
  function triesOf(
    all: KeyProblem,
    around: number,
    answer: (rows: readonly number[]) => boolean,
    enough = 20,
  ): string[] {
    const tries: string[] = [];
    const judge = (part: KeyProblem): boolean => {
      if (tries.length === enough) throw new RangeError("enough");
      const rows = [...part.rows];
      tries.push(`${rows[0]}–${rows.at(-1)}: ${rows.length}`);
      return answer(rows);
    };
    try {
      fewestOperations(all, around, judge);
    } catch (error) {
      assert.ok(error instanceof RangeError && error.message === "enough", String(error));
    }
    return tries;
  }

  const writes = (count: number): Deed[] =>
    Array.from({ length: count }, (_, at) => write(1 + at, 2 * at, 2 * at + 1));

  it("are looked for in the last that began before its end, eight at first, then twice as many", () => {
    const all = problem(...writes(100));
    const never = triesOf(all, 49, () => false).slice(0, 6);
    assert.deepEqual(never, ["42–49: 8", "34–49: 16", "18–49: 32", "0–49: 50", "0–49: 50", "50–99: 50"]);
    assert.equal(
      triesOf(all, 3, () => false)[0],
      "0–49: 50",
      "four are no more than the least that is tried",
    );
    const found = triesOf(all, 49, (rows) => rows.includes(49));
    assert.deepEqual(found, [
      "42–49: 8",
      "42–45: 4",
      "46–49: 4",
      "46–47: 2",
      "48–49: 2",
      "48–48: 1",
      "49–49: 1",
    ]);
    const overlapping = problem(
      write(1, 0, 10),
      ...writes(20).map((deed, at) => write(2 + at, deed.from + 1, 60 + at)),
    );
    assert.deepEqual(triesOf(overlapping, 0, () => false).slice(0, 1), ["0–5: 6"]);
  });

  it("are looked for in all if there is no end, and in no more than some thousands short of all", () => {
    const pending = problem(...writes(20), write(21, 50, null));
    assert.deepEqual(triesOf(pending, 20, () => false).slice(0, 3), ["13–20: 8", "5–20: 16", "0–20: 21"]);
    const sizes = triesOf(problem(...writes(4_100)), 4_099, (rows) => rows.length >= 2_048, 12).slice(8);
    assert.deepEqual(sizes, ["2052–4099: 2048", "2052–3075: 1024", "3076–4099: 1024", "2052–3587: 1536"]);
    const most = triesOf(problem(...writes(8_200)), 8_199, () => false, 11);
    assert.deepEqual(most.slice(8), ["6152–8199: 2048", "4104–8199: 4096", "0–4099: 4100"]);
  });

  it("are not tried again where what was taken away explains what is left", () => {
    assert.deepEqual(
      triesOf(problem(write(1, 0, 1), read(1, 2, 3)), 1, () => true),
      ["0–0: 1", "undefined–undefined: 0"],
    );
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
