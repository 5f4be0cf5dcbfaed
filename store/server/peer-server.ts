import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import type { Hello } from "../client/handshake.ts";
import { freshNonce, isProof, parseHello, prove } from "../client/handshake.ts";
import { decodeMessage } from "../client/message-codec.ts";
import type { RawFrame } from "../client/wire.ts";
import {
  decodeBody,
  encodeFrame,
  FrameReader,
  frameKinds,
  maxFrameBytes,
  maxHandshakeFrameBytes,
  WireError,
} from "../client/wire.ts";
import type { Message } from "../core/messages.ts";

/** Chosen: as long as the dialling side waits. */
const handshakeTimeoutMs = 5_000;
/** Five of the peer's pings: then it is gone, or will dial anew. */
const silenceMs = 10_000;
/** Chosen: four connections each of the most nodes that a keyspace may have replicas on, and probes. */
const maxConnections = 128;

/** Who listens, and what it tells whom. */
export interface PeerServerPlan {
  readonly self: string;
  readonly members: readonly string[];
  readonly secret: string;
  onMessage(from: string, message: Message): void;
  /** A peer that knows the secret has dialled: it can probably be dialled, too. */
  onPeer(from: string): void;
  log(line: string): void;
}

/** Takes connections from peers. Anything that does not follow the protocol loses its connection, no more. */
export class PeerServer {
  readonly #plan: PeerServerPlan;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(plan: PeerServerPlan) {
    this.#plan = plan;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = maxConnections;
  }

  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port }, () => {
        this.#server.removeListener("error", reject);
        this.#server.on("error", (error) => this.#plan.log(`peer port: ${error.message}`));
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const connection = new InboundConnection(this.#plan, socket);
    socket.setTimeout(handshakeTimeoutMs, () => socket.destroy());
    // The close event follows; why a stranger's connection broke is of no interest.
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (chunk) => connection.take(chunk));
    connection.challenge();
  }
}

/** One connection that a peer dialled. */
class InboundConnection {
  readonly #plan: PeerServerPlan;
  readonly #socket: Socket;
  readonly #reader = new FrameReader(maxHandshakeFrameBytes);
  readonly #challenge = freshNonce();
  #peer: string | null = null;

  constructor(plan: PeerServerPlan, socket: Socket) {
    this.#plan = plan;
    this.#socket = socket;
  }

  challenge(): void {
    this.#socket.write(encodeFrame(frameKinds.challenge, { challenge: this.#challenge }));
  }

  take(chunk: Buffer): void {
    this.#reader.push(chunk);
    for (let frame = this.#nextFrame(); frame !== null; frame = this.#nextFrame()) this.#handle(frame);
  }

  #nextFrame(): RawFrame | null {
    if (this.#socket.destroyed) return null;
    try {
      return this.#reader.next();
    } catch (error) {
      this.#refuse(error);
      return null;
    }
  }

  /** Only decoding is guarded: what the store does with a message is its own affair, and a bug must show. */
  #handle(frame: RawFrame): void {
    const peer = this.#peer;
    if (peer === null || frame.kind !== frameKinds.message) {
      try {
        if (peer === null) this.#greet(frame);
        else this.#control(frame);
      } catch (error) {
        this.#refuse(error);
      }
      return;
    }
    let message: Message;
    try {
      message = decodeMessage(frame);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    this.#plan.onMessage(peer, message);
  }

  #greet(frame: RawFrame): void {
    if (frame.kind !== frameKinds.hello) throw new WireError("the first frame must be a hello");
    const hello = parseHello(decodeBody(frame));
    const { self, members, secret } = this.#plan;
    const facts = { from: hello.from, to: hello.to, challenge: this.#challenge, nonce: hello.nonce };
    if (!isProof(hello.proof, prove(secret, "dials", facts))) throw new WireError("wrong secret");
    if (hello.to !== self) throw new WireError(`this is ${self}, not ${hello.to}`);
    if (hello.from === self || !members.includes(hello.from)) {
      throw new WireError(`${hello.from} is not another member of this cluster`);
    }
    this.#welcome(hello, prove(secret, "answers", facts));
  }

  #welcome(hello: Hello, proof: string): void {
    this.#peer = hello.from;
    this.#reader.maxBytes = maxFrameBytes;
    this.#socket.setTimeout(silenceMs);
    this.#socket.write(encodeFrame(frameKinds.welcome, { proof }));
    this.#plan.onPeer(hello.from);
  }

  #control(frame: RawFrame): void {
    if (frame.kind !== frameKinds.ping) throw new WireError(`frame kind ${frame.kind} has no place here`);
    this.#socket.write(encodeFrame(frameKinds.pong, null));
  }

  #refuse(error: unknown): void {
    const because = error instanceof Error ? error.message : String(error);
    this.#plan.log(`closed a connection from ${this.#peer ?? "a stranger"}: ${because}`);
    this.#socket.end(encodeFrame(frameKinds.refusal, { because }));
    this.#socket.destroySoon();
  }
}
