import assert from "node:assert/strict";
import { answered, operation, stateAfter, unknown } from "./calls.test-support.ts";
import { counterModel } from "./counter-model.ts";
import { kvModel } from "./kv-model.ts";
import type { Model } from "./model.ts";
import { mutexModel } from "./mutex-model.ts";
import { queueModel, unorderedQueueModel } from "./queue-model.ts";
import { casRegisterModel, registerModel } from "./register-model.ts";
import { setModel } from "./set-model.ts";

/** What a model says of itself, apart from what it does. */
function facts({ name, partition, initial, functions, refusals }: Model): unknown[] {
  return [name, partition, initial, functions, refusals];
}

describe("the model of a register", () => {
  it("says what it is", () => {
    const functions = ["read", "write", "delete"];
    assert.deepEqual(facts(registerModel), ["register", "key", { value: null }, functions, undefined]);
    assert.deepEqual(facts(casRegisterModel), [
      "cas-register",
      "key",
      { value: null },
      [...functions, "cas"],
      ["cas"],
    ]);
  });

  it("holds what was written last, and nothing at first and after a delete", () => {
    assert.deepEqual(stateAfter(registerModel, [answered("read", null)]), { value: null });
    assert.deepEqual(stateAfter(registerModel, [operation("write", 1), answered("read", 1)]), { value: 1 });
    assert.equal(stateAfter(registerModel, [operation("write", 1), answered("read", 2)]), null);
    assert.equal(stateAfter(registerModel, [operation("write", 1), answered("read", null)]), null);
    assert.deepEqual(stateAfter(registerModel, [operation("write", [1]), answered("read", [1])]), {
      value: [1],
    });
    const deleted = [operation("write", 1), operation("delete"), answered("read", null)];
    assert.deepEqual(stateAfter(registerModel, deleted), { value: null });
  });

  it("lets reads and writes of unknown outcome do what they may", () => {
    assert.deepEqual(stateAfter(registerModel, [operation("write", 1), unknown("read")]), { value: 1 });
    assert.deepEqual(stateAfter(registerModel, [unknown("write", 1)]), { value: 1 });
  });

  it("sets a value only from the one that is expected", () => {
    const one = operation("write", 1);
    const won = operation("cas", [1, 2]);
    const refused = operation("cas", [1, 2], { outcome: "fail" });
    assert.deepEqual(stateAfter(casRegisterModel, [one, won]), { value: 2 });
    assert.equal(stateAfter(casRegisterModel, [one, operation("cas", [2, 3])]), null);
    assert.equal(stateAfter(casRegisterModel, [one, refused]), null);
    assert.deepEqual(stateAfter(casRegisterModel, [refused]), { value: null });
    assert.deepEqual(stateAfter(casRegisterModel, [one, unknown("cas", [1, 2])]), { value: 2 });
    assert.deepEqual(stateAfter(casRegisterModel, [one, unknown("cas", [2, 3])]), { value: 1 });
    assert.deepEqual(stateAfter(casRegisterModel, [operation("cas", [null, 4])]), { value: 4 });
    assert.deepEqual(stateAfter(casRegisterModel, [one, operation("cas", [1, null])]), { value: null });
    assert.deepEqual(stateAfter(casRegisterModel, [operation("cas", [])]), { value: null });
    assert.deepEqual(stateAfter(casRegisterModel, [operation("cas", "no pair")]), { value: null });
  });

  it("knows what never changes it", () => {
    const isReadOnly = (each: ReturnType<typeof operation>): boolean =>
      casRegisterModel.isReadOnly?.(each) === true;
    assert.equal(isReadOnly(answered("read", 1)), true);
    assert.equal(isReadOnly(operation("cas", [1, 2], { outcome: "fail" })), true);
    assert.equal(isReadOnly(operation("cas", [1, 2])), false);
    assert.equal(isReadOnly(operation("write", 1)), false);
  });
});

