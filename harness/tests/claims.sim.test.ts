import assert from "node:assert/strict";
import { actionsOf } from "../../nemesis/actions.ts";
import { claims } from "../../workloads/claims/claims.ts";
import type { CampaignEnd } from "../campaign/campaign.ts";
import { runCampaign } from "../campaign/campaign.ts";
import { runOn } from "../campaign/run-scenario.ts";
import { registry } from "../cli/registry.ts";
import type { ClaimResult } from "../contracts/results.ts";
import { simTarget } from "../targets/sim-target.ts";

/** What a shrunk counterexample may still need. */
const mostOperations = 6;
const mostFaults = 2;

describe("the default campaign on the simulator", () => {
  let end: CampaignEnd;
  const row = (id: string): ClaimResult => {
    const found = end.results.claims.find((claim) => claim.id === id);
    assert.ok(found, `${id} was not tried`);
    return found;
  };

  before(async () => {
    end = await runCampaign({
      registry,
      run: runOn(simTarget, actionsOf),
      seed: 7,
      version: "test",
      out: null,
      workerEntry: new URL("../cli/worker.ts", import.meta.url),
    });
  });

  it("crashes nowhere and ends as expected", () => {
    assert.deepEqual(
      end.crashes.map(({ message }) => message),
      [],
    );
    assert.equal(end.status, 0);
  });

  for (const { id, expect, statement } of claims) {
    if (expect === "breaks") {
      it(`${id} breaks: ${statement}`, () => {
        const { outcome, cells, operations, faults } = row(id);
        assert.equal(outcome, "found");
        assert.ok(operations !== null && operations <= mostOperations, `${operations} operations`);
        assert.ok(faults !== null && faults <= mostFaults, `${faults} faults`);
        for (const { cell, counterexample } of cells) {
          const small = counterexample === null || counterexample.operations <= mostOperations;
          assert.ok(small, `${cell}: ${counterexample?.operations} operations`);
        }
      });
    } else {
      it(`${id} holds: ${statement}`, () => {
        const { outcome, because, cells } = row(id);
        assert.equal(outcome, "clean", because);
        for (const cell of cells) assert.equal(cell.failingRuns, 0, cell.cell);
      });
    }
  }

  for (const { id, defects } of claims) {
    for (const { defect, cell } of defects) {
      it(`${id} falls by the planted defect ${defect}`, () => {
        const tried = end.results.defects.find((result) => result.defect === defect && result.claim === id);
        assert.equal(tried?.cell, cell);
        assert.notEqual(tried?.firstFound, null, `not found in ${tried?.runs} runs`);
      });
    }
  }

  it("leaves at least half of the operations of clean rows answered, with reads beside writes", () => {
    for (const { id, cells } of end.results.claims.filter(({ outcome }) => outcome === "clean")) {
      const answered = cells.reduce((sum, cell) => sum + cell.answered, 0);
      const operations = cells.reduce((sum, cell) => sum + cell.operations, 0);
      const beside = cells.reduce((sum, cell) => sum + cell.readsBesideWrites, 0);
      assert.ok(answered * 2 > operations, `${id}: ${answered} of ${operations} answered`);
      // Q1 is about one operation at a time: reads meet only writes whose outcome is unknown.
      assert.ok(beside > 0 || id === "Q1", `${id}: no read ran beside a write`);
    }
  });
});
