import type { Counterexample } from "../contracts/results.ts";
import type { Recording } from "./recording.ts";

/** How the results name a recorded failing run. Null where the run shows nothing (any more). */
export function counterexampleOf(folder: string, seed: number, recording: Recording): Counterexample | null {
  const { anomaly, scenario, original } = recording;
  if (anomaly === null) return null;
  return {
    name: folder,
    folder,
    scenario: `${folder}/scenario.json`,
    history: `${folder}/history.jsonl`,
    trace: recording.trace.length === 0 ? null : `${folder}/trace.jsonl`,
    original: `${folder}/original.json`,
    kind: anomaly.kind,
    says: anomaly.says,
    evidence: anomaly.evidence,
    operations: scenario.operations.length,
    faults: scenario.faults.length,
    operationsBefore: original.operations.length,
    faultsBefore: original.faults.length,
    shrinkRuns: recording.shrinkRuns,
    seed,
    runIndex: recording.runIndex,
  };
}
