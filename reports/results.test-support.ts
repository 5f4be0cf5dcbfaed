import type { FaultColumn } from "../harness/contracts/claim.ts";
import type {
  CellResult,
  ClaimResult,
  Counterexample,
  ObservedCell,
  Outcome,
  Results,
  SettingLabel,
} from "../harness/contracts/results.ts";
import type { AnomalyKind } from "../harness/history/verdict.ts";
import { indicesOf } from "./evidence.test-support.ts";
import type { Evidence } from "./evidence.ts";
import { lostWrite, readInversion, resurrectedDelete } from "./story/stories.test-support.ts";

/** A counterexample with everything but its evidence invented. */
export function counterexample(
  name: string,
  kind: AnomalyKind,
  says: string,
  evidence: readonly number[],
  operations: number = 3,
): Counterexample {
  return {
    name,
    folder: name,
    scenario: `${name}/scenario.json`,
    history: `${name}/history.jsonl`,
    trace: `${name}/trace.jsonl`,
    original: `${name}/original.json`,
    kind,
    says,
    evidence,
    operations,
    faults: 1,
    operationsBefore: 412,
    faultsBefore: 6,
    shrinkRuns: 318,
    seed: 7,
    runIndex: 30,
  };
}

interface CellFacts {
  readonly outcome: Outcome;
  readonly runs?: number;
  readonly anomalies?: CellResult["anomalies"];
  readonly counterexample?: Counterexample;
  readonly because?: string;
}

/** A cell of a row. */
export function cell(setting: SettingLabel, fault: FaultColumn, facts: CellFacts): CellResult {
  const runs = facts.runs ?? 400;
  const anomalies = facts.anomalies ?? {};
  return {
    cell: `${setting.label} · ${fault}`,
    setting,
    fault,
    outcome: facts.outcome,
    runs,
    unknownRuns: 0,
    failingRuns:
      facts.outcome === "found" || facts.outcome === "contradicted"
        ? Math.max(...Object.values(anomalies))
        : 0,
    anomalies,
    answered: runs * 12,
    operations: runs * 12,
    readsBesideWrites: runs * 3,
    firstFound: facts.counterexample === undefined ? null : 30,
    counterexample: facts.counterexample ?? null,
    ...(facts.because === undefined ? {} : { because: facts.because }),
  };
}

/** A row, judged as its cells say. */
export function claim(
  id: string,
  expect: "breaks" | "holds",
  outcome: Outcome,
  anomalies: readonly AnomalyKind[],
  cells: readonly CellResult[],
  texts: Partial<Pick<ClaimResult, "statement" | "source" | "argument" | "advice">> = {},
): ClaimResult {
  const found = cells.find((each) => each.counterexample !== null)?.counterexample ?? null;
  return {
    id,
    statement: "Something that a textbook says.",
    source: "a textbook",
    argument: "It is so because it is so.",
    advice: "Choose abd.",
    expect,
    outcome,
    anomalies,
    runs: cells.reduce((sum, { runs }) => sum + runs, 0),
    firstFound: found === null ? null : 30,
    operations: found?.operations ?? null,
    faults: found?.faults ?? null,
    file: found?.scenario ?? null,
    cells,
    ...texts,
  };
}

/** Results around some rows. */
export function resultsOf(
  claims: readonly ClaimResult[],
  observed: readonly ObservedCell[] = [],
  extra: Partial<Results> = {},
): Results {
  const cells = claims.flatMap((row) => row.cells);
  return {
    recount: "results",
    version: 1,
    target: "sim",
    seed: 7,
    finishedAt: "2026-11-20T10:00:00.000Z",
    seconds: 61,
    runs: cells.reduce((sum, { runs }) => sum + runs, 0),
    unknownRuns: 0,
    operations: cells.reduce((sum, { operations }) => sum + operations, 0),
    answered: cells.reduce((sum, { answered }) => sum + answered, 0),
    readsBesideWrites: cells.reduce((sum, { readsBesideWrites }) => sum + readsBesideWrites, 0),
    interrupted: false,
    versions: { recount: "0.1.0", node: "20.20.2" },
    claims,
    observed,
    defects: [],
    ...extra,
  };
}

const lastWriteWins = "Last write wins, by the coordinator’s clock";

/** The settings that the invented campaign has rows for. */
export const settings: Readonly<
  Record<"eventual" | "majority" | "all" | "blocking" | "abd" | "zombie", SettingLabel>
> = {
  eventual: { label: "3/1/1", group: lastWriteWins, claimed: "eventual" },
  majority: { label: "3/2/2", group: lastWriteWins, claimed: "R + W > N" },
  all: { label: "3/3/3", group: lastWriteWins, claimed: "every replica, always" },
  blocking: {
    label: "3/2/2 + blocking repair",
    group: "With a repair or a richer version",
    claimed: "linearizable",
  },
  abd: { label: "abd 3/2/2", group: "With a repair or a richer version", claimed: "linearizable" },
  zombie: {
    label: "3/2/2 + async repair + no tombstones",
    group: "Deletes and repair in the background",
    claimed: "deletes stay deleted",
  },
};

