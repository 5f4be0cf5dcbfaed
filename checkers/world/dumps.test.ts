import assert from "node:assert/strict";
import type { HistoryValue } from "../../harness/history/values.ts";
import { canonicalText, dumpsOf, visibleValues } from "./dumps.ts";
import { worldHistory } from "./world-history.test-support.ts";

const entry = (...values: readonly (readonly [HistoryValue, boolean])[]) => ({
  key: "x",
  values: values.map(([value, deleted]) => ({ value, version: "v", deleted })),
});

describe("what a replica shows", () => {
  it("is neither deleted nor nothing, in the order of its text", () => {
    const held = entry(["b", false], ["a", false], ["c", true], [null, false], [null, true], ["a", false]);
    assert.deepEqual(visibleValues(held), ["a", "a", "b"]);
    assert.deepEqual(visibleValues(undefined), []);
  });

  it("has a text that does not depend on the order of fields, and depends on that of lists", () => {
    assert.equal(
      canonicalText({ b: { d: null, c: [2, 1] }, a: true }),
      '{"a":true,"b":{"c":[2,1],"d":null}}',
    );
    assert.equal(canonicalText([{ b: 1, a: 2 }, 3]), '[{"a":2,"b":1},3]');
    for (const value of [null, 1, "one", false]) assert.equal(canonicalText(value), JSON.stringify(value));
  });
});

describe("dumps", () => {
  it("are listed by keyspace and node, the last of each", () => {
    const dump = (at: number, node: string, keyspace: string) => ({
      at,
      dump: node,
      keyspace,
      holds: { x: [at] },
    });
    const history = worldHistory({}, [
      dump(1, "n2", "k"),
      dump(2, "n1", "k"),
      { at: 3, phase: "final" },
      dump(4, "n2", "k"),
      dump(5, "n1", "j"),
      dump(6, "n1", "l"),
    ]);
    assert.deepEqual(
      dumpsOf(history).map(({ keyspace, byNode }) => [
        keyspace,
        byNode.map(({ node, timeNs }) => [node, timeNs]),
      ]),
      [
        ["j", [["n1", 5e6]]],
        [
          "k",
          [
            ["n1", 2e6],
            ["n2", 4e6],
          ],
        ],
        ["l", [["n1", 6e6]]],
      ],
    );
  });
});
