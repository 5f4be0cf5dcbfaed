import assert from "node:assert/strict";
import { never } from "../../harness/history/history.ts";
import { dice } from "../search/random-problem.test-support.ts";
import { DueQueue } from "./due-queue.ts";

/** The same, kept in order. */
class Sorted {
  readonly left: number[] = [];

  add(due: number): void {
    this.left.push(due);
    this.left.sort((a, b) => a - b);
  }
}

function playAtRandom(seed: number): void {
  const roll = dice(seed);
  const queue = new DueQueue();
  const sorted = new Sorted();
  for (let round = 0; round < 60; round += 1) {
    assert.equal(queue.isEmpty, sorted.left.length === 0);
    assert.equal(queue.nextDue(), sorted.left[0] ?? never);
    if (roll(5) < 3) {
      const due = roll(8) === 0 ? never : roll(40);
      queue.add(due);
      sorted.add(due);
    } else {
      queue.take();
      sorted.left.shift();
    }
  }
}

describe("what is due", () => {
  it("comes first to last, whatever order it was added in, and nothing after never", () => {
    for (let seed = 1; seed <= 60; seed += 1) playAtRandom(seed);
  });
});
