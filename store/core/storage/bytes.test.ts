import assert from "node:assert/strict";
import { ByteReader, ByteWriter } from "./bytes.ts";

describe("bytes", () => {
  it("keep every number, wherever the room for it has to grow", () => {
    for (let length = 900; length < 1_100; length += 1) {
      const writer = new ByteWriter();
      writer.text("x".repeat(length));
      for (let turn = 0; turn < 40; turn += 1) {
        writer.uint8(turn);
        writer.uint32(70_000 + turn);
        writer.float64(turn + 0.5);
      }
      const bytes = writer.bytes();
      const reader = new ByteReader(bytes, 0, bytes.length);
      assert.equal(reader.text().length, length);
      for (let turn = 0; turn < 40; turn += 1) {
        assert.deepEqual(
          [reader.uint8(), reader.uint32(), reader.float64()],
          [turn, 70_000 + turn, turn + 0.5],
        );
      }
    }
  });

  it("keep every text, lone surrogates and long ones too", () => {
    for (const text of ["", "é€😀", "\ud800", "\u0000", "ab€".repeat(3_000)]) {
      const writer = new ByteWriter();
      writer.text(text);
      const bytes = writer.bytes();
      assert.equal(new ByteReader(bytes, 0, bytes.length).text(), text);
    }
  });
});
