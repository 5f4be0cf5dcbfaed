import assert from "node:assert/strict";
import { searchModel, searchRegister } from "../search/search.ts";
import { assemblySource } from "../wasm/compile.test-support.ts";
import { assemblyMutants } from "./assembly-mutants.test-support.ts";
import { firstFault, knownHistories, planted } from "./plant.test-support.ts";

/** Those that are tried here; `npm run prove:checkers` tries all. Chosen: one each of the last parts of a search. */
const triedHere = [
  "what can be put somewhere for nothing is put at the start of the order",
  "the last candidate of a choice is never tried",
  "writes of unknown outcome are dropped though a refusal may have met them",
];

describe("faults planted in the search", () => {
  it("are many, and each can be planted", () => {
    assert.ok(assemblyMutants.length >= 20);
    assert.equal(new Set(assemblyMutants.map(({ wrong }) => wrong)).size, assemblyMutants.length);
    for (const { file, find, replace } of assemblyMutants) {
      const source = assemblySource(file) ?? "";
      assert.equal(source.split(find).length - 1, 1, `${file} has not once: ${find}`);
      assert.notEqual(
        source.replace(find, () => replace),
        source,
      );
    }
  });

  it("refuse to be planted where their text is missing", async () => {
    const lost = { file: "search.ts", find: "nothing like it", replace: "", wrong: "nothing" };
    await assert.rejects(planted(lost), /search\.ts has 0 times what a mutant replaces/);
  });

  it("are found by histories on which the search itself is right", async () => {
    const known = knownHistories(500);
    assert.equal(firstFault({ searchRegister, searchModel }, known), null);
    const tried = assemblyMutants.filter(({ wrong }) => triedHere.includes(wrong));
    assert.equal(tried.length, triedHere.length);
    for (const mutant of tried) assert.notEqual(firstFault(await planted(mutant), known), null, mutant.wrong);
  });
});
