import assert from "node:assert/strict";
import fc from "fast-check";
import type { HistoryValue } from "../history/values.ts";
import { parsedValue, textOf } from "./values.ts";

describe("values as the store's text", () => {
  it("come back as they were, and are the JSON of the value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const value = JSON.parse(JSON.stringify(json)) as HistoryValue;
        assert.equal(textOf(value), JSON.stringify(value));
        assert.deepEqual(parsedValue(textOf(value)), value);
      }),
      { seed: 1, examples: [['a"b'], ["\\"], [-1], [1.5e300], [1e21], [-0.5], [""]] },
    );
  });
});
