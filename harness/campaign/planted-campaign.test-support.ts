import type { Registry } from "../contracts/registry.ts";
import type { Scenario } from "../contracts/scenario.ts";
import type { Finding } from "./fake-world.test-support.ts";
import { fakeClaim, fakeFamily, fakeRegistry, fakeRun, fakeSetting } from "./fake-world.test-support.ts";

const sound = fakeClaim("H1", "holds", ["a", "b"]);
const outOfReach = fakeClaim("B2", "breaks", ["far"]);

/** Rows, a defect and an observed cell with planted ends. */
export const plantedRegistry: Registry = fakeRegistry(
  [
    { ...sound, defects: [{ defect: "planted", cell: "b" }] },
    fakeClaim("B1", "breaks", ["rare", "never"]),
    { ...outOfReach, cells: outOfReach.cells.map((cell) => ({ ...cell, needs: ["loss"] as const })) },
  ],
  {
    defects: [{ name: "planted", standsFor: "a bug for tests" }],
    observed: [
      {
        setting: fakeSetting,
        fault: "latency",
        needs: [],
        checkers: ["fake"],
        family: fakeFamily,
      },
    ],
  },
);

/** Fails where a cell's seed says so: B1's rare cell about once in 60 runs, the defect about once in 40. */
export const plantedRun: ReturnType<typeof fakeRun> = fakeRun(find);

function find({ seed, claim, cell, defect, operations }: Scenario): Finding {
  const stale = operations.some(({ id }) => id === 4);
  if (defect === "planted" && seed % 40 === 0 && stale) return { anomaly: "stale read" };
  if (claim === "B1" && cell === "rare" && seed % 60 === 0 && stale) return { anomaly: "stale read" };
  if (claim === undefined && seed % 3 === 0) return { anomaly: "divergence" };
  if (claim === "H1" && seed % 10 === 3) return { unknown: "planted" };
  return null;
}
