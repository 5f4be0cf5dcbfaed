import { z } from "zod";
import { anomalyKinds } from "../history/verdict.ts";
import { faultColumns } from "./claim.ts";
import type { Results } from "./results.ts";
import { outcomes } from "./results.ts";
import { integer, oneOf, refuseUnless, strict, text } from "./strict-schema.ts";

const countSchema = integer(0);
const wordsSchema = z.string("must be a text");
const kindSchema = oneOf(anomalyKinds);
const becauseSchema = wordsSchema.optional();
const countsByKindSchema = strict(
  Object.fromEntries(anomalyKinds.map((kind) => [kind, countSchema.optional()])),
);
const settingSchema = strict({ label: text(), group: wordsSchema, claimed: wordsSchema });

/** Results come from anywhere: no file outside their folder is ever read or written for them. */
const pathSchema = text().refine(
  (path) => !/^[/\\]|^[A-Za-z]:|\\/.test(path) && !path.split("/").includes(".."),
  "must lead to a place inside the folder",
);

const counterexampleSchema = strict({
  name: pathSchema,
  folder: pathSchema,
  scenario: pathSchema,
  history: pathSchema,
  trace: pathSchema.nullable(),
  original: pathSchema,
  kind: kindSchema,
  says: wordsSchema,
  evidence: z.array(countSchema, "must be a list of indices"),
  operations: countSchema,
  faults: countSchema,
  operationsBefore: countSchema,
  faultsBefore: countSchema,
  shrinkRuns: countSchema,
  seed: integer(Number.MIN_SAFE_INTEGER),
  runIndex: countSchema,
});

const cellSchema = strict({
  cell: text(),
  setting: settingSchema,
  fault: oneOf(faultColumns),
  outcome: oneOf(outcomes),
  because: becauseSchema,
  runs: countSchema,
  unknownRuns: countSchema,
  failingRuns: countSchema,
  anomalies: countsByKindSchema,
  answered: countSchema,
  operations: countSchema,
  readsBesideWrites: countSchema,
  firstFound: countSchema.nullable(),
  counterexample: counterexampleSchema.nullable(),
});

const claimSchema = strict({
  id: text(),
  statement: wordsSchema,
  source: wordsSchema,
  argument: wordsSchema,
  advice: wordsSchema,
  expect: oneOf(["breaks", "holds"]),
  anomalies: z.array(kindSchema, "must be a list of anomalies"),
  outcome: oneOf(outcomes),
  because: becauseSchema,
  runs: countSchema,
  firstFound: countSchema.nullable(),
  operations: countSchema.nullable(),
  faults: countSchema.nullable(),
  file: pathSchema.nullable(),
  cells: z.array(cellSchema, "must be a list of cells"),
});

const observedSchema = strict({
  setting: settingSchema,
  fault: oneOf(faultColumns),
  runs: countSchema,
  unknownRuns: countSchema,
  anomalies: countsByKindSchema,
  counterexample: counterexampleSchema.nullable(),
});

const defectSchema = strict({
  defect: text(),
  standsFor: wordsSchema,
  claim: text(),
  cell: text(),
  runs: countSchema,
  failingRuns: countSchema,
  firstFound: countSchema.nullable(),
  kind: kindSchema.nullable(),
});

const resultsSchema = strict({
  recount: z.literal("results", 'must be "results"'),
  version: z.literal(1, "must be 1, the only version there is"),
  target: text(),
  seed: integer(Number.MIN_SAFE_INTEGER),
  finishedAt: z.iso.datetime("must be a date and time such as 2026-11-21T16:05:09.000Z"),
  seconds: z.number("must be a number").nonnegative("must not be negative"),
  runs: countSchema,
  unknownRuns: countSchema,
  operations: countSchema,
  answered: countSchema,
  readsBesideWrites: countSchema,
  interrupted: z.boolean("must be true or false"),
  versions: strict({ recount: text(), node: text() }),
  claims: z.array(claimSchema, "must be a list of claims"),
  observed: z.array(observedSchema, "must be a list of cells"),
  defects: z.array(defectSchema, "must be a list of defects"),
});

/**
 * Results from outside, handed back as they came.
 *
 * @throws OperatingError `usage` with the path, what is wrong there, and what would be right
 */
export function parseResults(json: unknown): Results {
  refuseUnless(resultsSchema, json, "usage");
  return json as Results;
}
