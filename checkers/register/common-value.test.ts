import assert from "node:assert/strict";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { erase, read, swap, write } from "./deeds.test-support.ts";
import { problemOfKey } from "./key-problem.ts";
import { checkZones } from "./zones.ts";

/** The operation that the sweep cannot explain, −1 where it explains all. Nothing else may be wrong. */
function unexplainedIn(...deeds: readonly Deed[]): number {
  const { common, gap, unwritten, clashes, unexplained } = checkZones(problemOfKey(historyOf(deeds), 0));
  assert.deepEqual({ gap, unwritten, clashes }, { gap: null, unwritten: [], clashes: [] });
  assert.ok(common >= 0, "there is a common value");
  return unexplained;
}

describe("the value that several writes may have left", () => {
  const deletes = [erase(0, 1), erase(2, 3)];

  it("shows at first where it is nothing, and until something hides it", () => {
    assert.equal(unexplainedIn(read(null, 0, 1), erase(2, 3), erase(4, 5), read(null, 6, 7)), -1);
    assert.equal(unexplainedIn(write(1, 0, 1), read(null, 2, 3), erase(4, null), erase(5, null)), 1);
    assert.equal(unexplainedIn(...deletes, write(1, 4, 5), read(null, 6, 7)), 3);
    assert.equal(unexplainedIn(write(1, 0, 1), write(1, 2, 3), write(2, 4, 5), read(1, 6, 7)), 3);
  });

  it("need not show where the compare-and-set that found it may never have happened", () => {
    assert.equal(unexplainedIn(...deletes, read(null, 4, 5), swap(null, 5, 6, null)), -1);
    const hidden = [...deletes, read(null, 4, 5), write(1, 6, 7), read(1, 8, 10)];
    assert.equal(unexplainedIn(...hidden, swap(null, 5, 9, null)), -1);
    const repeated = [write(1, 0, 1), write(1, 2, 3), read(1, 4, 5), write(2, 6, 7), read(2, 8, 10)];
    const clears: Deed = { f: "cas", value: [1, null], from: 9, to: null };
    assert.equal(unexplainedIn(...repeated, clears), -1);
  });
});
