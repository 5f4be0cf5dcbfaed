import assert from "node:assert/strict";
import { actionsOf } from "../../nemesis/actions.ts";
import type { Deed } from "../../workloads/causal-register.ts";
import { casDeed, sideBySide } from "../../workloads/causal-register.ts";
import { frame, heavyTail } from "../../workloads/frame.ts";
import { keyspaceName } from "../../workloads/settings.ts";
import { Choice } from "../base/choice.ts";
import { runOn } from "../campaign/run-scenario.ts";
import { registry } from "../cli/registry.ts";
import { simTarget } from "../targets/sim-target.ts";

const names = [
  "lost-update",
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
  "prefix",
  "acknowledged-prefix",
];
const checkers = registry.checkers.filter(({ name }) => names.includes(name));
const run = runOn(simTarget, actionsOf);
const runs = 80;

const writes: Deed = (choice, id) => (choice.percent(15) ? { f: "delete" } : { f: "write", value: id });

/** Plays a setting on two keys with clients side by side; gives who found something, and who judged most runs. */
function play(
  settings: Readonly<Record<string, unknown>>,
  deed: Deed = writes,
): { found: string[]; judged: string[] } {
  const found = new Map<string, number>();
  const judged = new Map<string, number>();
  for (let index = 0; index < runs; index += 1) {
    const choice = new Choice(77, index);
    const keyspace = { name: keyspaceName, n: 3, ...settings };
    const load = { nodes: 3, clients: 4, operations: 40, writePercent: 35, keys: 2, timeoutUs: 400_000 };
    const scenario = frame(
      choice,
      { label: "", group: "", claimed: "", nodes: 3, keyspace },
      {
        operations: sideBySide(choice, { ...load, gapUs: choice.oneOf([0, 300, 1_000, 3_000]) }, deed),
        faults: [],
        network: heavyTail(choice),
        restUs: 200_000,
        final: "every-node",
      },
    );
    for (const { checker, verdict } of run(scenario, checkers).verdicts) {
      if (verdict.word === "invalid") found.set(checker, (found.get(checker) ?? 0) + 1);
      if (verdict.word !== "notChecked") judged.set(checker, (judged.get(checker) ?? 0) + 1);
    }
  }
  const most = [...judged].flatMap(([name, count]) => (count > runs / 2 ? [name] : []));
  return { found: [...found.keys()].sort(), judged: most.sort() };
}

describe("checkers of sessions, of prefixes and of compare-and-set, on simulated runs", () => {
  const ofRegisters = names.filter((name) => name !== "lost-update").sort();

  it("find what one acknowledgement and one answer break, and nothing that the rest puts right", () => {
    assert.deepEqual(play({ w: 1, r: 1 }), {
      found: ["acknowledged-prefix", "monotonic-reads", "prefix", "read-your-writes"],
      judged: ofRegisters,
    });
  });

  it("find reads that go back under strict quorums, and nothing else", () => {
    assert.deepEqual(play({ w: 2, r: 2 }), { found: ["monotonic-reads"], judged: ofRegisters });
  });

  for (const settings of [
    { w: 2, r: 2, read: "repair-blocking" },
    { w: 3, r: 3 },
    { w: 2, r: 2, protocol: "abd" },
  ]) {
    it(`find nothing where all is linearizable: ${JSON.stringify(settings)}`, () => {
      assert.deepEqual(play(settings), { found: [], judged: ofRegisters });
    });
  }

  it("find two winners where a quorum read and a quorum write make a compare-and-set, and none with ballots", () => {
    assert.ok(play({ w: 2, r: 2, cas: "quorum" }, casDeed).found.includes("lost-update"));
    const ballots = play({ protocol: "caspaxos" }, casDeed);
    assert.deepEqual(ballots.found, []);
    assert.ok(ballots.judged.includes("lost-update"));
  });
});
