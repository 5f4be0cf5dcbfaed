import assert from "node:assert/strict";
import { indicesOf } from "../evidence.test-support.ts";
import type { Evidence } from "../evidence.ts";
import { counterexample } from "../results.test-support.ts";
import type { StoryOperation } from "./operations.ts";
import { storyOperations } from "./operations.ts";
import { ordersOf } from "./orders.ts";
import { lostWrite, readInversion } from "./stories.test-support.ts";

function operationsOf(
  evidence: Evidence,
  ids: readonly number[],
): { proof: StoryOperation[]; all: StoryOperation[] } {
  const { evidence: indices } = counterexample("x", "lost write", "", indicesOf(evidence, ids));
  const all = storyOperations(evidence.scenario, evidence.history, indices);
  return { proof: all.filter(({ isEvidence }) => isEvidence), all };
}

/** One operation, invented; indices are places in the order of events. */
function operation(
  f: string,
  value: number | null,
  from: number,
  until: number,
  rest: Partial<StoryOperation> = {},
): StoryOperation {
  const isRead = f === "read";
  return {
    row: from,
    id: from,
    invokeIndex: from,
    completeIndex: until,
    client: "A",
    clientName: "c1",
    node: "n1",
    keyspace: "k",
    key: "x",
    f,
    argument: isRead ? null : value,
    argument2: null,
    result: isRead ? value : null,
    outcome: "ok",
    error: null,
    invokedUs: from * 1_000,
    completedUs: until * 1_000,
    isFinal: false,
    isEvidence: true,
    call: f,
    ...rest,
  };
}

function fitting(operations: readonly StoryOperation[]): string[] {
  const orders = ordersOf(operations, operations);
  assert.equal(orders?.kind, "all");
  return orders.kind === "all"
    ? orders.orders.filter(({ fails }) => fails === null).map(({ names }) => names.join(" "))
    : [];
}

describe("orders", () => {
  it("lists all orders of three operations with the rule that each breaks", () => {
    const { proof, all } = operationsOf(lostWrite(), [1, 2, 3]);
    const orders = ordersOf(proof, all);
    assert.deepEqual(
      orders?.kind === "all" &&
        orders.orders.map(({ names, fails, isRealTime }) => [names.join(" "), isRealTime, fails]),
      [
        ["w1 w2 r", true, "real time allows it, but r must return 2 and returned 1"],
        ["w1 r w2", false, "w2 had ended 10 ms before r began"],
        ["w2 w1 r", false, "w1 had ended 10 ms before w2 began"],
        ["w2 r w1", false, "w1 had ended 10 ms before w2 began; r would return 2"],
        ["r w1 w2", false, "w1 had ended 56 ms before r began; r would return nothing"],
        ["r w2 w1", false, "w2 had ended 10 ms before r began; r would return nothing"],
      ],
    );
  });

  it("adds the writes that the evidence's reads returned", () => {
    const { proof, all } = operationsOf(readInversion(), [2, 3, 4]);
    const orders = ordersOf(proof, all);
    assert.deepEqual(
      orders?.named.map(({ name }) => name),
      ["w1", "w2", "r1", "r2"],
    );
    assert.equal(orders?.kind === "all" && orders.orders.some(({ fails }) => fails === null), false);
  });

  it("finds the order where there is one", () => {
    assert.deepEqual(fitting([operation("write", 1, 0, 1), operation("read", 1, 2, 3)]), ["w1 r"]);
    assert.deepEqual(fitting([operation("write", 1, 0, 3), operation("read", null, 1, 2)]), ["r w1"]);
  });

  it("lets an update of unknown outcome happen at any time or never, and a failed one never", () => {
    const unknown = operation("write", 1, 0, 9, { outcome: "info" });
    assert.deepEqual(fitting([unknown, operation("read", 1, 10, 11)]), ["w1 r"]);
    assert.deepEqual(fitting([unknown, operation("read", null, 10, 11)]), ["r w1", "r"]);
    const failed = operation("write", 1, 0, 1, { outcome: "fail" });
    assert.deepEqual(fitting([failed, operation("read", 1, 10, 11)]), []);
  });

  it("knows deletes and compare-and-set", () => {
    const write = operation("write", 1, 0, 1);
    assert.deepEqual(fitting([write, operation("delete", null, 2, 3), operation("read", null, 4, 5)]), [
      "w1 d r",
    ]);
    assert.deepEqual(
      fitting([write, operation("cas", 1, 2, 3, { argument2: 2 }), operation("read", 2, 4, 5)]),
      ["w1 c r"],
    );
    assert.deepEqual(fitting([write, operation("cas", 7, 2, 3, { argument2: 2 })]), []);
  });

  it("gives the longest beginning of more operations, and why each of the rest cannot come next", () => {
    const operations = [
      operation("write", 1, 0, 1),
      operation("write", 2, 2, 3),
      operation("read", 2, 4, 5),
      operation("read", 1, 6, 7),
      operation("read", 2, 8, 9),
    ];
    assert.deepEqual(ordersOf(operations, operations), {
      kind: "partial",
      named: ["w1", "w2", "r1", "r2", "r3"].map((name, index) => ({ name, operation: operations[index] })),
      prefix: ["w1", "w2", "r1"],
      stuck: [
        { name: "r2", because: "r2 must return 2 and returned 1" },
        { name: "r3", because: "r2 had ended before it began" },
      ],
    });
  });

  it("says nothing of evidence without operations", () => {
    assert.equal(ordersOf([], []), null);
  });
});
