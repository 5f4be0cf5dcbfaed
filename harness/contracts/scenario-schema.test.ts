import assert from "node:assert/strict";
import fc from "fast-check";
import { OperatingError } from "../base/errors.ts";
import type { FaultPlan, OperationPlan, Scenario } from "./scenario.ts";
import { parseScenario } from "./scenario-schema.ts";

const write: OperationPlan = {
  id: 1,
  client: "alice",
  site: "s1",
  session: "alice",
  node: "n1",
  keyspace: "shop",
  key: "x",
  f: "write",
  value: 1,
  atUs: 0,
};
const { value: _, ...asked } = write;
const read: OperationPlan = { ...asked, id: 2, client: "bob", f: "read", atUs: 1_000, after: [1] };

const scenario: Scenario = {
  recount: "scenario",
  version: 1,
  seed: 7,
  claim: "Q2",
  nodes: [
    { id: "n1", dc: "dc1" },
    { id: "n2", dc: "dc1" },
  ],
  sites: [{ id: "s1", dc: "dc1" }],
  keyspaces: [{ name: "shop", n: 2, w: 1, r: 1, "a setting of some store": { deep: [1] } }],
  network: {
    latency: { kind: "heavy-tail", meanUs: 5_000, slowPercent: 1, slowFactor: 20 },
    clientLatency: { kind: "constant", us: 100 },
    legs: { writeAck: { kind: "uniform", minUs: 1, maxUs: 2 } },
  },
  disk: { sync: { kind: "constant", us: 500 } },
  operations: [write, read],
  faults: [
    { id: 1, atUs: 0, untilUs: null, kind: "cut", links: [{ from: "s1", to: "n1" }], mode: "refuse" },
    { id: 2, atUs: 5, untilUs: 5, kind: "kill", nodes: ["n2"] },
    { id: 3, atUs: 5, untilUs: 9, kind: "skew", nodes: ["n2"], offsetUs: -60_000_000 },
  ],
  restUs: 1_000,
  final: "every-node",
};

/** What is said of the scenario with these fields in place of its own. */
function refusalOf(fields: { readonly [field: string]: unknown }): string {
  try {
    parseScenario({ ...scenario, ...fields });
  } catch (error) {
    assert.ok(error instanceof OperatingError, String(error));
    assert.equal(error.code, "bad-scenario");
    return error.message;
  }
  return "nothing";
}

const withWrite = (fields: object): string => refusalOf({ operations: [{ ...write, ...fields }, read] });
const withRead = (fields: object): string => refusalOf({ operations: [write, { ...read, ...fields }] });
const withFault = (fields: object): string =>
  refusalOf({ faults: [{ ...(scenario.faults[0] as FaultPlan), ...fields }] });

