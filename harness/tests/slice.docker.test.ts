import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkHistory } from "../../checkers/check-history.ts";
import { findEngine } from "../../docker/engine.ts";
import { actionsOf } from "../../nemesis/actions.ts";
import { runSlice } from "../campaign/slice.ts";
import { registry } from "../cli/registry.ts";
import type { CellResult, Results } from "../contracts/results.ts";
import { parseScenario } from "../contracts/scenario-schema.ts";
import { parseHistory } from "../history/journal.ts";
import { dockerTarget } from "../targets/docker-target.ts";

const engine = await findEngine();

if (typeof engine === "string") {
  describe("the slice of the claim table in containers", () => {
    it.skip(`is not tried: ${engine}`);
  });
} else {
  describe("the slice of the claim table in containers", () => slice());
}

function slice(): void {
  const out = mkdtempSync(join(tmpdir(), "recount-slice-"));
  let results: Results;
  let status: number;
  let unknownBecause: string | null;

  const cell = (claim: string, setting: string, fault: string): CellResult => {
    const row = results.claims.find(({ id }) => id === claim);
    const found = row?.cells.find((each) => each.setting.label === setting && each.fault === fault);
    assert.ok(found, `${claim} · ${setting} · ${fault} was not tried`);
    return found;
  };

  before(async () => {
    const ended = await runSlice({
      registry,
      target: dockerTarget(),
      actionsOf,
      seed: 7,
      version: "test",
      out,
    });
    results = ended.results;
    status = ended.status;
    unknownBecause = ended.run.unknownBecause;
  });

  after(() => rmSync(out, { recursive: true }));

  it("proves and mends each fault, and ends as expected", () => {
    assert.equal(unknownBecause, null);
    assert.deepEqual(
      results.claims.map(({ id, outcome }) => `${id} ${outcome}`),
      ["Q3 clean", "Q4 found", "Q5 clean", "Q10 clean", "C3 found"],
    );
    assert.equal(status, 0);
  });

  it("finds the lost write of C3 under skew, at 3/2/2 and at 3/3/3", () => {
    for (const setting of ["3/2/2", "3/3/3"]) {
      const { outcome, counterexample } = cell("C3", setting, "clock skew");
      assert.equal(outcome, "found");
      assert.equal(counterexample?.kind, "lost write");
      assert.ok(counterexample.operations <= 6 && counterexample.faults === 1);
    }
  });

  it("finds nothing at abd, whatever the fault", () => {
    for (const fault of ["latency", "partition", "crash", "clock skew"]) {
      const { outcome, runs, unknownRuns } = cell("Q10", "abd 3/2/2", fault);
      assert.equal(outcome, "clean", fault);
      assert.ok(runs - unknownRuns >= 100);
    }
  });

  it("leaves a history that anybody can judge again, and a scenario that can be replayed", () => {
    const { counterexample } = cell("C3", "3/2/2", "clock skew");
    assert.ok(counterexample);
    const scenario: unknown = JSON.parse(readFileSync(join(out, counterexample.scenario), "utf8"));
    assert.equal(parseScenario(scenario).claim, "C3");
    const history = parseHistory(readFileSync(join(out, counterexample.history), "utf8"));
    assert.equal(checkHistory(history).word, "invalid");
    assert.ok(existsSync(join(out, "slice", "history.jsonl")));
  });
}
