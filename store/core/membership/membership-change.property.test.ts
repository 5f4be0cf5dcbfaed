import assert from "node:assert/strict";
import type { ChangePlan } from "../testing/change-run.test-support.ts";
import { changeAtRandom, staleRead } from "../testing/change-run.test-support.ts";
import { orderViolation } from "../testing/random-run.test-support.ts";

type Change = Omit<ChangePlan, "seed">;

const four = ["n1", "n2", "n3", "n4"];
const five = [...four, "n5"];
const plain: Change = { before: four, after: five, settings: {} };

/** The changes that there are. n1 leads them, also where it leaves. */
const changes: Readonly<Record<string, Change>> = {
  "one joins": plain,
  "two join at once": { ...plain, after: [...five, "n6"] },
  "one leaves": { ...plain, before: five, after: four },
  "one takes another's place": { ...plain, after: ["n1", "n2", "n3", "n5"] },
  "the leader leaves and two join": { ...plain, after: ["n2", "n3", "n4", "n5", "n6"] },
};

/** Chosen: with it every way that is wrong is found, and the whole file takes some seconds. */
const seeds = 24;

/** The first seed whose run shows what `violation` looks for, or null; every change must come to its end. */
function firstFound(
  change: Change,
  violation: (run: ReturnType<typeof changeAtRandom>) => string | null,
  runs = seeds,
): string | null {
  let asked = 0;
  let answered = 0;
  for (let seed = 0; seed < runs; seed += 1) {
    const run = changeAtRandom({ seed, ...change });
    asked += run.asked;
    answered += run.answered;
    for (const id of change.after) {
      const { phase, members } = run.world.node(id).membership;
      const ids = members.map((member) => member.id);
      assert.deepEqual([phase, ids], ["steady", change.after], `seed ${seed}: ${id}`);
    }
    const found = violation(run);
    if (found !== null) return `seed ${seed}: ${found}`;
  }
  assert.ok(answered > asked / 2, `${answered} of ${asked} operations were answered`);
  return null;
}

const stale = (change: Change, runs?: number): string | null =>
  firstFound(change, ({ operations }) => staleRead(operations), runs);

const unordered = (change: Change): string | null =>
  firstFound(change, ({ operations }) => {
    for (const ofKey of operations.values()) {
      const violation = orderViolation(ofKey);
      if (violation !== null) return violation;
    }
    return null;
  });

describe("a change of members under load, loss and delay", () => {
  for (const [name, change] of Object.entries(changes)) {
    it(`loses no write and shows no stale value when ${name}`, () => {
      assert.equal(stale(change), null);
    });
  }

  const linearizable: Readonly<Record<string, Change>> = {
    "abd under skew": { settings: { protocol: "abd" }, skewUs: 60_000, before: four, after: five },
    "caspaxos under skew": { settings: { protocol: "caspaxos" }, skewUs: 60_000, before: four, after: five },
    "3/2/2 with blocking repair": { settings: { read: "repair-blocking" }, before: five, after: four },
    "3/3/1 with write-back to w": {
      settings: { w: 3, r: 1, read: "repair-blocking", writeBackTo: "w" },
      before: four,
      after: ["n1", "n2", "n3", "n5"],
    },
  };
  for (const [name, change] of Object.entries(linearizable)) {
    it(`leaves ${name} linearizable`, () => {
      assert.equal(unordered(change), null);
    });
  }

  for (const phase of ["write-both-read-old", "streaming", "write-both-read-new", "steady"] as const) {
    for (const [who, node] of [
      ["leader", "n1"],
      ["joining node", "n5"],
      ["bystander", "n3"],
    ] as const) {
      it(`comes to its end though the ${who} loses power in the phase ${phase}`, () => {
        const isTorn = node === "n3";
        assert.equal(stale({ crash: { node, phase, isTorn }, ...plain }, 8), null);
      });
    }
  }

  it("shows stale values where the ring just changes", () => {
    assert.notEqual(stale({ ...plain, settings: { ring: "naive" } }), null);
    assert.notEqual(stale({ ...plain, settings: { ring: "naive" }, after: [...five, "n6"] }), null);
  });

  it("shows stale values where w is counted over old and new owners together", () => {
    assert.notEqual(stale({ ...plain, settings: { ring: "pending-union" } }), null);
  });

  for (const defect of ["pending-range-forgotten", "union-counted"]) {
    it(`shows stale values with the defect ${defect}`, () => {
      assert.notEqual(stale({ defect, ...plain }), null);
    });
  }
});
