import assert from "node:assert/strict";
import { parseModelTable } from "./parse-table.ts";

const lamp = {
  name: "lamp",
  initial: "off",
  transitions: [{ from: "off", f: "switch", value: 1, result: null, outcome: "ok", to: "on" }],
};

function complaint(table: unknown): string {
  try {
    parseModelTable(JSON.stringify(table));
  } catch (error) {
    assert.ok(error instanceof TypeError);
    return error.message;
  }
  return "";
}

describe("a model's table as JSON", () => {
  it("is taken as it is", () => {
    const whole = { ...lamp, partition: "whole", initial: ["on", "off"] };
    for (const table of [lamp, whole, { ...lamp, partition: "key" }]) {
      assert.deepEqual(parseModelTable(JSON.stringify(table)), table);
    }
    const refusal = { ...lamp, transitions: [{ from: "on", f: "switch", outcome: "fail", to: "on" }] };
    assert.deepEqual(parseModelTable(JSON.stringify(refusal)), refusal);
  });

  it("must be an object with its fields and no others", () => {
    assert.throws(() => parseModelTable("{"), SyntaxError);
    const known = "known are name, partition, initial, transitions";
    const cases: readonly (readonly [unknown, string])[] = [
      [7, "the table must be an object, not 7"],
      [null, "the table must be an object, not null"],
      [[lamp], `the table must be an object, not ${JSON.stringify([lamp])}`],
      [{ ...lamp, colour: "red" }, `the table has an unknown field colour; ${known}`],
      [{ ...lamp, toString: 1 }, `the table has an unknown field toString; ${known}`],
      [{ ...lamp, name: undefined }, "name of the table must be a text, not undefined"],
      [{ ...lamp, name: "" }, 'name of the table must be a text, not ""'],
      [{ ...lamp, partition: "all" }, 'partition of the table must be "key" or "whole", not "all"'],
      [{ ...lamp, initial: [] }, "initial of the table must be a state or a list of states, not []"],
      [
        { ...lamp, initial: ["on", 7] },
        'initial of the table must be a state or a list of states, not ["on",7]',
      ],
      [{ ...lamp, transitions: [] }, "transitions of the table must be a list of {from, f, to}, not []"],
      [{ ...lamp, transitions: {} }, "transitions of the table must be a list of {from, f, to}, not {}"],
    ];
    for (const [table, said] of cases) assert.equal(complaint(table), said);
  });

  it("must have transitions with their fields and no others", () => {
    const [first] = lamp.transitions;
    const known = "known are from, f, value, result, outcome, to";
    const cases: readonly (readonly [unknown, string])[] = [
      ["on", 'transitions[1] must be an object, not "on"'],
      [{ ...first, at: 1 }, `transitions[1] has an unknown field at; ${known}`],
      [{ f: "switch", to: "on" }, "from of transitions[1] must be a text, not undefined"],
      [{ ...first, f: 7 }, "f of transitions[1] must be a text, not 7"],
      [{ ...first, to: null }, "to of transitions[1] must be a text, not null"],
      [{ ...first, outcome: "info" }, 'outcome of transitions[1] must be "ok" or "fail", not "info"'],
    ];
    for (const [transition, said] of cases) {
      assert.equal(complaint({ ...lamp, transitions: [first, transition] }), said);
    }
  });
});
