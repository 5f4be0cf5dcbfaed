import { readsBesideWrites } from "../../checkers/counts.ts";
import { OperatingError } from "../base/errors.ts";
import { present } from "../base/invariant.ts";
import type { Checker } from "../contracts/checker.ts";
import type { Run } from "../contracts/run.ts";
import type { Scenario } from "../contracts/scenario.ts";
import type { Cluster, Target } from "../contracts/target.ts";
import type { TraceListener } from "../contracts/trace.ts";
import type { LineSink } from "../history/recorder.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import { nsOfUs } from "../history/time.ts";
import { ClockReadings } from "./clock-readings.ts";
import { finalReads } from "./final-reads.ts";
import { Interpreter } from "./interpreter.ts";
import { judge } from "./judge.ts";
import type { ActionsOf } from "./nemesis-schedule.ts";
import { NemesisSchedule } from "./nemesis-schedule.ts";

/** What a run needs besides its scenario. */
export interface RunWorld {
  readonly target: Target;
  readonly checkers: readonly Checker[];
  readonly actionsOf: ActionsOf;
  readonly trace?: TraceListener;
  /** Hears each event before it is dispatched, so that a crash leaves a readable prefix. */
  readonly journal?: LineSink;
}

/**
 * The story of a run: open, strike, mend, rest, final reads, dump, close, judge. The error, where there is
 * one, says why the world could not be set up.
 */
export function run(scenario: Scenario, world: RunWorld, done: (result: Run | OperatingError) => void): void {
  let result: Run | OperatingError | null = null;
  world.target.open(scenario, world.trace ?? null, (opened) => {
    if (opened instanceof OperatingError) result = opened;
    else
      playPhases(scenario, world, opened, (ended) => {
        result = ended;
      });
  });
  world.target.drive(() => done(present(result, "the result of a run whose world has ended")));
}

/** Runs to the end before it returns: for the simulator, whose time is its own. */
export function runToEnd(scenario: Scenario, world: RunWorld): Run {
  let result: Run | OperatingError | null = null;
  run(scenario, world, (ended) => {
    result = ended;
  });
  const ended = present<Run | OperatingError>(result, `the end of a run on ${world.target.name}`);
  if (ended instanceof OperatingError) throw ended;
  return ended;
}

function playPhases(scenario: Scenario, world: RunWorld, cluster: Cluster, done: (run: Run) => void): void {
  const { seed, claim, keyspaces } = scenario;
  const header = { seed, target: world.target.name, keyspaces, ...(claim === undefined ? {} : { claim }) };
  const recorder = new HistoryRecorder(header, world.journal);
  const clocks = new ClockReadings(cluster, recorder);
  const nemesis = new NemesisSchedule(cluster, recorder, scenario.faults, world.actionsOf, () =>
    clocks.take(() => {}),
  );
  const interpreter = new Interpreter(cluster, recorder, scenario.operations, (atUs, go) =>
    nemesis.whenStruck(atUs, go),
  );
  let dumpTrouble: string | null = null;

  const strike = (): void => {
    const startNs = cluster.nowNs();
    recorder.phase(startNs, "strike");
    let open = 2;
    const part = (): void => {
      open -= 1;
      if (open === 0) mend();
    };
    nemesis.start(startNs, part);
    interpreter.start(startNs, part);
  };
  const mend = (): void => {
    recorder.phase(cluster.nowNs(), "mend");
    nemesis.mendAll(rest);
  };
  const rest = (): void => {
    recorder.phase(cluster.nowNs(), "rest");
    cluster.at(cluster.nowNs() + nsOfUs(scenario.restUs), lastLook);
  };
  const lastLook = (): void => {
    if (scenario.final === "none") {
      lookAtClocks();
      return;
    }
    recorder.phase(cluster.nowNs(), "final");
    finalReads(cluster, recorder, scenario, lookAtClocks);
  };
  const lookAtClocks = (): void => clocks.takeLast(dump);
  const dump = (): void => {
    cluster.dump((replicas) => {
      if (replicas instanceof OperatingError) dumpTrouble = `no dump of the replicas: ${replicas.message}`;
      else
        for (const { node, keyspace, entries } of replicas)
          recorder.dump(cluster.nowNs(), node, keyspace, entries);
      cluster.close(finish);
    });
  };
  const finish = (): void => {
    const history = recorder.finish();
    done({
      scenario,
      history,
      verdicts: judge(history, world.checkers),
      unknownBecause: nemesis.trouble ?? dumpTrouble ?? tooFewAnswers(interpreter),
      operations: interpreter.invoked,
      answered: interpreter.answered,
      readsBesideWrites: readsBesideWrites(history),
    });
  };
  clocks.take(strike);
}

/** Heavy faults make nearly everything indeterminate and every history trivially fine: half must be answered. */
function tooFewAnswers({ answered, invoked }: Interpreter): string | null {
  if (answered * 2 >= invoked && invoked > 0) return null;
  return `only ${answered} of ${invoked} operations were answered`;
}
