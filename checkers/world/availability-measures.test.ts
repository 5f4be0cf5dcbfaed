import assert from "node:assert/strict";
import type { Measure } from "../../harness/history/verdict.ts";
import { availabilityMeasures } from "./availability-measures.ts";
import { wilsonInterval } from "./wilson.ts";
import type { Happening, Operation } from "./world-history.test-support.ts";
import { worldHistory } from "./world-history.test-support.ts";

const operation = (from: number, to: number | null, facts: Partial<Operation> = {}): Operation => ({
  f: "write",
  value: 1,
  from,
  to,
  ...facts,
});
const failed = (from: number, to: number, facts: Partial<Operation> = {}): Operation =>
  operation(from, to, { type: "info", ...facts });
const strike = (at: number, fault: number, where: readonly string[], kind = "kill"): Happening => ({
  at,
  strike: fault,
  kind,
  where,
});
const share = (name: string, answered: number, all: number, of?: string): Measure => ({
  name,
  ...(of === undefined ? {} : { of }),
  value: answered / all,
  unit: "ratio",
  ...wilsonInterval(answered, all),
  samples: all,
});
const everything = (answered: number, all: number): Measure => share("operations answered", answered, all);
const outside = (answered: number, all: number): Measure =>
  share("operations answered while no fault was there", answered, all);
const beside = (of: string, answered: number, all: number): Measure =>
  share("operations answered beside a fault", answered, all, of);
const recovery = (of: string, ms: number): Measure => ({
  name: "time from a mend to the first answer",
  of,
  value: ms * 1e6,
  unit: "ns",
});
const away = (value: number): Measure => ({
  name: "places that answered nothing after a mend",
  value,
  unit: "count",
});
const measured = (happenings: readonly Happening[]): Measure[] =>
  availabilityMeasures(worldHistory({}, happenings));

describe("what was answered", () => {
  it("is measured in all where there was no fault, and not at all without operations", () => {
    assert.deepEqual(measured([operation(1, 2), operation(3, 4, { type: "fail" }), operation(5, null)]), [
      everything(1, 3),
    ]);
    assert.deepEqual(measured([]), []);
    assert.deepEqual(measured([strike(1, 1, ["n1"])]), [away(0)]);
  });

  it("counts an operation beside a fault that it shared a moment with", () => {
    const history = [
      operation(1, 2),
      failed(3, 11),
      strike(10, 1, ["n9"]),
      failed(12, 13),
      operation(14, 21),
      { at: 20, mend: 1 },
      operation(22, 23),
      operation(9, 24),
    ];
    assert.deepEqual(measured(history), [
      everything(4, 6),
      outside(2, 2),
      beside("fault 1 (kill n9)", 2, 4),
      away(0),
    ]);
  });

  it("counts an operation that is never over beside all faults to come, and a fault without a mend to the end", () => {
    const open = operation(1, null);
    const history = [open, operation(2, 3), strike(10, 1, []), { at: 11, mend: 1 }, operation(12, 13)];
    assert.deepEqual(measured(history), [
      everything(2, 3),
      outside(2, 2),
      beside("fault 1 (kill)", 0, 1),
      away(0),
    ]);
    assert.deepEqual(measured([operation(2, 3), strike(10, 1, []), operation(12, 13)]), [
      everything(2, 2),
      outside(1, 1),
      beside("fault 1 (kill)", 1, 1),
      away(0),
    ]);
    assert.deepEqual(measured([strike(10, 1, []), operation(12, 13)]), [
      everything(1, 1),
      beside("fault 1 (kill)", 1, 1),
      away(0),
    ]);
  });

  it("puts faults that overlap together, and keeps those apart that don't", () => {
    const history = [
      strike(10, 1, []),
      strike(12, 2, []),
      { at: 14, mend: 2 },
      operation(15, 16),
      { at: 20, mend: 1 },
      operation(21, 22),
      strike(30, 3, []),
      { at: 40, mend: 3 },
      operation(25, 26),
      failed(28, 31),
      operation(41, 42),
    ];
    assert.deepEqual(measured(history), [
      everything(4, 5),
      outside(3, 3),
      beside("fault 1 (kill)", 1, 1),
      beside("fault 3 (kill)", 0, 1),
      away(0),
    ]);
  });

  it("takes a compare-and-set that met another value for answered", () => {
    const cas = (from: number, facts: Partial<Operation>): Operation =>
      operation(from, from + 1, { f: "cas", value: [1, 2], type: "fail", ...facts });
    assert.deepEqual(
      measured([
        cas(1, {}),
        cas(3, { error: "CasMismatch" }),
        cas(5, { error: "QuorumNotMet" }),
        cas(7, { type: "info" }),
        operation(9, 10, { type: "fail" }),
      ]),
      [everything(2, 5)],
    );
  });
});

describe("the time to recover", () => {
  const mend = (at: number, fault = 1): Happening => ({ at, mend: fault });

  it("lasts from the mend to the first answer of the place, whenever that was asked", () => {
    const at = { node: "n1", site: "s1" };
    const history = [
      strike(10, 1, ["n1"]),
      operation(5, 11, at),
      operation(12, 27, at),
      mend(20),
      failed(21, 22, at),
      operation(23, 24, { node: "n2", site: "s1" }),
      operation(25, 26.5, at),
    ];
    assert.deepEqual(measured(history).slice(3), [recovery("fault 1 (kill n1) at n1", 6.5), away(0)]);
  });

  it("is measured at both ends of links, sites too, each once", () => {
    const cut = strike(10, 1, ["n1→s1", "s1→n1"], "cut");
    const history = [cut, mend(20), operation(21, 23, { node: "n1" }), operation(22, 25, { site: "s1" })];
    const name = "fault 1 (cut n1→s1, s1→n1)";
    assert.deepEqual(measured(history), [
      everything(2, 2),
      outside(2, 2),
      recovery(`${name} at n1`, 3),
      recovery(`${name} at s1`, 5),
      away(0),
    ]);
  });

  it("counts the places that were asked in vain, and none that nobody asked or that were not mended", () => {
    const asked = (node: string, from: number): Operation => failed(from, from + 1, { node });
    const faults = [strike(10, 1, ["n1", "n2", "n3"]), mend(20)];
    assert.deepEqual(
      measured([...faults, asked("n1", 21), operation(15, null, { node: "n2" }), asked("n3", 12)]).at(-1),
      away(2),
    );
    assert.deepEqual(measured([strike(10, 1, ["n1"]), asked("n1", 21)]).at(-1), away(0));
  });

  it("is measured of the first hundred faults", () => {
    const faults = Array.from({ length: 101 }, (_, at): Happening[] => [
      strike(10 * at + 1, at, ["n1"]),
      mend(10 * at + 2, at),
    ]).flat();
    const measures = measured([
      ...faults,
      operation(3, 4, { node: "n1" }),
      operation(1_200, 1_201, { node: "n1" }),
    ]);
    const recovered = measures.filter(({ unit }) => unit === "ns");
    assert.deepEqual([recovered.length, recovered[0]?.value, recovered[1]?.value], [100, 2e6, 1_189e6]);
    assert.equal(recovered.at(-1)?.of, "fault 99 (kill n1) at n1");
  });
});