describe("the model of a set", () => {
  it("says what it is", () => {
    const functions = ["add", "remove", "contains", "read", "delete"];
    assert.deepEqual(facts(setModel), ["set", "key", [], functions, undefined]);
  });

  it("has each value once, whatever the order in which they come", () => {
    const added = [operation("add", "b"), operation("add", 1), operation("add", "b"), operation("add", "a")];
    assert.deepEqual(stateAfter(setModel, added), ['"a"', '"b"', "1"]);
    assert.deepEqual(stateAfter(setModel, [...added, operation("remove", "b"), operation("remove", 7)]), [
      '"a"',
      "1",
    ]);
    assert.deepEqual(stateAfter(setModel, [...added, operation("delete")]), []);
    assert.deepEqual(stateAfter(setModel, [unknown("add", 1), unknown("remove", 2)]), ["1"]);
  });

  it("answers whether a value is in it", () => {
    const one = operation("add", 1);
    assert.deepEqual(stateAfter(setModel, [one, answered("contains", true, 1)]), ["1"]);
    assert.equal(stateAfter(setModel, [one, answered("contains", false, 1)]), null);
    assert.deepEqual(stateAfter(setModel, [one, answered("contains", false, 2)]), ["1"]);
    assert.equal(stateAfter(setModel, [one, answered("contains", true, 2)]), null);
    assert.equal(stateAfter(setModel, [one, answered("contains", null, 1)]), null);
    assert.deepEqual(stateAfter(setModel, [one, unknown("contains", 2)]), ["1"]);
  });

  it("answers with a list of all, in any order", () => {
    const two = [operation("add", 1), operation("add", 2)];
    assert.deepEqual(stateAfter(setModel, [...two, answered("read", [2, 1])]), ["1", "2"]);
    assert.equal(stateAfter(setModel, [...two, answered("read", [1])]), null);
    assert.equal(stateAfter(setModel, [...two, answered("read", [1, 1])]), null);
    assert.equal(stateAfter(setModel, [...two, answered("read", [1, 3])]), null);
    assert.equal(stateAfter(setModel, [...two, answered("read", [1, 2, 2])]), null);
    assert.equal(stateAfter(setModel, [...two, answered("read", "1,2")]), null);
    assert.equal(stateAfter(setModel, [...two, answered("read", null)]), null);
    assert.deepEqual(stateAfter(setModel, [answered("read", null)]), []);
    assert.deepEqual(stateAfter(setModel, [answered("read", [])]), []);
    assert.deepEqual(stateAfter(setModel, [...two, unknown("read")]), ["1", "2"]);
  });

  it("knows what never changes it", () => {
    const readOnly = ["add", "remove", "contains", "read", "delete"].filter((f) =>
      setModel.isReadOnly?.(operation(f)),
    );
    assert.deepEqual(readOnly, ["contains", "read"]);
  });
});

describe("the model of a queue", () => {
  it("says what it is", () => {
    const functions = ["enqueue", "dequeue"];
    assert.deepEqual(facts(queueModel), ["queue", "key", [], functions, undefined]);
    assert.deepEqual(facts(unorderedQueueModel), ["unordered-queue", "key", [[]], functions, undefined]);
  });

  it("hands out first what was put in first", () => {
    const two = [operation("enqueue", 1), operation("enqueue", { job: 2 })];
    assert.deepEqual(stateAfter(queueModel, two), [1, { job: 2 }]);
    assert.deepEqual(stateAfter(queueModel, [...two, answered("dequeue", 1)]), [{ job: 2 }]);
    assert.equal(stateAfter(queueModel, [...two, answered("dequeue", { job: 2 })]), null);
    assert.equal(stateAfter(queueModel, [...two, answered("dequeue", null)]), null);
    assert.deepEqual(stateAfter(queueModel, [...two, unknown("dequeue")]), [{ job: 2 }]);
  });

  it("answers null where there is nothing", () => {
    assert.deepEqual(stateAfter(queueModel, [answered("dequeue", null)]), []);
    assert.equal(stateAfter(queueModel, [answered("dequeue", 1)]), null);
    assert.deepEqual(stateAfter(queueModel, [unknown("dequeue")]), []);
    assert.deepEqual(stateAfter(unorderedQueueModel, [answered("dequeue", null)]), [[]]);
    assert.equal(stateAfter(unorderedQueueModel, [answered("dequeue", 1)]), null);
    assert.deepEqual(stateAfter(unorderedQueueModel, [unknown("dequeue")]), [[]]);
  });

  it("refuses to hold nothing", () => {
    const message = "null cannot be enqueued: it is what an empty queue answers";
    assert.throws(() => queueModel.step([], operation("enqueue")), { name: "TypeError", message });
    assert.throws(() => unorderedQueueModel.step([[]], operation("enqueue")), { name: "TypeError", message });
  });

  it("may hand out in any order what is said to have none", () => {
    const three = [operation("enqueue", 2), operation("enqueue", 1), operation("enqueue", 2)];
    assert.deepEqual(stateAfter(unorderedQueueModel, three), [["1", "2", "2"]]);
    assert.deepEqual(stateAfter(unorderedQueueModel, [...three, answered("dequeue", 2)]), [["1", "2"]]);
    assert.deepEqual(stateAfter(unorderedQueueModel, [...three, answered("dequeue", 1)]), [["2", "2"]]);
    assert.equal(stateAfter(unorderedQueueModel, [...three, answered("dequeue", 3)]), null);
    assert.equal(stateAfter(unorderedQueueModel, [...three, answered("dequeue", null)]), null);
    assert.deepEqual(stateAfter(unorderedQueueModel, [...three, unknown("dequeue")]), [
      ["1", "2"],
      ["2", "2"],
    ]);
  });
});

