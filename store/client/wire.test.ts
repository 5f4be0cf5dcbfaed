import assert from "node:assert/strict";
import fc from "fast-check";
import type { Message } from "../core/messages.ts";
import { anyMessage } from "./message.test-support.ts";
import { decodeMessage, encodeMessage } from "./message-codec.ts";
import { encodeFrame, FrameReader, frameKinds, maxFrameBytes, WireError } from "./wire.ts";

describe("wire", () => {
  it("gives back every message, however the stream is cut into chunks", () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 4 }), cuts, (messages, sizes) => {
        const bytes = Buffer.concat(messages.map(encodeMessage));
        const reader = new FrameReader(maxFrameBytes);
        const read: Message[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          reader.push(bytes.subarray(at, at + size));
          at += size;
          for (let frame = reader.next(); frame !== null; frame = reader.next())
            read.push(decodeMessage(frame));
        }
        assert.deepEqual(read, messages);
      }),
      { numRuns: 200 },
    );
  });

  it("answers any bytes with frames or a wire error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const reader = new FrameReader(1_024);
        reader.push(Buffer.from(bytes));
        try {
          for (let frame = reader.next(); frame !== null; frame = reader.next()) decodeMessage(frame);
        } catch (error) {
          assert.ok(error instanceof WireError, String(error));
        }
      }),
    );
  });

  it("refuses a frame that is too long before it has come", () => {
    const reader = new FrameReader(1_024);
    reader.push(Buffer.from([0, 0, 4, 1]));
    assert.throws(() => reader.next(), /a frame of 1025 bytes; from 2 to 1024/);
  });

  it("refuses another version of the protocol", () => {
    const reader = new FrameReader(1_024);
    reader.push(Buffer.from([0, 0, 0, 9, 77]));
    assert.throws(() => reader.next(), /wire version 77; this node speaks 1/);
  });

  it("refuses a context that no header could carry", () => {
    const reader = new FrameReader(1_024);
    const state = [[], [["n1\n", "", 1]]];
    reader.push(
      encodeFrame(frameKinds.message, [1, "k", 0, 0, 0, 0, "", "k", "", state, null, [], [], null]),
    );
    const frame = reader.next();
    assert.ok(frame !== null);
    assert.throws(() => decodeMessage(frame), /actor is not a name/);
  });

  it("refuses a message with a field of another shape, by name", () => {
    const reader = new FrameReader(1_024);
    reader.push(encodeFrame(frameKinds.message, [1, "k", 0, 0, 0, 0, "", 7, "", [], null, [], [], null]));
    const frame = reader.next();
    assert.ok(frame !== null);
    assert.throws(() => decodeMessage(frame), /key is not text/);
  });
});
