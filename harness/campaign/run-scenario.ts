import type { Checker } from "../contracts/checker.ts";
import type { Run } from "../contracts/run.ts";
import type { Scenario } from "../contracts/scenario.ts";
import type { Target } from "../contracts/target.ts";
import type { TraceListener } from "../contracts/trace.ts";
import type { LineSink } from "../history/recorder.ts";
import type { ActionsOf } from "../run/nemesis-schedule.ts";
import { runToEnd } from "../run/run.ts";

/** Who listens to a run besides its judge: for pictures and files, never in searches. */
export interface RunListeners {
  readonly trace?: TraceListener;
  readonly journal?: LineSink;
}

/** Runs one scenario to its end and judges it: all that a campaign knows of the world. */
export type RunScenario = (scenario: Scenario, checkers: readonly Checker[], listeners?: RunListeners) => Run;

/** Runs scenarios on a target whose time is its own. */
export function runOn(target: Target, actionsOf: ActionsOf): RunScenario {
  return (scenario, checkers, listeners = {}) =>
    runToEnd(scenario, { target, checkers, actionsOf, ...listeners });
}
