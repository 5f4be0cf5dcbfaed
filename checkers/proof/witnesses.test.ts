import assert from "node:assert/strict";
import { judgeWitnesses } from "./witnesses.test-support.ts";

describe("what is said to prove an anomaly", () => {
  it("is a violation by itself, and so it is with all that might explain it", () => {
    const tally = judgeWitnesses(1_500, 7_000);
    assert.equal([...tally].sort(), []);
  });
});
