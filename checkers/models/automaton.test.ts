import assert from "node:assert/strict";
import { Automaton, ModelStop } from "./automaton.ts";
import { operation } from "./calls.test-support.ts";
import type { Model } from "./model.ts";

const ample = 1_000_000;
const describeClass = (operationClass: number): string => `operation ${operationClass}`;

function modelOf<State>(parts: Partial<Model<State>> & Pick<Model<State>, "initial">): Model<State> {
  return { name: "odd", partition: "key", step: (state) => state, ...parts };
}

/** A model that takes its operation's value for the next state. */
const follower = modelOf<unknown>({
  initial: 0,
  step: (_, { value }) => (value === "stop" ? null : value),
  isReadOnly: ({ f }) => f === "look",
});

function stopOf(question: () => unknown): { why: string; message: string } {
  try {
    question();
  } catch (error) {
    assert.ok(error instanceof ModelStop);
    assert.equal(error.name, "ModelStop");
    return { why: error.why, message: error.message };
  }
  return assert.fail("nothing was thrown");
}

describe("the automaton of a model", () => {
  it("numbers states and classes of operations as it meets them", () => {
    const automaton = new Automaton(follower, ample, describeClass);
    const classes = [operation("set", 5), operation("set", { a: 1 }), operation("set", 0)];
    assert.deepEqual(
      classes.map((each) => automaton.addClass(each)),
      [0, 1, 2],
    );
    assert.equal(automaton.step(0, 1), 1);
    assert.equal(automaton.step(1, 0), 2);
    assert.equal(automaton.step(2, 1), 1);
    assert.equal(automaton.step(2, 2), 0);
    assert.equal(automaton.step(0, automaton.addClass(operation("set", "stop"))), -1);
  });

  it("hands the model its own states", () => {
    const states: unknown[] = [];
    const initial = { at: 0 };
    const model = modelOf({
      initial,
      step: (state: { at: number }) => {
        states.push(state);
        return { at: state.at + 1 };
      },
    });
    const automaton = new Automaton(model, ample, describeClass);
    const next = automaton.addClass(operation("next"));
    assert.equal(automaton.step(automaton.step(0, next), next), 2);
    assert.equal(states[0], initial);
    assert.deepEqual(states[1], { at: 1 });
  });

  it("knows which classes change nothing", () => {
    const automaton = new Automaton(follower, ample, describeClass);
    automaton.addClass(operation("set"));
    automaton.addClass(operation("look"));
    assert.deepEqual(
      [0, 1].map((each) => automaton.isReadOnly(each)),
      [false, true],
    );
    assert.deepEqual(automaton.readOnlyClasses(), Uint8Array.of(0, 1));
    const silent = new Automaton(modelOf({ initial: 0 }), ample, describeClass);
    silent.addClass(operation("look"));
    assert.deepEqual(silent.readOnlyClasses(), Uint8Array.of(0));
  });

  it("takes states of equal text for the same one", () => {
    const model = modelOf<unknown>({
      initial: "A",
      step: (_, { value }) => value,
      textOf: (state) => String(state).toLowerCase(),
    });
    const automaton = new Automaton(model, ample, describeClass);
    assert.equal(automaton.step(0, automaton.addClass(operation("set", "a"))), 0);
    assert.equal(automaton.step(0, automaton.addClass(operation("set", "b"))), 1);
  });

  it("stops when there is no room for another state", () => {
    const roomForTwo = 2 * (160 + 2);
    const two = new Automaton(follower, roomForTwo, describeClass);
    assert.equal(two.step(0, two.addClass(operation("set", 1))), 1);
    const third = two.addClass(operation("set", 2));
    const expected = { why: "states", message: "the model odd has more than 2 states" };
    assert.deepEqual(
      stopOf(() => two.step(1, third)),
      expected,
    );
    assert.equal(two.step(1, two.addClass(operation("set", 0))), 0);
    const long = new Automaton(follower, roomForTwo, describeClass);
    assert.equal(stopOf(() => long.step(0, long.addClass(operation("set", "12")))).why, "states");
  });

  it("tells what a model throws, in which state, and over what", () => {
    const thrown: unknown = "a text";
    const model = modelOf<unknown>({
      initial: "x".repeat(70),
      step: (state) => {
        if (typeof state === "string") throw new TypeError("I am lost");
        throw thrown;
      },
    });
    const automaton = new Automaton(model, ample, describeClass);
    automaton.addClass(operation("set"));
    const shown = `"${"x".repeat(58)}…`;
    assert.deepEqual(
      stopOf(() => automaton.step(0, 0)),
      {
        why: "fault",
        message: `the model odd threw "I am lost" in the state ${shown}, over this: operation 0`,
      },
    );
    const other = new Automaton({ ...model, initial: 7 }, ample, describeClass);
    other.addClass(operation("set"));
    assert.equal(
      stopOf(() => other.step(0, 0)).message,
      'the model odd threw "a text" in the state 7, over this: operation 0',
    );
  });

  it("shows a state of sixty characters whole", () => {
    const model = modelOf<unknown>({
      initial: "x".repeat(58),
      step: () => {
        throw new Error("no");
      },
    });
    const automaton = new Automaton(model, ample, describeClass);
    automaton.addClass(operation("set"));
    const { message } = stopOf(() => automaton.step(0, 0));
    assert.equal(
      message,
      `the model odd threw "no" in the state "${"x".repeat(58)}", over this: operation 0`,
    );
  });

  it("tells what else of a model throws", () => {
    const fails = (): never => {
      throw new Error("no");
    };
    const text = modelOf({ initial: 0, textOf: fails });
    assert.equal(
      stopOf(() => new Automaton(text, ample, describeClass)).message,
      'the model odd threw "no", at its initial state',
    );
    const readOnly = new Automaton(modelOf({ initial: 0, isReadOnly: fails }), ample, describeClass);
    assert.equal(
      stopOf(() => readOnly.addClass(operation("set"))).message,
      'the model odd threw "no", over this: operation 0',
    );
  });

  it("refuses states that are no plain data", () => {
    const automaton = new Automaton(follower, ample, describeClass);
    const gives = (value: unknown): number =>
      automaton.addClass({ ...operation("set"), value } as ReturnType<typeof operation>);
    const to = gives(new Map([[1, 2]]));
    assert.deepEqual(
      stopOf(() => automaton.step(0, to)),
      {
        why: "fault",
        message:
          "the model odd has a state that is no plain data: there is a Map in it, over this: operation 0",
      },
    );
    assert.match(
      stopOf(() => automaton.step(0, gives([undefined]))).message,
      /there is undefined in it, over this: operation 1$/,
    );
    assert.match(stopOf(() => automaton.step(0, gives(undefined))).message, /there is undefined in it/);
    assert.equal(
      stopOf(() => new Automaton(modelOf({ initial: new Set() }), ample, describeClass)).message,
      "the model odd has a state that is no plain data: there is a Set in it, at its initial state",
    );
  });

  it("leaves it to a model with texts of its own what a state is", () => {
    const model = modelOf<unknown>({ initial: new Set(), textOf: () => "set" });
    const automaton = new Automaton(model, ample, describeClass);
    assert.equal(automaton.step(0, automaton.addClass(operation("set"))), 0);
    const odd = modelOf<unknown>({ initial: 0, textOf: () => 7 as unknown as string });
    assert.equal(
      stopOf(() => new Automaton(odd, ample, describeClass)).message,
      "the model odd has a state whose text is no string but number, at its initial state",
    );
  });

  it("catches a model that says it changes nothing, and does", () => {
    const automaton = new Automaton(follower, ample, describeClass);
    const look = automaton.addClass(operation("look", 3));
    assert.equal(
      stopOf(() => automaton.step(0, look)).message,
      "the model odd says that an operation never changes the state, but it makes 0 into 3, over this: operation 0",
    );
    assert.equal(automaton.step(0, automaton.addClass(operation("look", 0))), 0);
    assert.equal(automaton.step(0, automaton.addClass(operation("look", "stop"))), -1);
  });
});