const c3: Counterexample = counterexample(
  "C3-3-3-3-clock-skew",
  "lost write",
  "2 was acknowledged, and no later read returned it",
  indicesOf(lostWrite(), [1, 2, 3]),
);
const q2: Counterexample = counterexample(
  "Q2-3-2-2-latency",
  "read inversion",
  "a read returned 2, and a later one returned 1",
  indicesOf(readInversion(), [2, 3, 4]),
  4,
);
const d1: Counterexample = counterexample(
  "D1-3-2-2-partition",
  "resurrected delete",
  "x was deleted and read as nothing, and then 1 was read again",
  indicesOf(resurrectedDelete(), [1, 2, 3, 4]),
  4,
);

/** Counterexamples of the invented campaign, by name, with their evidence. */
export function sampleEvidence(): Map<string, Evidence> {
  return new Map([
    [c3.name, lostWrite()],
    [q2.name, readInversion()],
    [d1.name, resurrectedDelete()],
  ]);
}

function breakingRows(): ClaimResult[] {
  const { majority, eventual, all, zombie } = settings;
  return [
    claim(
      "Q2",
      "breaks",
      "found",
      ["read inversion"],
      [
        cell(majority, "latency", {
          outcome: "found",
          runs: 1_180,
          anomalies: { "read inversion": 10 },
          counterexample: q2,
        }),
      ],
      {
        statement: "W + R > N gives strong consistency.",
        argument:
          "The first reader meets the one replica that has the write in progress, the second does not.",
      },
    ),
    claim(
      "Q4",
      "breaks",
      "found",
      ["stale read"],
      [
        cell(eventual, "latency", { outcome: "found", anomalies: { "stale read": 66 } }),
        cell(eventual, "partition", { outcome: "notFound" }),
      ],
      { statement: "With W + R ≤ N reads may be stale." },
    ),
    claim(
      "C3",
      "breaks",
      "found",
      ["lost write"],
      [cell(all, "clock skew", { outcome: "found", anomalies: { "lost write": 13 }, counterexample: c3 })],
      { statement: "Last write wins keeps the last write." },
    ),
    claim(
      "D1",
      "breaks",
      "found",
      ["resurrected delete"],
      [
        cell(zombie, "partition", {
          outcome: "found",
          anomalies: { "resurrected delete": 120 },
          counterexample: d1,
        }),
      ],
      { statement: "A delete removes the data." },
    ),
  ];
}

function holdingRows(): ClaimResult[] {
  const { majority, blocking, abd } = settings;
  return [
    claim(
      "Q3",
      "holds",
      "clean",
      ["stale read"],
      [
        cell(majority, "latency", { outcome: "clean", anomalies: { "read inversion": 4 } }),
        cell(majority, "partition", { outcome: "clean" }),
        cell(majority, "crash", { outcome: "clean", anomalies: { "read inversion": 2 } }),
      ],
    ),
    claim(
      "Q9",
      "holds",
      "contradicted",
      ["not linearizable", "lost write"],
      [
        cell(blocking, "pause", { outcome: "contradicted", anomalies: { "lost write": 1 } }),
        cell(blocking, "crash", { outcome: "unknown", runs: 40, because: "fewer than 100 judged runs" }),
      ],
    ),
    claim(
      "Q10",
      "holds",
      "clean",
      ["not linearizable", "lost write"],
      [
        cell(abd, "latency", { outcome: "clean" }),
        cell(abd, "clock skew", { outcome: "clean", runs: 12_400 }),
        cell(abd, "power loss", {
          outcome: "notExpressible",
          runs: 0,
          because: "this target cannot cut the power",
        }),
      ],
    ),
  ];
}

const observed: readonly ObservedCell[] = [
  {
    setting: settings.majority,
    fault: "clock skew",
    runs: 300,
    unknownRuns: 0,
    anomalies: { "stale read": 30 },
    counterexample: null,
  },
  {
    setting: settings.eventual,
    fault: "none",
    runs: 300,
    unknownRuns: 0,
    anomalies: {},
    counterexample: null,
  },
];

/** An invented campaign with each kind of cell in it. */
export function sampleResults(): Results {
  return resultsOf([...breakingRows(), ...holdingRows()], observed, {
    defects: [
      {
        defect: "ack-before-sync",
        standsFor: "an acknowledgement sent before the data is durable",
        claim: "Q10",
        cell: "abd 3/2/2 · power loss",
        runs: 200,
        failingRuns: 7,
        firstFound: 12,
        kind: "lost write",
      },
      {
        defect: "double-count-acks",
        standsFor: "one replica’s answer counted twice",
        claim: "Q3",
        cell: "3/2/2 · latency",
        runs: 200,
        failingRuns: 0,
        firstFound: null,
        kind: null,
      },
    ],
  });
}
