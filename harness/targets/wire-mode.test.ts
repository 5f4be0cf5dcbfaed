import assert from "node:assert/strict";
import { actionsOf } from "../../nemesis/actions.ts";
import { claims } from "../../workloads/claims/claims.ts";
import { storeProofs } from "../../workloads/store-proofs.ts";
import { Choice } from "../base/choice.ts";
import type { Scenario } from "../contracts/scenario.ts";
import { runToEnd } from "../run/run.ts";
import { deaf } from "../sim/sim-cluster.ts";
import type { Wire } from "../sim/sim-runtime.ts";
import { simTargetWith } from "./sim-target.ts";
import { frozen, throughCodec } from "./wire.test-support.ts";

interface Played {
  readonly digest: number;
  readonly messages: number;
  readonly lines: readonly string[];
}

function play(scenario: Scenario, wire: Wire | null): Played {
  let cluster = { digest: Number.NaN, messages: 0 };
  const target = simTargetWith({ ...deaf, wire }, (opened) => {
    cluster = opened;
  });
  const lines: string[] = [];
  const journal = { write: (line: unknown) => lines.push(JSON.stringify(line)) };
  runToEnd(scenario, { target, checkers: [], actionsOf, journal });
  return { digest: cluster.digest, messages: cluster.messages, lines };
}

/** The same run whether messages are handed over as objects, through the codec, or frozen. Gives their number. */
function assertSame(scenario: Scenario): number {
  const asObjects = play(scenario, null);
  assert.deepEqual(play(scenario, throughCodec), asObjects);
  assert.deepEqual(play(scenario, frozen), asObjects);
  return asObjects.messages;
}

/** The same for several seeds. Chosen, so that the suite takes seconds: cells are many, mechanisms few. */
function assertSameFor(draw: (choice: Choice) => Scenario, seeds: number): void {
  for (let index = 0; index < seeds; index += 1) assert.ok(assertSame(draw(new Choice(17, index))) > 0);
}

const seedsOfCell = 2;
const seedsOfMechanism = 12;

/** The same scenario with other settings of its keyspaces. */
function withSettings(scenario: Scenario, settings: Readonly<Record<string, unknown>>): Scenario {
  return { ...scenario, keyspaces: scenario.keyspaces.map((keyspace) => ({ ...keyspace, ...settings })) };
}

describe("messages as objects, through the codec, and frozen give the same run", () => {
  for (const { id, cells } of claims) {
    it(`of each cell of ${id}`, () => {
      for (const { family } of cells) assertSameFor(family, seedsOfCell);
    });
  }

  for (const { name, draw } of storeProofs) {
    it(`of ${name} under every fault`, () => assertSameFor(draw, seedsOfMechanism));

    it(`of ${name} that clients coordinate`, () => {
      assertSameFor(
        (choice) => withSettings(draw(choice), { coordinate: "client", sloppy: false, hints: null }),
        seedsOfMechanism,
      );
    });

    const isBallots = name === "abd" || name === "caspaxos";
    if (isBallots) continue;
    it(`of ${name} with sloppy quorums and hints`, () => {
      assertSameFor((choice) => withSettings(draw(choice), { sloppy: true, hints: {} }), seedsOfMechanism);
    });
  }

  it("and another where the codec loses something, or somebody changes what was sent", () => {
    const scenario = storeProofs.map(({ draw }) => draw(new Choice(17, 0)))[0];
    assert.ok(scenario !== undefined);
    const expected = play(scenario, null);
    const forgetful: Wire = (message) => ({ ...message, version: null });
    assert.notEqual(play(scenario, forgetful).digest, expected.digest);
    const meddling: Wire = (message) => Object.assign(frozen(message), { attempt: 1 });
    assert.throws(() => play(scenario, meddling), TypeError);
  });
});