describe("the model of a mutex", () => {
  it("says what it is", () => {
    assert.deepEqual(facts(mutexModel), ["mutex", "key", "free", ["acquire", "release"], undefined]);
  });

  it("is held by one at a time, and released only when held", () => {
    assert.equal(stateAfter(mutexModel, [operation("acquire")]), "held");
    assert.equal(stateAfter(mutexModel, [operation("acquire"), operation("release")]), "free");
    assert.equal(stateAfter(mutexModel, [operation("acquire"), operation("acquire")]), null);
    assert.equal(stateAfter(mutexModel, [operation("release")]), null);
  });
});

describe("the model of texts by key", () => {
  it("says what it is", () => {
    assert.deepEqual(facts(kvModel), ["kv", "key", "", ["get", "put", "append"], undefined]);
    assert.equal(kvModel.textOf?.("ab"), "ab");
    assert.deepEqual(
      ["get", "put", "append"].filter((f) => kvModel.isReadOnly?.(operation(f))),
      ["get"],
    );
  });

  it("has a text that is put and appended to, empty at first", () => {
    assert.equal(stateAfter(kvModel, [answered("get", "")]), "");
    assert.equal(stateAfter(kvModel, [answered("get", null)]), "");
    const ab = [operation("put", "z"), operation("put", "a"), operation("append", "b")];
    assert.equal(stateAfter(kvModel, ab), "ab");
    assert.equal(stateAfter(kvModel, [...ab, answered("get", "ab")]), "ab");
    assert.equal(stateAfter(kvModel, [...ab, answered("get", "a")]), null);
    assert.equal(stateAfter(kvModel, [...ab, answered("get", null)]), null);
    assert.equal(stateAfter(kvModel, [...ab, unknown("get")]), "ab");
  });

  it("takes nothing but texts", () => {
    assert.throws(() => kvModel.step("", operation("put", 1)), {
      name: "TypeError",
      message: "put takes a text, not 1",
    });
    assert.throws(() => kvModel.step("", operation("append")), {
      name: "TypeError",
      message: "append takes a text, not null",
    });
  });
});

describe("the model of a counter", () => {
  it("says what it is", () => {
    const functions = ["increment", "add", "decrement", "read"];
    assert.deepEqual(facts(counterModel), ["counter", "key", 0, functions, undefined]);
    assert.deepEqual(
      functions.filter((f) => counterModel.isReadOnly?.(operation(f))),
      ["read"],
    );
  });

  it("counts from 0", () => {
    assert.equal(stateAfter(counterModel, [answered("read", 0)]), 0);
    assert.equal(stateAfter(counterModel, [answered("read", null)]), 0);
    const five = [operation("increment", 4), operation("add", 3), operation("decrement", 2)];
    assert.equal(stateAfter(counterModel, five), 5);
    assert.equal(stateAfter(counterModel, [...five, answered("read", 5)]), 5);
    assert.equal(stateAfter(counterModel, [...five, answered("read", 4)]), null);
    assert.equal(stateAfter(counterModel, [...five, answered("read", null)]), null);
    assert.equal(stateAfter(counterModel, [...five, unknown("read")]), 5);
    assert.equal(stateAfter(counterModel, [operation("increment", -1)]), -1);
  });

  it("takes nothing but whole numbers", () => {
    for (const f of ["increment", "add", "decrement"]) {
      assert.throws(() => counterModel.step(0, operation(f, "1")), {
        name: "TypeError",
        message: `${f} takes a whole number, not "1"`,
      });
    }
    assert.throws(() => counterModel.step(0, operation("add", 0.5)), TypeError);
  });
});
