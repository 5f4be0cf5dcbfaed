import type { Choice } from "../base/choice.ts";
import type { Checker } from "../contracts/checker.ts";
import type { Claim, ClaimCell, Setting } from "../contracts/claim.ts";
import type { Registry } from "../contracts/registry.ts";
import type { Run } from "../contracts/run.ts";
import type { FaultPlan, OperationPlan, Scenario } from "../contracts/scenario.ts";
import type { Target } from "../contracts/target.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import { nsOfUs } from "../history/time.ts";
import type { AnomalyKind, Verdict } from "../history/verdict.ts";
import type { RunScenario } from "./run-scenario.ts";

/** What a made-up run comes to: an anomaly, a reason to be unknown, or nothing. */
export type Finding = { readonly anomaly: AnomalyKind } | { readonly unknown: string } | null;

/** A world where operations take no time and a function decides what is found. It may throw: a crash. */
export function fakeRun(find: (scenario: Scenario) => Finding): RunScenario {
  return (scenario, checkers, listeners = {}): Run => {
    const recorder = new HistoryRecorder({ seed: scenario.seed }, listeners.journal);
    recorder.phase(0, "strike");
    const inTime = [...scenario.operations].sort((a, b) => a.atUs - b.atUs);
    for (const { id, client, session, site, node, keyspace, key, f, value, atUs } of inTime) {
      const facts = { op: id, process: client, session, site, node, keyspace, key, f, value: value ?? null };
      const row = recorder.invoke(nsOfUs(atUs), facts);
      recorder.complete(row, nsOfUs(atUs), { type: "ok", value: value ?? null });
    }
    const finding = find(scenario);
    const verdict = verdictOf(finding, scenario);
    return {
      scenario,
      history: recorder.finish(),
      verdicts: checkers.map(({ name }) => ({ checker: name, verdict })),
      unknownBecause: finding !== null && "unknown" in finding ? finding.unknown : null,
      operations: scenario.operations.length,
      answered: scenario.operations.length,
      readsBesideWrites: 0,
    };
  };
}

/** A scenario with numbered operations by four clients on three nodes, and numbered faults. */
export function fakeScenario(seed: number, operations = 20, faults = 3): Scenario {
  return {
    recount: "scenario",
    version: 1,
    seed,
    nodes: ["n1", "n2", "n3", "n4"].map((id) => ({ id, dc: "dc1" })),
    sites: [{ id: "s1", dc: "dc1" }],
    keyspaces: [{ name: "k", n: 3, w: 2, r: 2 }],
    network: {
      latency: { kind: "exponential", meanUs: 1_000 },
      clientLatency: { kind: "constant", us: 100 },
    },
    disk: { sync: { kind: "constant", us: 100 } },
    operations: Array.from({ length: operations }, (_, place) => fakeOperation(place + 1)),
    faults: Array.from({ length: faults }, (_, place) => fakeFault(place + 1)),
    restUs: 0,
    final: "none",
  };
}

/** A registry whose cells all draw `fakeScenario` with a drawn seed. */
export function fakeRegistry(claims: readonly Claim[], more: Partial<Registry> = {}): Registry {
  return { claims, observed: [], checkers: [fakeChecker], defects: [], simulator: fakeTarget, ...more };
}

/** A row with these cells. */
export function fakeClaim(id: string, expect: Claim["expect"], cells: readonly string[]): Claim {
  return {
    id,
    statement: `statement of ${id}`,
    source: "made up",
    expect,
    anomalies: ["stale read"],
    checkers: ["fake"],
    cells: cells.map(
      (cell): ClaimCell => ({ id: cell, setting: fakeSetting, fault: "none", needs: [], family: fakeFamily }),
    ),
    argument: "none",
    advice: "none",
    defects: [],
  };
}

export const fakeSetting: Setting = {
  label: "3/2/2",
  group: "Made up",
  claimed: "R + W > N",
  nodes: 3,
  keyspace: { name: "k" },
};

/** Six operations and a fault, under a drawn seed. */
export function fakeFamily(choice: Choice): Scenario {
  return fakeScenario(choice.below(0x7fff_ffff), 6, 1);
}

const fakeChecker: Checker = {
  name: "fake",
  assumes: [],
  tasks: () => [],
  run: () => ({ word: "valid", checked: 0 }),
  combine: () => ({ word: "valid", checked: 0 }),
};

const fakeTarget: Target = {
  name: "fake",
  can: new Set(["cut", "skew"]),
  open() {
    throw new Error("the made-up world has no clusters");
  },
  drive(done) {
    done();
  },
};

function verdictOf(finding: Finding, { operations }: Scenario): Verdict {
  if (finding === null || "unknown" in finding) return { word: "valid", checked: operations.length };
  const { anomaly: kind } = finding;
  return {
    word: "invalid",
    anomalies: [{ kind, says: `a ${kind}`, evidence: [0], keyspace: "k", key: "x" }],
  };
}

function fakeOperation(id: number): OperationPlan {
  const client = `c${1 + (id % 4)}`;
  const base = { id, client, site: "s1", session: client, node: `n${1 + (id % 3)}`, keyspace: "k", key: "x" };
  return { ...base, f: "write", value: 100 + id, atUs: id * 1_234 };
}

function fakeFault(id: number): FaultPlan {
  return { id, kind: "pause", nodes: ["n1", "n2"], atUs: id * 1_000, untilUs: null };
}
