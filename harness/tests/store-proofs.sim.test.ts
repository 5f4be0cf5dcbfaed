import assert from "node:assert/strict";
import { storeProofs } from "../../workloads/store-proofs.ts";
import { Choice } from "../base/choice.ts";
import { parseScenario } from "../contracts/scenario-schema.ts";
import { countProof } from "./store-proof-runs.ts";

/** A tenth of what `npm run prove:store` does. */
const runs = 1_000;
/** Runs in which a planted defect must be found; most are found in the first fifty. */
const runsForDefect = 1_200;

describe("the store under every fault at once", () => {
  for (const proof of storeProofs) {
    it(`is clean with ${proof.name}: ${runs} runs`, () => {
      const count = countProof(proof, runs);
      assert.equal(count.found?.anomaly.says ?? null, null, `run ${count.found?.index}`);
      // Faults that leave nothing answered would make every run clean.
      assert.ok(count.unknown <= runs / 5, `${count.unknown} of ${runs} runs are unknown`);
      assert.ok(2 * count.answered > count.operations, `${count.answered} of ${count.operations} answered`);
    });

    for (const defect of proof.defects) {
      it(`falls with ${defect} under ${proof.name}`, () => {
        assert.ok(countProof(proof, runsForDefect, defect).found, `not found in ${runsForDefect} runs`);
      });
    }

    it(`draws plans for ${proof.name} that the schema takes`, () => {
      for (let index = 0; index < 25; index += 1) {
        const drawn = proof.draw(new Choice(11, index));
        assert.doesNotThrow(() => parseScenario(JSON.parse(JSON.stringify(drawn))), `draw ${index}`);
      }
    });
  }
});
