import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import { historyOf } from "../history-of.test-support.ts";
import { erase, read, swap, write } from "./deeds.test-support.ts";
import { linearizability } from "./linearizability.ts";

function told(deeds: Parameters<typeof historyOf>[0]): readonly string[] {
  const verdict = check(linearizability, historyOf(deeds));
  return verdict.word === "invalid"
    ? verdict.anomalies.map(({ kind, evidence }) => `${kind} ${evidence}`)
    : [];
}

describe("values that were made of nothing", () => {
  it("are no stale reads where a delete that has no part in it had left nothing", () => {
    const deeds = [write(8, 1, 2), erase(3, 4), swap(null, 16, 5, 6), swap(8, 18, 7, 8)];
    assert.deepEqual(told(deeds), ["stale read 0,2,6", "stale read 0,4,6"]);
  });

  it("do not show that a delete of unknown outcome came before them", () => {
    const deeds = [
      write(8, 1, 2),
      read(8, 3, 4),
      erase(5, null),
      read(null, 6, 7),
      swap(null, 12, 8, 9),
      read(null, 10, 11),
    ];
    const [first = ""] = told(deeds);
    assert.match(first, /^[a-z ]+ 0,/, "without what was there before the delete, nothing is proved");
  });
});
