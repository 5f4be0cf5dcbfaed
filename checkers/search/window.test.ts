import assert from "node:assert/strict";
import { never } from "../../harness/history/history.ts";
import { problemOf } from "./problem-of.test-support.ts";
import { statesBefore, windowOf } from "./window.ts";

const key = problemOf(
  ["w1", 0, 1], // 0: over before the window
  ["w2", 2], // 1: never returns
  ["r1", 3], // 2: tells nothing
  ["w3", 4, 9], // 3: open at the start
  ["r3", 5, 10], // 4: open at the start
  ["w4", 8, 11], // 5: where the window begins
  ["r4", 12, 15], // 6: where it ends
  ["w5", 13, 17], // 7: open at the end
  ["r5", 14, 18], // 8: open at the end
  ["x2", 16, 19], // 9: after the end
);

describe("window of a key", () => {
  it("has what lies within as it was, and what lies across its borders at will", () => {
    assert.deepEqual(windowOf(key, 5, 6), {
      rows: Int32Array.of(1, 3, 5, 6, 7),
      length: 5,
      call: Int32Array.of(2, 4, 8, 12, 13),
      ret: Int32Array.of(never, never, 11, 15, never),
      needs: Int32Array.of(-1, -1, -1, 4, -1),
      refuses: Int32Array.of(-1, -1, -1, -1, -1),
      leaves: Int32Array.of(2, 3, 4, -1, 5),
    });
  });

  it("is the whole key from its first operation to its last", () => {
    assert.deepEqual([...windowOf(key, 0, 9).rows], [0, 1, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("keeps what leaves nothing, and may start with nothing that was left", () => {
    const emptied = problemOf(["w0", 0, 1], ["w0", 2, 7], ["w1", 3, 4], ["r0", 5, 6]);
    const window = windowOf({ ...emptied, initial: 1 }, 2, 3);
    assert.deepEqual([...window.rows], [1, 2, 3]);
    assert.deepEqual(statesBefore({ ...emptied, initial: 1 }, 2, window), [0x7fff_fffe, 0]);
  });

  it("may start in the states that it asks for and somebody left before, and in any other", () => {
    const any = 0x7fff_fffe;
    const at = (from: number, due: number, initial?: number): number[] => {
      const problem = initial === undefined ? key : { ...key, initial };
      return statesBefore(problem, from, windowOf(problem, from, due));
    };
    assert.deepEqual(at(5, 6), [any]);
    assert.deepEqual(at(6, 9), [any, 2, 4]);
    assert.deepEqual(at(6, 6, 4), [any, 4]);
    assert.deepEqual(at(5, 6, 4), [any, 4]);
    assert.deepEqual(at(5, 6, 3), [any]);
  });
});
