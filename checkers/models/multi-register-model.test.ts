import assert from "node:assert/strict";
import { answered, operation, stateAfter, unknown } from "./calls.test-support.ts";
import { multiRegisterModel } from "./multi-register-model.ts";

const put = operation("txn", [
  ["w", "y", 2],
  ["w", "x", 1],
]);

describe("the model of several registers", () => {
  it("says what it is", () => {
    const { name, partition, initial, functions, refusals } = multiRegisterModel;
    const expected = ["multi-register", "whole", [], ["txn", "read", "write"], undefined];
    assert.deepEqual([name, partition, initial, functions, refusals], expected);
  });

  it("writes to several at once, and reads what they hold", () => {
    const held = [
      ['"x"', 1],
      ['"y"', 2],
    ];
    const reads = [
      ["r", "x", null],
      ["r", "y", null],
      ["r", "z", null],
    ];
    const right = [
      ["r", "x", 1],
      ["r", "y", 2],
      ["r", "z", null],
    ];
    assert.deepEqual(stateAfter(multiRegisterModel, [put]), held);
    assert.deepEqual(stateAfter(multiRegisterModel, [put, answered("txn", right, reads)]), held);
    const wrong = [["r", "x", 1], ["r", "y", 1], right[2] ?? null];
    assert.equal(stateAfter(multiRegisterModel, [put, answered("txn", wrong, reads)]), null);
    assert.deepEqual(stateAfter(multiRegisterModel, [put, unknown("txn", reads)]), held);
  });

  it("answers its own writes within a transaction", () => {
    const asked = [
      ["read", "x", null],
      ["write", "x", 5],
      ["r", "x", null],
    ];
    const told = [
      ["r", "x", 1],
      ["w", "x", 5],
      ["r", "x", 5],
    ];
    assert.deepEqual(stateAfter(multiRegisterModel, [put, answered("txn", told, asked)]), [
      ['"x"', 5],
      ['"y"', 2],
    ]);
    const early = [told[0] ?? null, told[1] ?? null, ["r", "x", 1]];
    assert.equal(stateAfter(multiRegisterModel, [put, answered("txn", early, asked)]), null);
  });

  it("does not count an answer to something else as one", () => {
    const asked = [
      ["r", "x", null],
      ["w", "y", 3],
    ];
    const others = [
      [["r", "x", 1]],
      [
        ["r", "z", null],
        ["w", "y", 3],
      ],
      [
        ["w", "x", 1],
        ["w", "y", 3],
      ],
      [["r", "x", 1], "w"],
      "done",
      null,
    ];
    for (const other of others) {
      assert.equal(
        stateAfter(multiRegisterModel, [put, answered("txn", other, asked)]),
        null,
        JSON.stringify(other),
      );
    }
  });

  it("need not say anything to whoever only wrote, but nothing else either", () => {
    const echoed = answered("txn", [["w", "x", 1]], [["w", "x", 1]]);
    assert.deepEqual(stateAfter(multiRegisterModel, [echoed]), [['"x"', 1]]);
    assert.equal(stateAfter(multiRegisterModel, [answered("txn", [], [["w", "x", 1]])]), null);
    assert.equal(stateAfter(multiRegisterModel, [answered("txn", null, [["r", "x", null]])]), null);
    assert.deepEqual(stateAfter(multiRegisterModel, [answered("write", 7, 7)]), [['"x"', 7]]);
  });

  it("forgets a register that null is written to", () => {
    assert.deepEqual(stateAfter(multiRegisterModel, [put, operation("write", null)]), [['"y"', 2]]);
  });

  it("reads and writes single keys, too", () => {
    const held = [['"x"', 7]];
    assert.deepEqual(stateAfter(multiRegisterModel, [operation("write", 7)]), held);
    assert.deepEqual(stateAfter(multiRegisterModel, [operation("write", 7), answered("read", 7)]), held);
    assert.equal(stateAfter(multiRegisterModel, [operation("write", 7), answered("read", 8)]), null);
    assert.deepEqual(stateAfter(multiRegisterModel, [operation("write", 7), unknown("read")]), held);
    assert.deepEqual(stateAfter(multiRegisterModel, [operation("write", 7), operation("write", 9)]), [
      ['"x"', 9],
    ]);
  });

  it("tells numbers and texts apart as keys", () => {
    const mixed = operation("txn", [
      ["w", 1, "a"],
      ["w", "1", "b"],
    ]);
    assert.deepEqual(stateAfter(multiRegisterModel, [mixed, operation("txn", [["w", 1, "c"]])]), [
      ['"1"', "b"],
      ["1", "c"],
    ]);
  });

  it("says what a transaction looks like where it is given something else", () => {
    for (const value of ["x", null, [["append", "x", 1]], ["r"], [["toString", "x", 1]], [[7, "x", 1]]]) {
      assert.throws(() => multiRegisterModel.step([], operation("txn", value)), {
        name: "TypeError",
        message: `a txn is a list of ["r", key, null] and ["w", key, value], not ${JSON.stringify(value)}`,
      });
    }
  });

  it("knows what never changes it", () => {
    const isReadOnly = (each: ReturnType<typeof operation>): boolean | undefined =>
      multiRegisterModel.isReadOnly?.(each);
    assert.equal(isReadOnly(operation("txn", [["r", "x", null]])), true);
    assert.equal(isReadOnly(put), false);
    assert.equal(
      isReadOnly(
        operation("txn", [
          ["r", "x", null],
          ["w", "x", 1],
        ]),
      ),
      false,
    );
    assert.equal(isReadOnly(answered("read", 1)), true);
    assert.equal(isReadOnly(operation("write", 1)), false);
  });
});
