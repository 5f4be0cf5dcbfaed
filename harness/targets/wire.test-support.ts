import { decodeMessage, encodeMessage } from "../../store/client/message-codec.ts";
import { FrameReader, maxFrameBytes } from "../../store/client/wire.ts";
import { InvariantViolation } from "../base/invariant.ts";
import type { Wire } from "../sim/sim-runtime.ts";

/** Sends a message as nodes do: encoded, cut out of a stream that comes in two pieces, and decoded. */
export const throughCodec: Wire = (message) => {
  const bytes = encodeMessage(message);
  const middle = bytes.length >> 1;
  const reader = new FrameReader(maxFrameBytes);
  reader.push(bytes.subarray(0, middle));
  if (reader.next() !== null) throw new InvariantViolation("half a frame was taken for a whole one");
  reader.push(bytes.subarray(middle));
  const frame = reader.next();
  if (frame === null) throw new InvariantViolation("a whole frame was not recognised");
  return decodeMessage(frame);
};

/** Freezes a message with all that it carries, so that whoever changes it afterwards, on either side, throws. */
export const frozen: Wire = (message) => {
  freeze(message);
  return message;
};

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
