import type { Socket } from "node:net";
import { connect } from "node:net";
import fc from "fast-check";
import { dialPeer } from "../client/dial-peer.ts";
import { anyMessage } from "../client/message.test-support.ts";
import { encodeMessage } from "../client/message-codec.ts";
import {
  encodeFrame,
  frameKinds,
  maxFrameBytes,
  maxHandshakeFrameBytes,
  wireVersion,
} from "../client/wire.ts";
import type { Message } from "../core/messages.ts";
import { MessageKind } from "../core/messages.ts";
import { fuzzedKeyspaces } from "./fuzz-http.test-support.ts";
import type { FuzzRandom } from "./fuzz-random.test-support.ts";
import { testSecret } from "./local-cluster.test-support.ts";

/** A node to be fuzzed, and another one that the fuzzer gives itself out to be. */
export interface FuzzedPeer {
  readonly port: number;
  readonly node: string;
  readonly as: string;
}

/** How long the node may take to close a connection that it has refused. */
const patienceMs = 10_000;
/** Frames on one connection. Chosen, so that a state that a frame leaves behind meets others. */
const mostFrames = 40;

/**
 * Messages of every kind, each well formed and about the keyspaces that may change, but for those that order
 * a change of membership: a node takes such orders from any peer that knows the secret, and is meant to.
 */
export function messagePool(seed: number): readonly [Buffer, ...Buffer[]] {
  const messages = fc
    .sample(anyMessage, { numRuns: 400, seed })
    .filter(({ kind, extra }) => kind !== MessageKind.membership && extra?.kind !== "membership")
    .map((message, index) => encodeMessage(aboutFuzzed(message, index)));
  const [first, ...rest] = messages;
  if (first === undefined) throw new Error("no messages were drawn");
  return [first, ...rest];
}

function aboutFuzzed(message: Message, index: number): Message {
  const keyspace = fuzzedKeyspaces[index % fuzzedKeyspaces.length] ?? "f-lww";
  const { extra } = message;
  const own =
    extra?.kind === "request" ? { kind: extra.kind, request: { ...extra.request, keyspace } } : extra;
  // Most are of the ring as it is, for the rest is refused at the door, and about keys that clients use, too.
  const ringEpoch = index % 4 === 0 ? message.ringEpoch : 1;
  const key = index % 3 === 0 ? message.key : `k${index % 50}`;
  return { ...message, keyspace, ringEpoch, key, extra: own };
}

/** Bytes from a stranger: garbage, hellos that are nearly right, lengths that promise too much. One frame each. */
export async function fuzzStranger(random: FuzzRandom, { port, node, as }: FuzzedPeer): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => {});
  socket.resume();
  const facts = { from: as, to: node, nonce: "00", proof: random.text(64) };
  const hello = encodeFrame(frameKinds.hello, facts);
  socket.write(random.chance(40) ? strangeFrame(random) : random.mutated(hello));
  await ending(socket);
}

/** A peer that knows the secret, and sends frames that are well formed, nearly so, or not at all. Says how many. */
export async function fuzzPeer(
  random: FuzzRandom,
  { port, node, as }: FuzzedPeer,
  pool: readonly [Buffer, ...Buffer[]],
): Promise<number> {
  const socket = await dialled(port, node, as);
  const count = 1 + random.below(mostFrames);
  let sent = 0;
  while (sent < count && socket.writable) {
    socket.write(peerFrame(random, pool));
    sent += 1;
    // A node that refuses a frame closes; what was written behind it was never looked at.
    if (random.chance(20)) await new Promise((resolve) => setImmediate(resolve));
  }
  await ending(socket);
  return sent;
}

function peerFrame(random: FuzzRandom, pool: readonly [Buffer, ...Buffer[]]): Buffer {
  const kind = random.below(100);
  if (kind < 60) return random.pick(pool);
  if (kind < 92) return withLength(mutatedBody(random, random.pick(pool)));
  return kind < 96 ? encodeFrame(frameKinds.ping, null) : strangeFrame(random);
}

/** Changes to what is inside: the frame's own head stays right, so that all of it is read. */
function mutatedBody(random: FuzzRandom, frame: Buffer): Buffer {
  return Buffer.concat([frame.subarray(0, 6), random.mutated(frame.subarray(6))]);
}

function withLength(frame: Buffer): Buffer {
  frame.writeUInt32BE(frame.length - 4, 0);
  return frame;
}

function strangeFrame(random: FuzzRandom): Buffer {
  const head = Buffer.alloc(6);
  const lengths = [
    0,
    1,
    2,
    50,
    maxHandshakeFrameBytes + 1,
    maxFrameBytes,
    maxFrameBytes + 1,
    0xffff_ffff,
  ] as const;
  head.writeUInt32BE(random.pick(lengths), 0);
  head[4] = random.chance(70) ? wireVersion : random.below(256);
  head[5] = random.below(12);
  return Buffer.concat([head, random.bytes(300)]);
}

function dialled(port: number, node: string, as: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const plan = {
      self: as,
      role: "dials" as const,
      peer: node,
      host: "127.0.0.1",
      port,
      secret: testSecret,
    };
    dialPeer({ ...plan, timeoutMs: patienceMs }, (result) => {
      if (result instanceof Error) {
        reject(result);
        return;
      }
      result.socket.on("error", () => {});
      result.socket.resume();
      resolve(result.socket);
    });
  });
}

/** Says that no more is coming, and waits until the node has closed, too. */
function ending(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), patienceMs);
    socket.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    socket.end();
  });
}
