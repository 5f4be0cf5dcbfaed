import assert from "node:assert/strict";
import { historyOf } from "../history-of.test-support.ts";
import { erase } from "./deeds.test-support.ts";
import { SpanIndex } from "./span-index.ts";

describe("operations by their spans", () => {
  const history = historyOf([
    erase(0, 9),
    erase(1, 4),
    erase(2, 3),
    erase(5, 8),
    erase(6, 7),
    erase(10, null),
  ]);

  it("tell of those that begin after an event the first to end", () => {
    const index = new SpanIndex(history, [0, 1, 2, 3, 4, 5]);
    const found = [-1, 0, 1, 2, 5, 6, 9, 10].map((after) => index.firstToEnd(after));
    assert.deepEqual(found, [2, 2, 2, 4, 4, 5, 5, null]);
  });

  it("are only those that were asked for", () => {
    const index = new SpanIndex(history, [0, 1, 3]);
    const found = [-1, 0, 1, 4, 5].map((after) => index.firstToEnd(after));
    assert.deepEqual(found, [1, 1, 3, 3, null]);
    assert.equal(new SpanIndex(history, []).firstToEnd(-1), null);
    assert.equal(new SpanIndex(history, [5]).firstToEnd(9), 5);
  });
});
