import { z } from "zod";
import { OperatingError } from "../base/errors.ts";
import type { Scenario } from "./scenario.ts";
import { faultKinds, functions, lastOperationId, legs } from "./scenario.ts";
import { scenarioTrouble } from "./scenario-sense.ts";
import { integer, oneKindOf, oneOf, pathText, refuseUnless, strict, text } from "./strict-schema.ts";

const highestSeed = 0x7fff_ffff;

const placeSchema = strict({ id: text(), dc: text() });
const linkSchema = strict({ from: text(), to: text() });
const linksSchema = z.array(linkSchema, "must be a list of links").min(1, "needs at least one link");
const namesSchema = z.array(text(), "must be a list of nodes").min(1, "needs at least one node");
const percentSchema = integer(0, 100);
const timeSchema = integer(0);

const durationSchema = oneKindOf(
  ["constant", "uniform", "exponential", "lognormal", "pareto", "heavy-tail"],
  [
    strict({ kind: z.literal("constant"), us: timeSchema }),
    strict({ kind: z.literal("uniform"), minUs: timeSchema, maxUs: timeSchema }),
    strict({ kind: z.literal("exponential"), meanUs: timeSchema }),
    strict({ kind: z.literal("lognormal"), medianUs: timeSchema }),
    strict({ kind: z.literal("pareto"), minUs: timeSchema }),
    strict({
      kind: z.literal("heavy-tail"),
      meanUs: timeSchema,
      slowPercent: percentSchema,
      slowFactor: integer(1),
    }),
  ],
);

const networkSchema = strict({
  latency: durationSchema,
  clientLatency: durationSchema,
  legs: strict(Object.fromEntries(legs.map((leg) => [leg, durationSchema.optional()]))).optional(),
  staggerUs: timeSchema.optional(),
});

const editSchema = oneKindOf(
  ["same", "plus", "append", "remove", "expect"],
  [
    strict({ kind: z.literal("same") }),
    strict({ kind: z.literal("plus"), amount: z.number("must be a number") }),
    strict({ kind: z.literal("append"), item: z.string("must be a text") }),
    strict({ kind: z.literal("remove"), item: z.string("must be a text") }),
    strict({ kind: z.literal("expect"), next: z.json() }),
  ],
);

const operationIdSchema = integer(1, lastOperationId);

const operationSchema = strict({
  id: operationIdSchema,
  client: text(),
  site: text(),
  session: text(),
  node: text(),
  keyspace: text(),
  key: text(),
  f: oneOf(functions),
  value: z.json().optional(),
  w: integer(1).optional(),
  r: integer(1).optional(),
  consistency: text().optional(),
  timeoutUs: integer(1).optional(),
  atUs: timeSchema,
  after: z.array(operationIdSchema, "must be a list of operations' ids").optional(),
  thinkUs: timeSchema.optional(),
  contextFrom: operationIdSchema.optional(),
  valueFrom: strict({ op: operationIdSchema, edit: editSchema }).optional(),
  retry: strict({ times: integer(0, 1_000), node: text().optional() }).optional(),
});

/** Of a fault of any kind: which it is, and from when until when. */
const period = {
  id: integer(0, highestSeed),
  atUs: timeSchema,
  untilUs: timeSchema.nullable(),
};

const faultSchema = oneKindOf(faultKinds, [
  strict({
    ...period,
    kind: z.literal("cut"),
    links: linksSchema,
    mode: oneOf(["refuse", "black-hole"]),
  }),
  strict({
    ...period,
    kind: z.literal("latency"),
    links: linksSchema,
    addUs: timeSchema,
    jitterUs: timeSchema,
  }),
  strict({ ...period, kind: z.literal("loss"), links: linksSchema, percent: percentSchema }),
  strict({ ...period, kind: z.literal("duplicate"), links: linksSchema, percent: percentSchema }),
  strict({
    ...period,
    kind: z.literal("reorder"),
    links: linksSchema,
    percent: percentSchema,
    byUs: timeSchema,
  }),
  strict({
    ...period,
    kind: z.literal("hold"),
    operation: operationIdSchema,
    links: linksSchema,
    leg: oneOf(legs),
    byUs: timeSchema,
  }),
  strict({ ...period, kind: z.literal("kill"), nodes: namesSchema }),
  strict({ ...period, kind: z.literal("power-loss"), nodes: namesSchema }),
  strict({ ...period, kind: z.literal("pause"), nodes: namesSchema }),
  strict({
    ...period,
    kind: z.literal("skew"),
    nodes: namesSchema,
    offsetUs: integer(-Number.MAX_SAFE_INTEGER),
  }),
]);

const scenarioSchema = strict({
  recount: z.literal("scenario", 'must be "scenario"'),
  version: z.literal(1, "must be 1, the only version there is"),
  seed: integer(0, highestSeed),
  claim: text().optional(),
  cell: text().optional(),
  defect: text().optional(),
  nodes: z.array(placeSchema, "must be a list of nodes").min(1, "needs at least one node"),
  sites: z.array(placeSchema, "must be a list of sites"),
  // What a keyspace can be set to is the store's own affair, and the store says what is wrong with it.
  keyspaces: z.array(
    z.looseObject({ name: text() }, "must be an object with a name"),
    "must be a list of keyspaces",
  ),
  network: networkSchema,
  disk: strict({ sync: durationSchema }),
  operations: z.array(operationSchema, "must be a list of operations"),
  faults: z.array(faultSchema, "must be a list of faults"),
  restUs: timeSchema,
  final: oneOf(["every-node", "quorum", "none"]),
});

/**
 * A scenario from outside: its form by the schema, then its sense. It is handed back as it came, for the
 * order of its fields is part of a history's bytes.
 *
 * @throws OperatingError `bad-scenario` with the path, what is wrong there, and what would be right
 */
export function parseScenario(json: unknown): Scenario {
  refuseUnless(scenarioSchema, json, "bad-scenario");
  const scenario = json as Scenario;
  const trouble = scenarioTrouble(scenario);
  if (trouble === null) return scenario;
  throw new OperatingError("bad-scenario", `${pathText(trouble.path)}: ${trouble.says}`);
}
