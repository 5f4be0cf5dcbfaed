import assert from "node:assert/strict";
import { never } from "../../harness/history/history.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { Authors } from "./authors.ts";

const write = (value: number, from: number, to: number | null, type: Deed["type"] = "ok"): Deed => ({
  f: "write",
  value,
  from,
  to,
  type,
});
const gone = (from: number, to: number | null): Deed => ({ f: "delete", from, to });

/** Ticks are indices: every operation of these histories has both of its events, or is the last. */
function authorsOf(...deeds: readonly Deed[]): Authors {
  const history = historyOf(deeds);
  const authors = new Authors(history);
  for (let row = 0; row < history.length; row += 1) authors.note(row);
  return authors;
}

describe("authors", () => {
  it("are the ones that may have left a value, and known where there is one", () => {
    const authors = authorsOf(
      write(1, 0, 1),
      write(2, 2, 3, "fail"),
      { f: "read", value: 1, from: 4, to: 5 },
      write(3, 6, null),
    );
    assert.deepEqual(
      [1, 2, 3].map((value) => authors.onlyAuthorOf(value)),
      [0, null, 3],
    );
    assert.deepEqual(
      [1, 2, 3].map((value) => authors.lastAuthorOf(value, 4)),
      [0, null, 3],
    );
    assert.deepEqual(
      [1, 2, 3].map((value) => authors.endOf(value, 4)),
      [1, never, never],
    );
  });

  it("of one value are judged by the one that ended last", () => {
    const authors = authorsOf(write(1, 0, 7), write(1, 1, 2), write(1, 3, 4), write(2, 5, 6), write(2, 8, 9));
    assert.equal(authors.onlyAuthorOf(1), null);
    assert.deepEqual([authors.lastAuthorOf(1, 10), authors.endOf(1, 10)], [0, 7]);
    assert.deepEqual([authors.lastAuthorOf(2, 10), authors.endOf(2, 10)], [4, 9]);
  });

  it("of nothing are the deletes that had begun, or nobody", () => {
    const authors = authorsOf(write(1, 0, 1), gone(2, 7), gone(3, 4), gone(5, 6), gone(8, 9));
    assert.equal(authors.onlyAuthorOf(0), null);
    assert.deepEqual([authors.lastAuthorOf(0, 2), authors.endOf(0, 2)], [null, -1]);
    assert.deepEqual([authors.lastAuthorOf(0, 3), authors.endOf(0, 3)], [1, 7]);
    assert.deepEqual([authors.lastAuthorOf(0, 8), authors.endOf(0, 8)], [1, 7]);
    assert.deepEqual([authors.lastAuthorOf(0, 9), authors.endOf(0, 9)], [4, 9]);
  });
});
