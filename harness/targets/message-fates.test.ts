import assert from "node:assert/strict";
import { actionsOf } from "../../nemesis/actions.ts";
import { claims } from "../../workloads/claims/claims.ts";
import { storeProofs } from "../../workloads/store-proofs.ts";
import { Choice } from "../base/choice.ts";
import { Purpose } from "../base/draw.ts";
import type { Scenario } from "../contracts/scenario.ts";
import { runToEnd } from "../run/run.ts";
import { deaf } from "../sim/sim-cluster.ts";
import { simTargetWith } from "./sim-target.ts";

/** What the latencies of two messages were drawn from. */
function sharedFates(scenario: Scenario): readonly string[] {
  const met = new Set<string>();
  const shared: string[] = [];
  const onDraw = (purpose: number, cause: number, leg: number, attempt: number): void => {
    if (purpose !== Purpose.messageLatency) return;
    const fate = `cause ${cause}, leg ${leg}, attempt ${attempt}`;
    if (met.has(fate)) shared.push(fate);
    met.add(fate);
  };
  const target = simTargetWith({ ...deaf, onDraw }, () => undefined);
  runToEnd(scenario, { target, checkers: [], actionsOf });
  assert.ok(met.size > 0);
  return shared;
}

/** Without doubled messages: both copies of a request are answered, and those answers are of one fate. */
function undoubled(scenario: Scenario, settings: Readonly<Record<string, unknown>> = {}): Scenario {
  return {
    ...scenario,
    keyspaces: scenario.keyspaces.map((keyspace) => ({ ...keyspace, ...settings })),
    faults: scenario.faults.filter(({ kind }) => kind !== "duplicate"),
  };
}

/** Chosen: seconds in all. */
const seeds = 10;

describe("each message has a fate of its own", () => {
  it("in every cell of the claim table", () => {
    for (const { cells } of claims) {
      for (const { family } of cells) assert.deepEqual(sharedFates(undoubled(family(new Choice(29, 0)))), []);
    }
  });

  for (const { name, draw } of storeProofs) {
    const isBallots = name === "abd" || name === "caspaxos";
    const sloppy = isBallots ? {} : { sloppy: true, hints: {} };
    it(`in ${name} under every fault, coordinated by nodes${isBallots ? "" : " with stand-ins"} or clients`, () => {
      for (const settings of [{}, sloppy, { coordinate: "client", sloppy: false, hints: null }]) {
        for (let index = 0; index < seeds; index += 1) {
          assert.deepEqual(sharedFates(undoubled(draw(new Choice(29, index)), settings)), []);
        }
      }
    });
  }
});
