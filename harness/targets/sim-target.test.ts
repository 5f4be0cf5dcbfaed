import assert from "node:assert/strict";
import { actionsOf } from "../../nemesis/actions.ts";
import { claims } from "../../workloads/claims/claims.ts";
import { Choice } from "../base/choice.ts";
import type { Scenario } from "../contracts/scenario.ts";
import { runToEnd } from "../run/run.ts";
import { deaf } from "../sim/sim-cluster.ts";
import { simTarget, simTargetWith } from "./sim-target.ts";
import { targetAcceptance } from "./target-acceptance.ts";

targetAcceptance(simTarget, { unitUs: 20_000 });

/** The digest of a run's events, and its history as text. */
function play(scenario: Scenario): { readonly digest: number; readonly history: string } {
  let digest = (): number => Number.NaN;
  const target = simTargetWith(deaf, (cluster) => {
    digest = () => cluster.digest;
  });
  const lines: string[] = [];
  const journal = { write: (line: unknown) => lines.push(JSON.stringify(line)) };
  runToEnd(scenario, { target, checkers: [], actionsOf, journal });
  return { digest: digest(), history: lines.join("\n") };
}

describe("simulated runs", () => {
  const cells = claims.flatMap(({ id, cells }) => cells.map((cell) => ({ id, cell })));

  it("are the same when they are played again after all the others, with the same bytes", () => {
    const scenarios = cells.map(({ cell }, index) => cell.family(new Choice(3, index)));
    const first = scenarios.map(play);
    const second = scenarios.map(play);
    assert.deepEqual(second, first);
    assert.ok(
      new Set(first.map(({ digest }) => digest)).size > cells.length * 0.9,
      "digests tell runs apart",
    );
  });
});
