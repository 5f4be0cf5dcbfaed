import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import { historyOf } from "../history-of.test-support.ts";
import { erase, read, write } from "./deeds.test-support.ts";
import { lostWrite } from "./lost-write.ts";

describe("lost-write, at length", () => {
  it("finds as many lost writes as there are", () => {
    const count = 150_000;
    const writes = Array.from({ length: count }, (_, at) => write(at + 1, at + 2, count + at + 2));
    const history = historyOf([erase(0, 1), ...writes, read(null, 2 * count + 2, 2 * count + 3)], {
      phases: [{ at: 2 * count + 1.5, phase: "final" }],
    });
    const verdict = check(lostWrite, history);
    assert.ok(verdict.word === "invalid");
    assert.equal(verdict.anomalies.length, 100);
    assert.match(verdict.anomalies.at(-1)?.says ?? "", /and 149900 more anomalies, not listed/);
  });
});
