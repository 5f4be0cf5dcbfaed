import assert from "node:assert/strict";
import { searchBytes } from "../wasm/search-bytes.ts";
import type { SearchExports } from "../wasm/search-instance.ts";
import { bytesOfBase64, searchMaker } from "../wasm/search-instance.ts";
import type { Short } from "./problem-of.test-support.ts";
import { problemOf } from "./problem-of.test-support.ts";
import { randomProblem } from "./random-problem.test-support.ts";
import { Answer, Searcher } from "./searcher.ts";

const ample = 1_000_000_000;
const shape = { operations: 30_000, clients: 4, values: 3, pending: 0, cas: 0, wrong: 0 };

function counted(mostKept: number | undefined): {
  readonly searcher: Searcher;
  readonly made: SearchExports[];
} {
  const make = searchMaker(() => bytesOfBase64(searchBytes));
  const made: SearchExports[] = [];
  const searcher = new Searcher((step) => {
    const engine = make(step);
    made.push(engine);
    return engine;
  }, mostKept);
  return { searcher, made };
}

describe("searcher", () => {
  it("keeps its engine while it is small, and takes another after a large key", () => {
    const { searcher, made } = counted(1_000_000);
    const small = problemOf(["w1", 0, 1], ["r1", 2, 3]);
    for (let times = 0; times < 3; times += 1) {
      assert.ok(searcher.beginRegister(small, ample));
      assert.equal(searcher.goOn(10, 10), Answer.linearizable);
    }
    assert.equal(made.length, 1);
    assert.ok(searcher.beginRegister(randomProblem(shape, 1), ample));
    assert.equal(searcher.goOn(100_000, 100_000), Answer.linearizable);
    assert.equal(made.length, 1);
    assert.ok((made[0]?.memory.buffer.byteLength ?? 0) > 1_000_000);
    assert.ok(searcher.beginRegister(small, ample));
    assert.equal(made.length, 2);
    assert.ok((made[1]?.memory.buffer.byteLength ?? 0) < 1_000_000);
    assert.equal(searcher.goOn(10, 10), Answer.linearizable);
  });

  it("takes at most 64 bytes an operation for a large key, and keeps only one longest order", () => {
    const { searcher } = counted(ample);
    const large = randomProblem({ ...shape, operations: 150_000 }, 1);
    assert.ok(searcher.beginRegister(large, ample));
    assert.equal(searcher.goOn(ample, ample), Answer.linearizable);
    const { peakBytes } = searcher.cost();
    assert.ok(peakBytes < 64 * large.length, `${peakBytes / large.length}`);
    assert.equal(searcher.partials().length, 1);
  });

  it("keeps its engine while it has just as many bytes as it may, and up to 64 MiB unless told", () => {
    const small = problemOf(["w1", 0, 1], ["r1", 2, 3]);
    const { searcher: first, made: some } = counted(0);
    first.beginRegister(small, ample);
    for (const mostKept of [some[0]?.memory.buffer.byteLength ?? 0, undefined]) {
      const { searcher, made } = counted(mostKept);
      for (let times = 0; times < 2; times += 1) searcher.beginRegister(small, ample);
      assert.equal(made.length, 1);
    }
  });

  it("writes nothing where the bytes do not suffice", () => {
    const large = randomProblem(shape, 1);
    assert.equal(counted(ample).searcher.beginRegister(large, 64), false);
    const model = { ...large, classOf: large.needs, step: () => 0 };
    const few = new Uint8Array(3);
    assert.equal(counted(ample).searcher.beginModel({ ...model, isReadOnly: few }, 64), false);
    const small = { ...problemOf(["w1", 0, 1]), classOf: Int32Array.of(0), step: () => 0 };
    const isReadOnly = new Uint8Array(5_000_000);
    assert.equal(counted(ample).searcher.beginModel({ ...small, isReadOnly }, 4_000_000), false);
  });

  it("asks the model that was begun last, in an engine of its own", () => {
    const { searcher } = counted(ample);
    const spans = { ...problemOf(["w1", 0, 1], ["w1", 2, 3]), classOf: Int32Array.of(0, 0) };
    const model = (next: number) => ({ ...spans, isReadOnly: Uint8Array.of(0), step: () => next });
    assert.ok(searcher.beginModel(model(-1), ample));
    assert.equal(searcher.goOn(10, 10), Answer.illegal);
    assert.ok(searcher.beginModel(model(0), ample));
    assert.equal(searcher.goOn(10, 10), Answer.linearizable);
  });

  it("says that the last operation is undecided where the longest order lacks none that was answered", () => {
    const { searcher } = counted(ample);
    const spans = problemOf(["w1", 0, 3], ["w2", 1], ["r1", 2, 4]);
    const partials = [{ order: Int32Array.of(0, 2), refused: new Int32Array(0) }];
    const cost = { steps: 3, peakBytes: 5 };
    assert.deepEqual(searcher.outcome(spans, Answer.outOfSteps, cost, partials), {
      ...cost,
      answer: "undecided",
      spent: "steps",
      from: 2,
      to: 2,
      partials,
    });
  });

  it("goes on where it stopped", () => {
    const writes = Array.from({ length: 8 }, (_, at): Short => [`w${(at % 2) + 1}`, at, 100 + at]);
    const reads = Array.from({ length: 8 }, (_, at): Short => [`r${(at % 2) + 1}`, 50 + at, 200 + at]);
    const problem = problemOf(...writes, ...reads, ["r3", 300, 301]);
    const { searcher } = counted(ample);
    searcher.beginRegister(problem, ample);
    const whole = searcher.goOn(1_000_000, 1_000_000);
    const { steps } = searcher.cost();
    assert.equal(whole, Answer.illegal);
    searcher.beginRegister(problem, ample);
    let pauses = 0;
    while (searcher.goOn((pauses + 1) * 3, 1_000_000) === Answer.outOfSteps) pauses += 1;
    assert.equal(searcher.cost().steps, steps);
    assert.ok(pauses > 1, `${pauses}`);
  });

  it("stops when it has got no further for as many steps as it has patience", () => {
    const { searcher } = counted(ample);
    searcher.beginRegister(
      problemOf(["w1", 0, 9], ["w2", 1, 8], ["r1", 2, 6], ["r2", 3, 7], ["r3", 10, 11]),
      ample,
    );
    assert.equal(searcher.goOn(1_000_000, 0), Answer.outOfSteps);
    assert.deepEqual(searcher.partials(), [{ order: new Int32Array(0), refused: Int32Array.of(2, 0, 1, 3) }]);
    assert.equal(searcher.goOn(1_000_000, 1_000_000), Answer.illegal);
  });
});
