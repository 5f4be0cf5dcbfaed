import assert from "node:assert/strict";
import type { History } from "../../harness/history/history.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { dice } from "../search/random-problem.test-support.ts";
import { erase, read, swap, write } from "./deeds.test-support.ts";
import { problemOfKey } from "./key-problem.ts";
import { plainlyLinearizable } from "./screen.ts";
import { checkZones } from "./zones.ts";

const screened = (...deeds: readonly Deed[]): number[] => [...plainlyLinearizable(historyOf(deeds))];

/** Two keys, reads of values that are mostly right, times that overlap. */
function randomHistory(seed: number): History {
  const roll = dice(seed);
  const count = 2 + roll(9);
  const ticks = Array.from({ length: 2 * count }, (_, at) => ({ at, by: roll(1_000) }))
    .sort((a, b) => a.by - b.by)
    .map(({ at }) => at);
  const deeds = Array.from({ length: count }, (_, number): Deed => {
    const [one = 0, other = 0] = ticks.slice(2 * number, 2 * number + 2);
    const key = roll(2) === 0 ? "x" : "y";
    const [from, to] = [Math.min(one, other), roll(6) === 0 ? null : Math.max(one, other)];
    const type = roll(12) === 0 ? "fail" : "ok";
    if (roll(2) === 0) return write(number + 1, from, to, { key, type });
    const value = roll(count + 1);
    return read(value === 0 ? null : value, from, to, { key, type });
  });
  return historyOf(deeds);
}

describe("the screen", () => {
  it("passes keys of correct registers, each with its own initial nothing", () => {
    const history = [read(null, 0, 1), write(1, 2, 3), read(null, 4, 5, { key: "y" }), read(1, 6, 7)];
    assert.deepEqual(screened(...history, write(2, 8, null), write(3, 9, 10, { type: "fail" })), [1, 1]);
  });

  it("passes values that must hold one after the other, and none that clash", () => {
    const holds = [write(1, 0, 1), read(1, 2, 3), write(2, 4, 5), read(2, 6, 7)];
    assert.deepEqual(screened(...holds), [1]);
    assert.deepEqual(screened(...holds, read(1, 8, 9)), [0]);
    assert.deepEqual(screened(...holds, read(null, 8, 9)), [0]);
    assert.deepEqual(screened(write(1, 0, 1), read(1, 4, 5), write(2, 2, 3)), [0]);
    assert.deepEqual(screened(write(1, 0, 1), read(1, 3, 4), write(2, 2, 5)), [1]);
  });

  it("leaves to others what nobody wrote, or only to another key, or later, or not at all", () => {
    assert.deepEqual(screened(write(1, 0, 1), read(9, 2, 3)), [0]);
    assert.deepEqual(screened(write(1, 0, 1), read(1, 2, 3, { key: "y" })), [1, 0]);
    assert.deepEqual(screened(read(1, 0, 1), write(1, 2, 3)), [0]);
    assert.deepEqual(screened(read(1, 0, 3), write(1, 1, 2)), [1]);
    assert.deepEqual(screened(write(1, 0, 1, { type: "fail" }), read(1, 2, 3)), [0]);
  });

  it("leaves to others values that are written twice, deletes, cas and other functions", () => {
    assert.deepEqual(screened(write(1, 0, 1), write(1, 2, 3), write(2, 4, 5, { key: "y" })), [0, 1]);
    assert.deepEqual(
      screened(write(1, 0, 1), write(1, 2, 3, { key: "y" }), write(2, 4, 5, { key: "z" })),
      [0, 0, 1],
    );
    assert.deepEqual(screened(erase(0, 1), erase(2, 3, { key: "y", type: "fail" })), [0, 1]);
    assert.deepEqual(screened(swap(null, 1, 0, 1)), [0]);
    assert.deepEqual(screened({ f: "add", value: 1, from: 0, to: 1 }), [0]);
  });

  it("says nothing of events that lie far apart, and the same of a history each time it is asked", () => {
    const history = historyOf([write(1, 0, 1)]);
    assert.equal(plainlyLinearizable(history), plainlyLinearizable(history));
    const two = historyOf([write(1, 0, 1), write(2, 2, null)]);
    const apart = (call: number): number[] => [
      ...plainlyLinearizable({ ...two, invokeIndex: Int32Array.from([0, call]) }),
    ];
    assert.deepEqual([apart(1_039), apart(1_040)], [[1], [0]]);
  });

  it("takes only answered reads for answers, and the first event for one like others", () => {
    const unanswered = [read(null, 2, 3, { type: "info" }), read(null, 4, null)];
    assert.deepEqual(screened(write(1, 0, 1), ...unanswered, read(1, 5, 6)), [1]);
    assert.deepEqual(screened(write(1, 0, 1), read(9, 2, 3, { type: "fail" })), [1]);
    assert.deepEqual(screened(read(null, 0, 1), write(1, 2, 3)), [1]);
    assert.deepEqual(screened(write(1, 0, null), read(1, 1, 2), read(null, 3, 4)), [0]);
  });

  it("agrees with the zones on random histories", () => {
    let passed = 0;
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const history = randomHistory(seed);
      const fine = history.keys.map((_, key) =>
        checkZones(problemOfKey(history, key)).answer === "linearizable" ? 1 : 0,
      );
      // A value that is read at two keys makes both suspect.
      const said = [...plainlyLinearizable(history)];
      said.forEach((one, key) => {
        if (one === 1) assert.equal(fine[key], 1, `seed ${seed}`);
      });
      passed += said.filter((one, key) => one === fine[key]).length / said.length;
    }
    assert.ok(passed > 960, `${passed} agree`);
  });
});
