import assert from "node:assert/strict";
import fc from "fast-check";
import { check } from "../../harness/contracts/checker.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { isLinearizable } from "../proof/brute-force.test-support.ts";
import { anyRegisterHistory, atomicHistory } from "../proof/random-register.test-support.ts";
import { lostUpdate } from "./lost-update.ts";

const judge = (...deeds: readonly Deed[]): Verdict => check(lostUpdate, historyOf(deeds));
const found = (verdict: Verdict): readonly (readonly number[])[] =>
  verdict.word === "invalid" ? verdict.anomalies.map(({ evidence }) => evidence) : [];

describe("lost-update", () => {
  const variety = { deletes: true, cas: true, repeated: true };

  it("finds nothing wrong with a correct register", () => {
    let judged = 0;
    fc.assert(
      fc.property(atomicHistory(variety), (deeds) => {
        const { word } = judge(...deeds);
        assert.ok(word === "valid" || word === "notChecked", word);
        if (word === "valid") judged += 1;
      }),
      { numRuns: 3_000, seed: 1 },
    );
    assert.ok(judged > 50, `${judged} judged`);
  });

  it("gives evidence that no order explains", () => {
    let judged = 0;
    fc.assert(
      fc.property(anyRegisterHistory({ ...variety, deletes: false }, 7), (deeds) => {
        for (const rows of found(judge(...deeds))) {
          const ticks = deeds
            .flatMap(({ from, to }) => (to === null ? [from] : [from, to]))
            .sort((a, b) => a - b);
          const witness = deeds.filter(({ from }) => rows.includes(ticks.indexOf(from)));
          assert.equal(witness.length, rows.length);
          assert.equal(isLinearizable(witness), false);
          judged += 1;
        }
      }),
      { numRuns: 6_000, seed: 2 },
    );
    assert.ok(judged > 50, `${judged} witnesses`);
  });
});
