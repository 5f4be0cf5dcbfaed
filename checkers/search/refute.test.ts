import assert from "node:assert/strict";
import { searchBytes } from "../wasm/search-bytes.ts";
import { bytesOfBase64, searchMaker } from "../wasm/search-instance.ts";
import type { Short } from "./problem-of.test-support.ts";
import { problemOf } from "./problem-of.test-support.ts";
import type { Refutation } from "./refute.ts";
import { refute } from "./refute.ts";
import { Searcher } from "./searcher.ts";

const searcher = new Searcher(searchMaker(() => bytesOfBase64(searchBytes)));
/** So many writes in turn, and then a read of the last but one. */
const staleAfter = (writes: number): readonly Short[] => [
  ...Array.from({ length: writes }, (_, at): Short => [`w${at + 1}`, 2 * at, 2 * at + 1]),
  [`r${writes - 1}`, 2 * writes, 2 * writes + 1],
];
const refuted = (operations: readonly Short[], steps: number, bytes = 1_000_000): Refutation =>
  refute(searcher, problemOf(...operations), operations.length - 1, { steps, bytes });
const nothing = { from: -1, steps: 0, peakBytes: 0 };

describe("refutation by a window", () => {
  it("names where the window begins that has no order", () => {
    const { peakBytes, ...proof } = refuted(staleAfter(6), 100);
    assert.deepEqual(proof, { from: 2, steps: 0 });
    assert.ok(peakBytes > 0 && peakBytes < 1_000_000, `${peakBytes}`);
  });

  it("looks further back where the first window has an order", () => {
    // The refusals say no more than that it is not 7: the read may find the 9, until the window has the write of 8.
    const refusals = Array.from({ length: 7 }, (_, at): Short => ["x7", 6 + 2 * at, 7 + 2 * at]);
    const writes: readonly Short[] = [
      ["w7", 0, 1],
      ["w9", 2, 3],
      ["w8", 4, 5],
    ];
    const { from } = refuted([...writes, ...refusals, ["r9", 20, 21]], 100);
    assert.equal(from, 2);
  });

  it("takes no window that begins with the first operation, which is the search's own", () => {
    assert.deepEqual(refuted(staleAfter(4), 100), nothing);
    assert.equal(refuted(staleAfter(5), 100).from, 1);
  });

  it("tries nothing where no step is left, and proves nothing where the bytes do not suffice", () => {
    assert.deepEqual(refuted(staleAfter(6), 0), nothing);
    assert.deepEqual(refuted(staleAfter(6), 100, 64), nothing);
  });
});
