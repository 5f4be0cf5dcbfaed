import assert from "node:assert/strict";
import type { EquivalentMutant, Survivor } from "./mutation-tally.ts";
import { tallyOf } from "./mutation-tally.ts";

const mutant = (status: string, replacement = "a\n  b", file = "checkers/one.ts"): Survivor => ({
  file,
  line: 3,
  status,
  mutator: "StringLiteral",
  replacement,
});
const listed: EquivalentMutant = {
  file: "checkers/one.ts",
  mutator: "StringLiteral",
  replacement: "a b",
  reason: "nobody can tell",
};

describe("the tally of a mutation run", () => {
  it("counts what failed, hung or threw as killed, and the rest by file as alive", () => {
    const survivor = mutant("Survived", "c");
    const tally = tallyOf(
      [
        mutant("Killed"),
        mutant("Timeout"),
        mutant("RuntimeError"),
        survivor,
        mutant("NoCoverage", "d", "checkers/a.ts"),
      ],
      [],
    );
    assert.deepEqual(tally.files, [
      { file: "checkers/a.ts", killed: 0, all: 1, excused: 0 },
      { file: "checkers/one.ts", killed: 3, all: 4, excused: 0 },
    ]);
    assert.equal(tally.share, 0.6);
    assert.deepEqual(tally.survivors, [survivor, mutant("NoCoverage", "d", "checkers/a.ts")]);
  });

  it("leaves out what was not run, and what is listed as equivalent", () => {
    const tally = tallyOf(
      [mutant("Ignored"), mutant("CompileError"), mutant("Survived"), mutant("Killed", "c")],
      [listed],
    );
    assert.deepEqual(tally, {
      files: [{ file: "checkers/one.ts", killed: 1, all: 1, excused: 1 }],
      share: 1,
      survivors: [],
      wronglyListed: [],
    });
  });

  it("lets each entry of the list excuse no more than one survivor", () => {
    const tally = tallyOf([mutant("Survived"), mutant("Survived")], [listed]);
    assert.deepEqual(tally.files, [{ file: "checkers/one.ts", killed: 0, all: 1, excused: 1 }]);
    assert.equal(
      tallyOf([mutant("Survived"), mutant("Survived")], [listed, { ...listed }]).survivors.length,
      0,
    );
  });

  it("tells a listed mutant that was killed, and says nothing of files that were not run", () => {
    assert.deepEqual(tallyOf([mutant("Killed")], [listed]).wronglyListed, [listed]);
    assert.deepEqual(tallyOf([mutant("Killed"), mutant("Survived")], [listed]).wronglyListed, []);
    assert.deepEqual(tallyOf([mutant("Survived")], [listed, { ...listed }]).wronglyListed, [listed]);
    assert.deepEqual(tallyOf([], [listed]), { files: [], share: 0, survivors: [], wronglyListed: [] });
  });
});
