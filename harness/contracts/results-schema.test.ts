import assert from "node:assert/strict";
import { OperatingError } from "../base/errors.ts";
import type { CellResult, ClaimResult, Counterexample, Results } from "./results.ts";
import { parseResults } from "./results-schema.ts";

const counterexample: Counterexample = {
  name: "Q2-3-2-2",
  folder: "Q2-3-2-2",
  scenario: "Q2-3-2-2/scenario.json",
  history: "Q2-3-2-2/history.jsonl",
  trace: null,
  original: "Q2-3-2-2/original.json",
  kind: "stale read",
  says: "p1 read x=1",
  evidence: [0, 2],
  operations: 2,
  faults: 0,
  operationsBefore: 20,
  faultsBefore: 1,
  shrinkRuns: 90,
  seed: 7,
  runIndex: 3,
};
const setting = { label: "3/2/2", group: "Last write wins", claimed: "R + W > N" };
const cell: CellResult = {
  cell: "3/2/2 · latency",
  setting,
  fault: "latency",
  outcome: "found",
  runs: 100,
  unknownRuns: 1,
  failingRuns: 4,
  anomalies: { "stale read": 4 },
  answered: 900,
  operations: 1_000,
  readsBesideWrites: 300,
  firstFound: 3,
  counterexample,
};
const claim: ClaimResult = {
  id: "Q2",
  statement: "W + R > N gives strong consistency.",
  source: "textbooks",
  argument: "It does not.",
  advice: "Use abd.",
  expect: "breaks",
  anomalies: ["stale read"],
  outcome: "found",
  runs: 100,
  firstFound: 3,
  operations: 2,
  faults: 0,
  file: counterexample.scenario,
  cells: [cell],
};
const results: Results = {
  recount: "results",
  version: 1,
  target: "sim",
  seed: 7,
  finishedAt: "2026-11-21T16:05:09.000Z",
  seconds: 12.5,
  runs: 100,
  unknownRuns: 1,
  operations: 1_000,
  answered: 900,
  readsBesideWrites: 300,
  interrupted: false,
  versions: { recount: "0.1.0", node: "20.19.0" },
  claims: [claim],
  observed: [{ setting, fault: "pause", runs: 100, unknownRuns: 0, anomalies: {}, counterexample: null }],
  defects: [
    {
      defect: "read-takes-first-answer",
      standsFor: "The first answer is taken.",
      claim: "Q3",
      cell: "3/2/2 · latency",
      runs: 20,
      failingRuns: 0,
      firstFound: null,
      kind: null,
    },
  ],
};

function refusalOf(json: unknown): string {
  try {
    parseResults(json);
  } catch (error) {
    assert.ok(error instanceof OperatingError, String(error));
    assert.equal(error.status, 64);
    return error.message;
  }
  return "nothing";
}

const withCounterexample = (fields: object): unknown => ({
  ...results,
  claims: [{ ...claim, cells: [{ ...cell, counterexample: { ...counterexample, ...fields } }] }],
});

describe("results schema", () => {
  it("hands good results back as they came", () => {
    assert.deepEqual(parseResults(JSON.parse(JSON.stringify(results))), results);
  });

  it("names what is wrong, and where", () => {
    assert.match(refusalOf([]), /^the whole: must be an object$/);
    assert.match(refusalOf({ ...results, runs: -1 }), /^runs: must be an integer of 0 or more$/);
    assert.match(refusalOf({ ...results, run: 1 }), /^the whole: unknown field "run"; known are recount,/);
    assert.match(refusalOf({ ...results, finishedAt: "today" }), /^finishedAt: must be a date and time/);
    const claims = [{ ...claim, cells: [{ ...cell, anomalies: { "stale reed": 1 } }] }];
    assert.match(
      refusalOf({ ...results, claims }),
      /^claims\[0\]\.cells\[0\]\.anomalies: unknown field "stale reed"; known are stale read/,
    );
  });

  for (const path of ["/etc/passwd", "../other/scenario.json", "a/../../b", "C:\\b", "\\\\host\\b", ""]) {
    it(`lets no counterexample lead out of the folder: ${JSON.stringify(path)}`, () => {
      assert.match(refusalOf(withCounterexample({ history: path })), /counterexample\.history: must/);
    });
  }
});
