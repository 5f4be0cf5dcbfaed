import assert from "node:assert/strict";
import { compareObjects } from "./native-objects.test-support.ts";
import { nativePorcupine } from "./native-porcupine.test-support.ts";
import { compareRegisters } from "./native-registers.test-support.ts";

const native = nativePorcupine();

describe("native porcupine", () => {
  if (typeof native === "string") {
    it.skip(`is not asked: ${native}`);
    return;
  }

  it("says the same of random registers as the search, the zones and the whole checker", () => {
    const tally = compareRegisters(native, 1_500, 1);
    assert.equal(tally.histories, 1_500);
    assert.ok(tally.illegal > 300 && tally.illegal < 1_000, `${tally.illegal} were illegal`);
    assert.ok(tally.zones > 500 && tally.regular > 1_000 && tally.wholes > 300);
  });

  for (const kind of ["kv", "set", "queue"] as const) {
    it(`says the same of random histories of the model ${kind}`, () => {
      const tally = compareObjects(native, kind, 200, 1);
      assert.deepEqual([tally.histories, tally.unanswered], [200, 0]);
      assert.ok(tally.illegal > 30 && tally.illegal < 150, `${tally.illegal} were illegal`);
    });
  }
});
