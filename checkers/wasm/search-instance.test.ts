import assert from "node:assert/strict";
import { searchBytes } from "./search-bytes.ts";
import { bytesOfBase64, searchMaker } from "./search-instance.ts";

describe("instances of the search", () => {
  it("are compiled once, at the first use, and have memories and models of their own", () => {
    let compiled = 0;
    const make = searchMaker(() => {
      compiled += 1;
      return bytesOfBase64(searchBytes);
    });
    assert.equal(compiled, 0);
    const asked: string[] = [];
    const engines = ["one", "other"].map((name) =>
      make((state, operationClass) => {
        asked.push(`${name}: ${state} ${operationClass}`);
        return state + 1;
      }),
    );
    assert.equal(compiled, 1);
    for (const engine of engines) {
      const at = engine.reserve(1, 1, 1_000_000);
      engine.reserveReadOnly(3);
      new Int32Array(engine.memory.buffer, at, 3).set([0, 1, 2]);
      assert.equal(engine.prepare(0, 0), 1);
      assert.equal(engine.run(10, 10), 0);
    }
    assert.deepEqual(asked, ["one: 0 2", "other: 0 2"]);
  });
});