describe("scenario schema", () => {
  it("hands a good scenario back as it came, with settings that only the store knows", () => {
    const text = JSON.stringify(scenario);
    assert.equal(JSON.stringify(parseScenario(JSON.parse(text))), text);
  });

  const refusals: readonly (readonly [string, () => string, RegExp])[] = [
    ["no object", () => refusalWhole(7), /^the whole: must be an object$/],
    ["null", () => refusalWhole(null), /^the whole: must be an object$/],
    ["another kind of file", () => refusalOf({ recount: "history" }), /^recount: must be "scenario"$/],
    ["another version", () => refusalOf({ version: 2 }), /^version: must be 1/],
    [
      "an unknown field",
      () => refusalOf({ sed: 1 }),
      /^the whole: unknown field "sed"; known are recount, version/,
    ],
    ["a missing field", () => refusalOf({ disk: undefined }), /^disk: is missing/],
    [
      "a seed too large",
      () => refusalOf({ seed: 2 ** 31 }),
      /^seed: must be an integer from 0 to 2147483647$/,
    ],
    ["a broken number", () => refusalOf({ restUs: 0.5 }), /^restUs: must be an integer of 0 or more$/],
    [
      "a negative time",
      () => withWrite({ atUs: -1 }),
      /^operations\[0\]\.atUs: must be an integer of 0 or more$/,
    ],
    [
      "no such phase",
      () => refusalOf({ final: "some" }),
      /^final: must be one of "every-node", "quorum", "none"$/,
    ],
    [
      "no such function",
      () => withWrite({ f: "put" }),
      /^operations\[0\]\.f: must be one of "read", "write"/,
    ],
    [
      "an id of zero",
      () => withWrite({ id: 0 }),
      /^operations\[0\]\.id: must be an integer from 1 to 268435455$/,
    ],
    [
      "an id too high",
      () => withWrite({ id: 2 ** 28 }),
      /^operations\[0\]\.id: must be an integer from 1 to/,
    ],
    [
      "an id twice",
      () => withRead({ id: 1 }),
      /^operations\[1\]\.id: 1 is the id of operations\[0\] already$/,
    ],
    [
      "a field of no operation",
      () => withRead({ nod: "n1" }),
      /^operations\[1\]: unknown field "nod"; known are id/,
    ],
    [
      "no such node",
      () => withRead({ node: "n9" }),
      /^operations\[1\]\.node: there is no node "n9"; there are n1, n2$/,
    ],
    ["no such site", () => withRead({ site: "s9" }), /^operations\[1\]\.site: there is no site "s9"/],
    [
      "no such keyspace",
      () => withRead({ keyspace: "k" }),
      /^operations\[1\]\.keyspace: there is no keyspace "k"/,
    ],
    [
      "a retry nowhere",
      () => withRead({ retry: { times: 1, node: "n9" } }),
      /^operations\[1\]\.retry\.node: there is no/,
    ],
    [
      "a write of nothing",
      () => withWrite({ value: undefined }),
      /^operations\[0\]\.value: is missing; a write needs/,
    ],
    [
      "a write of null",
      () => withWrite({ value: null }),
      /^operations\[0\]\.value: null means that nothing is there/,
    ],
    ["a read with a value", () => withRead({ value: 3 }), /^operations\[1\]\.value: a read takes no value$/],
    [
      "half a cas",
      () => withWrite({ f: "cas", value: [1] }),
      /^operations\[0\]\.value: a cas takes a list of two/,
    ],
    [
      "half an increment",
      () => withWrite({ f: "increment", value: 0.5 }),
      /^operations\[0\]\.value: an increment takes a whole number/,
    ],
    [
      "waiting for itself",
      () => withRead({ after: [2] }),
      /^operations\[1\]: waits for itself: 2 waits for 2$/,
    ],
    [
      "a circle",
      () => withWrite({ contextFrom: 2 }),
      /^operations\[0\]: waits for itself: 1 waits for 2 waits for 1$/,
    ],
    [
      "a circle through a client's order",
      () => withWrite({ client: "bob", valueFrom: { op: 2, edit: { kind: "same" } } }),
      /^operations\[0\]: waits for itself: 1 waits for 2 waits for 1$/,
    ],
    [
      "no such edit",
      () => withWrite({ valueFrom: { op: 2, edit: { kind: "x" } } }),
      /^operations\[0\]\.valueFrom\.edit\.kind: "x" is none of same, plus/,
    ],
    [
      "no such fault",
      () => withFault({ kind: "flood" }),
      /^faults\[0\]\.kind: "flood" is none of cut, latency,/,
    ],
    [
      "a fault without a kind",
      () => refusalOf({ faults: [{}] }),
      /^faults\[0\]\.kind: is missing; it is one of cut, latency,/,
    ],
    [
      "a field of another fault",
      () => withFault({ percent: 3 }),
      /^faults\[0\]: unknown field "percent"; known are id,/,
    ],
    [
      "over a hundred per cent",
      () =>
        refusalOf({
          faults: [
            { id: 1, atUs: 0, untilUs: 1, kind: "loss", links: [{ from: "n1", to: "n2" }], percent: 101 },
          ],
        }),
      /^faults\[0\]\.percent: must be an integer from 0 to 100$/,
    ],
    [
      "an end before the start",
      () => withFault({ atUs: 5, untilUs: 4 }),
      /^faults\[0\]\.untilUs: a fault that begins at 5/,
    ],
    [
      "a link to nowhere",
      () => withFault({ links: [{ from: "s1", to: "n9" }] }),
      /^faults\[0\]\.links\[0\]\.to: there is no/,
    ],
    [
      "a link to itself",
      () => withFault({ links: [{ from: "n1", to: "n1" }] }),
      /^faults\[0\]\.links\[0\]: "n1" has no link/,
    ],
    ["no links", () => withFault({ links: [] }), /^faults\[0\]\.links: needs at least one link$/],
    ["no nodes", () => refusalOf({ nodes: [] }), /^nodes: needs at least one node$/],
    [
      "a site named like a node",
      () => refusalOf({ sites: [...scenario.sites, { id: "n1", dc: "dc1" }] }),
      /^sites\[1\]\.id: "n1" is the id of nodes\[0\] already$/,
    ],
    [
      "a keyspace twice",
      () => refusalOf({ keyspaces: [{ name: "shop" }, { name: "shop" }] }),
      /^keyspaces\[1\]\.name: "shop" is the name of keyspaces\[0\] already$/,
    ],
    [
      "a nameless keyspace",
      () => refusalOf({ keyspaces: [{ n: 3 }] }),
      /^keyspaces\[0\]\.name: must be a text$/,
    ],
    [
      "no such leg",
      () => refusalOf({ network: { ...scenario.network, legs: { ack: { kind: "constant", us: 1 } } } }),
      /^network\.legs: unknown field "ack"; known are writeRequest, writeAck/,
    ],
  ];
  for (const [name, said, expected] of refusals) {
    it(`refuses ${name}`, () => assert.match(said(), expected));
  }

  it("lets operations depend on others that are missing, as shrunk plans do", () => {
    assert.equal(
      withRead({ after: [77], contextFrom: 78, valueFrom: { op: 79, edit: { kind: "same" } } }),
      "nothing",
    );
  });

  it("follows chains longer than the stack is deep", () => {
    const chain = Array.from({ length: 50_000 }, (_item, index) => ({
      ...read,
      id: index + 1,
      client: `c${index}`,
      after: [index + 2],
    }));
    assert.equal(refusalOf({ operations: chain }), "nothing");
  });

  it("never answers anything but an operating error in one line", () => {
    const places = ["nodes", "operations", "faults", "network", "keyspaces", "seed", "final"] as const;
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        const said = refusalOf({ [place]: value });
        assert.ok(said.length > 0 && !said.includes("\n"), said);
      }),
    );
  });
});

function refusalWhole(json: unknown): string {
  try {
    parseScenario(json);
  } catch (error) {
    return error instanceof OperatingError ? error.message : `a bug: ${String(error)}`;
  }
  return "nothing";
}
