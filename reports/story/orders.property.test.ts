import assert from "node:assert/strict";
import fc from "fast-check";
import type { StoryOperation } from "./operations.ts";
import { leaves } from "./operations.ts";
import { ordersOf } from "./orders.ts";

interface Drawn {
  readonly f: "read" | "write" | "delete";
  readonly before: number;
  readonly after: number;
}

const drawn = fc.record({
  f: fc.constantFrom("read" as const, "write" as const, "delete" as const),
  before: fc.integer({ min: 0, max: 30 }),
  after: fc.integer({ min: 0, max: 30 }),
});

/** A register that really served the operations one after the other, each at a moment between call and answer. */
function served(steps: readonly Drawn[]): StoryOperation[] {
  let value: number | null = null;
  const operations = steps.map(({ f, before, after }, place) => {
    const atUs = place * 10;
    if (f !== "read") value = f === "write" ? place + 1 : null;
    return {
      f,
      argument: f === "write" ? place + 1 : null,
      result: f === "read" ? value : null,
      from: atUs - before,
      until: atUs + 1 + after,
    };
  });
  const moments = operations.flatMap(({ from, until }, place) => [
    { us: from, place, isCall: true },
    { us: until, place, isCall: false },
  ]);
  // Answers first: of two that meet, the earlier answer and the later call stay concurrent otherwise.
  moments.sort((a, b) => a.us - b.us || Number(b.isCall) - Number(a.isCall));
  const indexOf = (place: number, isCall: boolean): number =>
    moments.findIndex((each) => each.place === place && each.isCall === isCall);
  return operations
    .map(({ f, argument, result, from, until }, place) => ({
      row: place,
      id: place + 1,
      invokeIndex: indexOf(place, true),
      completeIndex: indexOf(place, false),
      client: "A",
      clientName: "c1",
      node: "n1",
      keyspace: "k",
      key: "x",
      f,
      argument,
      argument2: null,
      result,
      outcome: "ok" as const,
      error: null,
      invokedUs: from,
      completedUs: until,
      isFinal: false,
      isEvidence: true,
      call: f,
    }))
    .sort((a, b) => a.invokeIndex - b.invokeIndex);
}

describe("orders of what a register really served", () => {
  it("hold the order in which it did", () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 4 }), (steps) => {
        const operations = served(steps);
        const orders = ordersOf(operations, operations);
        assert.ok(orders?.kind === "all" && orders.orders.some(({ fails }) => fails === null));
      }),
    );
  });

  it("have no obstacle among more operations", () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 5, maxLength: 8 }), (steps) => {
        const operations = served(steps);
        const orders = ordersOf(operations, operations);
        assert.ok(orders?.kind === "partial");
        assert.deepEqual(orders.stuck, []);
      }),
    );
  });

  it("break when a read is made to return what was never there", () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 0, maxLength: 3 }), (steps) => {
        const operations = served([...steps, { f: "read", before: 0, after: 0 }]);
        const wrong = operations.map((op) => (op.id === operations.length ? { ...op, result: 999 } : op));
        assert.ok(wrong.every((op) => leaves(op) !== 999));
        const orders = ordersOf(wrong, wrong);
        assert.ok(orders?.kind === "all" && orders.orders.every(({ fails }) => fails !== null));
      }),
    );
  });
});
