import assert from "node:assert/strict";
import { domains } from "./domains.test-support.ts";
import { everyHistory } from "./every-history.test-support.ts";
import { kindsOf } from "./small-histories.test-support.ts";
import { SmallJudges } from "./small-judges.test-support.ts";

describe("every small history", () => {
  it("has one of the ways in which spans can lie, each of them once", () => {
    // As many as there are interval orders of so many: M. Bousquet-Mélou and others, "(2+2)-free posets, ascent
    // sequences and pattern avoiding permutations", 2010.
    const shapes = [1, 2, 3, 4, 5, 6].map((count) => everyHistory(count, kindsOf("r0"), () => {}));
    assert.deepEqual(shapes, [1, 2, 5, 15, 53, 217]);
  });

  for (const { name, kinds, inTest, histories } of domains) {
    it(`is judged as brute force judges it: up to ${inTest} ${name}`, () => {
      const judges = new SmallJudges();
      for (let count = 1; count <= inTest; count += 1) {
        everyHistory(count, kinds, (operations) => judges.add(operations));
      }
      judges.finish();
      const { tally } = judges;
      assert.equal(tally.histories, histories);
      assert.equal(tally.search, histories);
      assert.ok(tally.illegal > histories / 4 && tally.zones > 0 && tally.regular > 0);
    });
  }
});
