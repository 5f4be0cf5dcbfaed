import { Packr } from "msgpackr";

/**
 * Frames between nodes: four bytes of length (of everything after them, big-endian), a byte of version, a
 * byte of kind, and a body in MessagePack. Everything on the way from one node to another travels on the
 * connection that the sender dialled, so that a proxy can stand on each direction by itself.
 */
export const wireVersion = 1;

/** Bytes before the body: length, version, kind. */
export const frameHeaderBytes = 6;

/** The longest frame: a value of 1 MiB eight times over, which is more than any message batches. */
export const maxFrameBytes: number = 8 * 1024 * 1024;

/** Until a peer has shown that it knows the secret, a frame may only be as long as a hello can be. */
export const maxHandshakeFrameBytes = 1_024;

/** Numbers of the frame kinds; never reused for something else. */
export const frameKinds = {
  /** From the node that was dialled, at once: a nonce to be signed. */
  challenge: 1,
  /** From the node that dialled: who it is, whom it means, its own nonce, and its signature. */
  hello: 2,
  /** The dialled node's own signature; the link is up. */
  welcome: 3,
  /** Why the connection is closed. */
  refusal: 4,
  ping: 5,
  pong: 6,
  message: 7,
} as const;
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

/** A frame taken from a connection, its body not decoded yet. */
export interface RawFrame {
  readonly kind: number;
  readonly body: Uint8Array;
}

/** Bytes from a peer that are not what the protocol says. The connection is closed; nothing else suffers. */
export class WireError extends Error {
  override readonly name = "WireError";
}

// Without records, a frame can be read by itself, whatever frames were lost before it.
const packr = new Packr({ useRecords: false });

/** Encodes one frame. @throws WireError when the body is over the limit. */
export function encodeFrame(kind: FrameKind, body: unknown): Buffer {
  const packed = packr.pack(body);
  const length = packed.length + frameHeaderBytes - 4;
  if (length > maxFrameBytes) throw new WireError(`a frame of ${length} bytes is over ${maxFrameBytes}`);
  const frame = Buffer.allocUnsafe(packed.length + frameHeaderBytes);
  frame.writeUInt32BE(length, 0);
  frame[4] = wireVersion;
  frame[5] = kind;
  frame.set(packed, frameHeaderBytes);
  return frame;
}

/** Decodes a frame's body. @throws WireError when it is not one whole MessagePack value. */
export function decodeBody(frame: RawFrame): unknown {
  try {
    return packr.unpack(frame.body);
  } catch (cause) {
    throw new WireError(`a frame of kind ${frame.kind} has a body that is not MessagePack`, { cause });
  }
}

/** True for a plain object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  /** Frames longer than this end the connection; raised once the peer is known. */
  maxBytes: number;
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = 4;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Takes bytes in. They are joined only once a whole frame is there: long frames cost no repeated copying. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
  }

  /** The next whole frame, or null. @throws WireError on a wrong version or length. */
  next(): RawFrame | null {
    if (this.#held < this.#wanted) return null;
    const held = this.#join();
    if (held.length < 4) return null;
    const length = held.readUInt32BE(0);
    if (length < frameHeaderBytes - 4 || length > this.maxBytes) {
      throw new WireError(`a frame of ${length} bytes; from 2 to ${this.maxBytes} are allowed here`);
    }
    this.#wanted = length + 4;
    if (held.length >= frameHeaderBytes - 1 && held[4] !== wireVersion) {
      throw new WireError(`wire version ${String(held[4])}; this node speaks ${wireVersion}`);
    }
    if (held.length < this.#wanted) return null;
    const frame = { kind: held[5] ?? 0, body: held.subarray(frameHeaderBytes, this.#wanted) };
    const rest = held.subarray(this.#wanted);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#held = rest.length;
    this.#wanted = 4;
    return frame;
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    const joined = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}
