import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import { performance } from "node:perf_hooks";
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
import { ClientLink } from "./client-link.ts";

/** Chosen: as long as the dialling side waits. */
const handshakeTimeoutMs = 5_000;
/** Five of the peer's pings: then it is gone, or will dial anew. */
const silenceMs = 10_000;
/** Chosen: four connections each of 256 members, and probes. */
const maxConnections = 1_024;
/** Least time between two lines about refused connections. Chosen: ten lines a second at most. */
const complaintEveryMs = 100;
/** Answers to pings that may wait for a peer that does not read. Chosen: one socket buffer. */
const maxWaitingBytes = 64 * 1_024;

/** Who listens, and what it tells whom. */
export interface PeerServerPlan {
  readonly self: string;
  readonly secret: string;
  /** Whether that node is one of the cluster now, or one that will be. */
  isMember(id: string): boolean;
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
  readonly #clients = new Map<string, ClientLink>();
  #complainedMs = Number.NEGATIVE_INFINITY;
  #unsaid = 0;

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

  /** Sends a message to a client that has dialled this node. False where none of that name has. */
  answer(client: string, message: Message): boolean {
    const link = this.#clients.get(client);
    link?.send(message);
    return link !== undefined;
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Strangers can come as often as they like: they must not fill the disk with what is said about them. */
  #complain(line: string): void {
    const nowMs = performance.now();
    if (nowMs - this.#complainedMs > complaintEveryMs) {
      const more = this.#unsaid > 0 ? ` (and ${this.#unsaid} more before)` : "";
      this.#plan.log(`${line}${more}`);
      this.#complainedMs = nowMs;
      this.#unsaid = 0;
    } else this.#unsaid += 1;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const connection = new InboundConnection(this.#plan, socket, {
      onRefused: (whom, because) => this.#complain(`closed a connection from ${whom}: ${because}`),
      onClient: (client) => this.#keepClient(client, socket),
    });
    // From the start, and not from the last byte: strangers must not keep connections by dripping bytes.
    const patience = setTimeout(() => {
      if (!connection.isUp) socket.destroy();
    }, handshakeTimeoutMs);
    socket.setTimeout(silenceMs, () => socket.destroy());
    // The close event follows; why a stranger's connection broke is of no interest.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(patience);
      this.#sockets.delete(socket);
    });
    socket.on("data", (chunk) => connection.take(chunk));
    connection.challenge();
  }

  /** The latest connection of a client is the one that its answers take. */
  #keepClient(client: string, socket: Socket): void {
    const link = new ClientLink(client, socket, this.#plan.log);
    this.#clients.set(client, link);
    socket.on("close", () => {
      if (this.#clients.get(client) === link) this.#clients.delete(client);
    });
  }
}

interface ConnectionEars {
  onRefused(whom: string, because: string): void;
  /** A client that coordinates has dialled, and waits for its answers on this connection. */
  onClient(client: string): void;
}

/** One connection that a peer, or a client that coordinates, has dialled. */
class InboundConnection {
  readonly #plan: PeerServerPlan;
  readonly #socket: Socket;
  readonly #reader = new FrameReader(maxHandshakeFrameBytes);
  readonly #challenge = freshNonce();
  #peer: string | null = null;
  #isRefused = false;
  readonly #ears: ConnectionEars;

  constructor(plan: PeerServerPlan, socket: Socket, ears: ConnectionEars) {
    this.#plan = plan;
    this.#socket = socket;
    this.#ears = ears;
  }

  /** Whether the other side has shown that it knows the secret. */
  get isUp(): boolean {
    return this.#peer !== null;
  }

  challenge(): void {
    this.#socket.write(encodeFrame(frameKinds.challenge, { challenge: this.#challenge }));
  }

  take(chunk: Buffer): void {
    if (this.#isRefused) return;
    this.#reader.push(chunk);
    for (let frame = this.#nextFrame(); frame !== null; frame = this.#nextFrame()) this.#handle(frame);
  }

  #nextFrame(): RawFrame | null {
    if (this.#isRefused || this.#socket.destroyed) return null;
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
    const { self, secret } = this.#plan;
    const facts = { from: hello.from, to: hello.to, challenge: this.#challenge, nonce: hello.nonce };
    const isClient = isProof(hello.proof, prove(secret, "asks", facts));
    if (!isClient && !isProof(hello.proof, prove(secret, "dials", facts)))
      throw new WireError("wrong secret");
    if (hello.to !== self) throw new WireError(`this is ${self}, not ${hello.to}`);
    this.#refuseName(hello.from, isClient);
    this.#welcome(hello, isClient, prove(secret, "answers", facts));
  }

  /** A node must be one of the cluster's, and a client must not be called like one. */
  #refuseName(name: string, isClient: boolean): void {
    const isNode = name === this.#plan.self || this.#plan.isMember(name);
    if (isClient && isNode) throw new WireError(`${name} is the name of a node, not of a client`);
    if (!isClient && (!isNode || name === this.#plan.self)) {
      throw new WireError(`${name} is not another member of this cluster`);
    }
  }

  #welcome(hello: Hello, isClient: boolean, proof: string): void {
    this.#peer = hello.from;
    this.#reader.maxBytes = maxFrameBytes;
    this.#socket.write(encodeFrame(frameKinds.welcome, { proof }));
    if (isClient) this.#ears.onClient(hello.from);
    else this.#plan.onPeer(hello.from);
  }

  #control(frame: RawFrame): void {
    if (frame.kind !== frameKinds.ping) throw new WireError(`frame kind ${frame.kind} has no place here`);
    if (this.#socket.writableLength < maxWaitingBytes) {
      this.#socket.write(encodeFrame(frameKinds.pong, null));
    }
  }

  #refuse(error: unknown): void {
    this.#isRefused = true;
    const because = error instanceof Error ? error.message : String(error);
    this.#ears.onRefused(this.#peer ?? "a stranger", because);
    this.#socket.end(encodeFrame(frameKinds.refusal, { because }));
    this.#socket.destroySoon();
  }
}
