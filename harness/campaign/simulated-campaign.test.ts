import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { checkers } from "../../checkers/registry.ts";
import { actionsOf } from "../../nemesis/actions.ts";
import { claims } from "../../workloads/claims/claims.ts";
import type { Registry } from "../contracts/registry.ts";
import type { Scenario } from "../contracts/scenario.ts";
import { simTarget } from "../targets/sim-target.ts";
import type { CampaignEnd } from "./campaign.ts";
import { runCampaign } from "./campaign.ts";
import { generate } from "./generate.ts";
import { runOn } from "./run-scenario.ts";
import { subsetSpace } from "./shrink-passes.ts";
import { trialsOf } from "./trial.ts";

const rows = claims
  .filter(({ id }) => id === "Q2" || id === "C3")
  .map((claim) => ({ ...claim, cells: claim.cells.slice(0, 1), defects: [] }));
const registry: Registry = { claims: rows, observed: [], checkers, defects: [], simulator: simTarget };
const run = runOn(simTarget, actionsOf);

describe("a campaign on the simulator", () => {
  let folder = "";
  let end: CampaignEnd;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "recount-simulated-"));
    end = await runCampaign({ registry, run, seed: 1, version: "0.0.0", out: folder, workers: 0 });
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const { id } of rows) {
    it(`finds ${id} and shrinks it to a handful of its operations`, () => {
      const claim = end.results.claims.find((one) => one.id === id);
      assert.equal(claim?.outcome, "found");
      const counterexample = claim.cells[0]?.counterexample;
      assert(counterexample !== null && counterexample !== undefined);
      assert(
        counterexample.operations <= 6 && counterexample.faults <= 2 && counterexample.shrinkRuns <= 2_000,
      );
      const shrunk = readScenario(counterexample.scenario);
      const original = readScenario(counterexample.original);
      const ids = original.operations.map((operation) => operation.id);
      for (const operation of shrunk.operations) assert(ids.includes(operation.id));
    });

    it(`replays the shrunk scenario of ${id} to the same history and the same anomaly`, () => {
      const counterexample = end.results.claims.find((one) => one.id === id)?.cells[0]?.counterexample;
      assert(counterexample !== null && counterexample !== undefined);
      const lines: string[] = [];
      const journal = { write: (line: unknown) => void lines.push(`${JSON.stringify(line)}\n`) };
      const again = run(readScenario(counterexample.scenario), checkers, { journal });
      assert.equal(lines.join(""), readFileSync(join(folder, counterexample.history), "utf8"));
      const kinds = again.verdicts.flatMap(({ verdict }) =>
        verdict.word === "invalid" ? verdict.anomalies.map(({ kind }) => kind) : [],
      );
      assert(kinds.includes(counterexample.kind));
    });
  }

  function readScenario(name: string): Scenario {
    return JSON.parse(readFileSync(join(folder, name), "utf8"));
  }
});

describe("the families of the claim table", () => {
  const families = trialsOf({ ...registry, claims: claims.map((claim) => ({ ...claim, defects: [] })) });

  it("draw plans that can be shrunk without having been drawn by fast-check", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...families).chain(({ family }) => generate(family)),
        (scenario) => {
          for (const parts of [scenario.operations, scenario.faults]) {
            const ids = parts.map(({ id }) => id);
            assert.equal(new Set(ids).size, ids.length);
            assert(subsetSpace(ids, 0, () => scenario).arbitrary.canShrinkWithoutContext(ids));
          }
        },
      ),
    );
  });
});
