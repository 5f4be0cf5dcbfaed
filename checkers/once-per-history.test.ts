import assert from "node:assert/strict";
import { historyOf } from "./history-of.test-support.ts";
import { oncePerHistory } from "./once-per-history.ts";

describe("what is found once in a history", () => {
  it("is found anew in every other history", () => {
    let searches = 0;
    const lengthOf = oncePerHistory(({ length }) => {
      searches += 1;
      return length;
    });
    const [none, one] = [historyOf([]), historyOf([{ f: "read", from: 0, to: 1 }])];
    assert.deepEqual([lengthOf(none), lengthOf(one), lengthOf(none), lengthOf(one)], [0, 1, 0, 1]);
    assert.equal(searches, 2);
  });
});
