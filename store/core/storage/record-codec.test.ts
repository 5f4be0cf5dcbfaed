import assert from "node:assert/strict";
import { stateRecord } from "./record.ts";
import { decodeLogRecord, encodeLogRecord } from "./record-codec.ts";

describe("record codec", () => {
  it("keeps sets of more items than sixteen bits can count", () => {
    const entries = Array.from({ length: 70_000 }, (_, index) => ({
      version: { time: index + 1, node: "n1", incarnation: "a", sequence: index + 1 },
      value: `"item ${index}"`,
      deleted: false,
    }));
    const record = stateRecord("tags", 1, "k", { entries, context: [] });
    const decoded = decodeLogRecord(encodeLogRecord(record, 1, 0), 0);
    assert.deepEqual(decoded?.record, record);
  });
});
