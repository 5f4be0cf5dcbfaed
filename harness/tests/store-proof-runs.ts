import { actionsOf } from "../../nemesis/actions.ts";
import type { StoreProof } from "../../workloads/store-proofs.ts";
import { Choice } from "../base/choice.ts";
import { runOn } from "../campaign/run-scenario.ts";
import { unknownBecause } from "../campaign/search.ts";
import { registry } from "../cli/registry.ts";
import type { Checker } from "../contracts/checker.ts";
import type { Scenario } from "../contracts/scenario.ts";
import type { Anomaly } from "../history/verdict.ts";
import { anomaliesOf } from "../run/judge.ts";
import { simTarget } from "../targets/sim-target.ts";

/** What came of the runs of one proof. */
export interface ProofCount {
  readonly name: string;
  readonly runs: number;
  /** Runs that prove nothing: too few answers, or no verdict. */
  readonly unknown: number;
  readonly operations: number;
  /** Operations that ended `ok`. */
  readonly answered: number;
  readonly readsBesideWrites: number;
  /** The first anomaly, and the scenario that showed it. */
  readonly found: { readonly index: number; readonly anomaly: Anomaly; readonly scenario: Scenario } | null;
}

const run = runOn(simTarget, actionsOf);

/** Runs a proof with seeds 0 to `runs` − 1, or with a planted defect until it is found. */
export function countProof(proof: StoreProof, runs: number, defect: string | null = null): ProofCount {
  const checkers = proof.checkers.map(checkerNamed);
  const count = { unknown: 0, operations: 0, answered: 0, readsBesideWrites: 0 };
  let found: ProofCount["found"] = null;
  let done = 0;
  for (; done < runs && (defect === null || found === null); done += 1) {
    const drawn = proof.draw(new Choice(proofSeed, done));
    const scenario: Scenario = defect === null ? drawn : { ...drawn, defect };
    const result = run(scenario, checkers);
    const [anomaly] = anomaliesOf(result);
    if (anomaly !== undefined) found ??= { index: done, anomaly, scenario };
    if (unknownBecause(result) !== null) count.unknown += 1;
    count.operations += result.operations;
    count.answered += result.answered;
    count.readsBesideWrites += result.readsBesideWrites;
  }
  return { name: proof.name, runs: done, ...count, found };
}

/** Fixed, so that the same runs are proven each time. */
const proofSeed = 4;

function checkerNamed(name: string): Checker {
  const found = registry.checkers.find((checker) => checker.name === name);
  if (found === undefined) throw new RangeError(`there is no checker ${name}`);
  return found;
}
