import assert from "node:assert/strict";
import { judgeWitnesses } from "./witnesses.test-support.ts";

describe("what is said to prove an anomaly", () => {
  it("is a violation by itself, and so it is with all that might explain it", () => {
    const tally = judgeWitnesses(1_500, 7_000);
    for (const kind of ["stale read", "phantom value", "failed write visible", "read inversion"]) {
      assert.ok((tally.get(kind) ?? 0) >= 20, `${tally.get(kind)} of ${kind}`);
    }
    for (const kind of ["lost update", "not linearizable", "resurrected delete", "value comes back"]) {
      assert.ok((tally.get(kind) ?? 0) >= 2, `${tally.get(kind)} of ${kind}`);
    }
  });
});
