import assert from "node:assert/strict";
import { answered, operation, stateAfter, unknown } from "./calls.test-support.ts";
import { nondeterministic } from "./nondeterministic.ts";
import { tableModel } from "./table-model.ts";

describe("a nondeterministic model", () => {
  const die = nondeterministic<number>({
    name: "die",
    partition: "key",
    initial: [6, 1, 6],
    functions: ["roll", "look"],
    refusals: ["look"],
    step: (state, { f, result }) => {
      if (f === "roll") return [3, 1, 2, 1].map((face) => face + state - state);
      return result === undefined || result === state ? [state] : [];
    },
  });

  it("may be in any of several states, each counted once", () => {
    assert.deepEqual(die.initial, [1, 6]);
    assert.deepEqual(stateAfter(die, [operation("roll")]), [1, 2, 3]);
  });

  it("is narrowed down by what it answers, and forbids what no state allows", () => {
    assert.deepEqual(stateAfter(die, [operation("roll"), answered("look", 2)]), [2]);
    assert.equal(stateAfter(die, [operation("roll"), answered("look", 6)]), null);
    assert.deepEqual(stateAfter(die, [operation("roll"), unknown("look")]), [1, 2, 3]);
  });

  it("passes on what the model says of itself, and no more", () => {
    const { name, partition, functions, refusals } = die;
    assert.deepEqual([name, partition, functions, refusals], ["die", "key", ["roll", "look"], ["look"]]);
    const silent = nondeterministic({ name: "silent", partition: "whole", initial: [0], step: () => [] });
    assert.deepEqual(Object.keys(silent).sort(), ["initial", "name", "partition", "step", "textOf"]);
    assert.equal(silent.partition, "whole");
  });

  it("tells states apart by their JSON, or by the text that the model gives", () => {
    assert.equal(die.textOf?.([1, 6]), '["1","6"]');
    const folded = nondeterministic<string>({
      name: "folded",
      partition: "key",
      initial: ["b", "a", "A"],
      step: (state) => [state],
      textOf: (state) => state.toLowerCase(),
    });
    assert.deepEqual(folded.initial, ["A", "b"]);
    assert.equal(folded.textOf?.(["A", "b"]), '["a","b"]');
  });
});

describe("a model as a table", () => {
  const door = tableModel({
    name: "door",
    initial: "shut",
    transitions: [
      { from: "shut", f: "open", to: "ajar" },
      { from: "ajar", f: "shut", value: "softly", result: "ok", to: "shut" },
      { from: "ajar", f: "shut", value: "hard", result: "bang", to: "shut" },
      { from: "ajar", f: "shut", value: "hard", result: "crack", to: "broken" },
      { from: "ajar", f: "open", outcome: "fail", to: "ajar" },
      { from: "shut", f: "shut", result: null, to: "shut" },
    ],
  });

  it("says what it is", () => {
    const { name, partition, initial, functions, refusals } = door;
    const expected = ["door", "key", ["shut"], ["open", "shut"], ["open"]];
    assert.deepEqual([name, partition, initial, functions, refusals], expected);
    const lamp = tableModel({
      name: "lamp",
      partition: "whole",
      initial: ["on", "off"],
      transitions: [{ from: "on", f: "see", to: "on" }],
    });
    assert.deepEqual([lamp.partition, lamp.initial, lamp.refusals], ["whole", ["off", "on"], []]);
    assert.equal(lamp.textOf?.(["off", "on"]), '["off","on"]');
    assert.deepEqual(stateAfter(lamp, [operation("see")]), ["on"]);
  });

  it("goes where a transition leads, and forbids what none allows", () => {
    const open = operation("open");
    assert.deepEqual(stateAfter(door, [open]), ["ajar"]);
    assert.deepEqual(stateAfter(door, [answered("open", "anything", "anyhow")]), ["ajar"]);
    assert.deepEqual(stateAfter(door, [open, answered("shut", "ok", "softly")]), ["shut"]);
    assert.equal(stateAfter(door, [open, answered("shut", "bang", "softly")]), null);
    assert.equal(stateAfter(door, [open, answered("shut", "ok", "hard")]), null);
    assert.equal(stateAfter(door, [open, open]), null);
    assert.deepEqual(stateAfter(door, [answered("shut", null)]), ["shut"]);
    assert.equal(stateAfter(door, [answered("shut", 1)]), null);
  });

  it("hears of refusals", () => {
    const refused = operation("open", null, { outcome: "fail" });
    assert.deepEqual(stateAfter(door, [operation("open"), refused]), ["ajar"]);
    assert.equal(stateAfter(door, [refused]), null);
  });

  it("may be in any state that an unknown outcome leads to", () => {
    assert.deepEqual(stateAfter(door, [operation("open"), unknown("shut", "hard")]), ["broken", "shut"]);
    assert.deepEqual(stateAfter(door, [operation("open"), unknown("shut", "softly")]), ["shut"]);
    assert.deepEqual(stateAfter(door, [operation("open"), unknown("open")]), ["ajar"]);
  });
});
