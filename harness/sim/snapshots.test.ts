import assert from "node:assert/strict";
import type { Scenario } from "../contracts/scenario.ts";
import type { Played } from "./played-scenario.test-support.ts";
import { play, read, scenarioWith, write } from "./played-scenario.test-support.ts";

/** Writes each key so often, cuts the power of every node, starts them, and reads every key. */
function writeCutAndRead(keys: number, writes: number, changes: Partial<Scenario>): Played {
  const readAtUs = 40 * writes + 200_000;
  const operations = [
    ...Array.from({ length: writes }, (_, at) =>
      write(at + 1, `n${1 + (at % 3)}`, `key${at % keys}`, { atUs: 40 * at }),
    ),
    ...Array.from({ length: keys }, (_, key) =>
      read(writes + key + 1, "n2", `key${key}`, { atUs: readAtUs }),
    ),
  ];
  const actions = ["n1", "n2", "n3"].flatMap((node) => [
    { atUs: readAtUs - 150_000, action: { fault: 1, kind: "cut-power", node } as const },
    { atUs: readAtUs - 140_000, action: { fault: 1, kind: "start", node } as const },
  ]);
  return play(scenarioWith({ operations, ...changes }), { actions, untilUs: readAtUs + 500_000 });
}

/** How many reads found something, and how many nothing. */
function found({ lines }: Played): { readonly some: number; readonly none: number } {
  const reads = lines
    .map((line): { type?: string; f?: string; value?: unknown } => JSON.parse(line))
    .filter(({ type, f }) => type === "ok" && f === "read");
  const none = reads.filter(({ value }) => value === null).length;
  return { some: reads.length - none, none };
}

describe("snapshots in the simulator", () => {
  it("take the place of a long log, and lose nothing", () => {
    const played = writeCutAndRead(100, 9_000, {});
    assert.deepEqual(found(played), { some: 100, none: 0 });
    assert.equal(writeCutAndRead(100, 9_000, {}).digest, played.digest);
  }).timeout(60_000);

  it("do no harm where the store is right, and lose writes in some runs where a defect is planted", () => {
    const lost = (defect: Pick<Scenario, "defect">): number => {
      const runs = Array.from({ length: 20 }, (_, seed) => writeCutAndRead(40, 40, { seed, ...defect }));
      return runs.filter((run) => found(run).none > 0).length;
    };
    assert.equal(lost({}), 0);
    assert.ok(lost({ defect: "snapshot-before-sync" }) > 0);
    assert.equal(lost({ defect: "log-truncated-too-early" }), 20);
  });
});
