import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { Message } from "../core/messages.ts";
import type { DialledPeer, DialPlan } from "./dial-peer.ts";
import { dialPeer } from "./dial-peer.ts";
import { decodeMessage, encodeMessage } from "./message-codec.ts";
import type { FrameReader } from "./wire.ts";
import { encodeFrame, frameKinds, maxFrameBytes, WireError } from "./wire.ts";

/** First and longest wait before dialling again. Chosen, as between nodes. */
const firstBackOffMs = 20;
const longestBackOffMs = 500;
/** How often an idle connection is used, so that the node does not take it for dead after 10 s. */
const pingEveryMs = 2_000;
/** Without an answer for this long a connection is given up. */
const silenceMs = 10_000;
/** What may wait for one node; beyond it messages are dropped, as on a network. */
const maxQueuedBytes = 16 * 1024 * 1024;

/** Hears what a node sends back, and that it can be reached, or cannot any more. */
export interface ConnectionListener {
  onMessage(from: string, message: Message): void;
  onUp(node: string): void;
  onDown(node: string, because: string): void;
}

/** A client's connection to one node: requests go out and answers come back on it. Dials again when it breaks. */
export class NodeConnection {
  readonly #plan: DialPlan;
  readonly #listener: ConnectionListener;
  #socket: Socket | null = null;
  #abandonDial: (() => void) | null = null;
  #redial: NodeJS.Timeout | null = null;
  #pinger: NodeJS.Timeout | null = null;
  #heardMs = 0;
  #failures = 0;
  #isClosed = false;

  constructor(plan: DialPlan, listener: ConnectionListener) {
    this.#plan = plan;
    this.#listener = listener;
  }

  get isUp(): boolean {
    return this.#socket !== null;
  }

  /** Dials, unless it is connected or about to be. */
  dial(): void {
    if (this.#isClosed || this.#socket !== null || this.#abandonDial !== null) return;
    this.#abandonDial = dialPeer(this.#plan, (result) => {
      this.#abandonDial = null;
      if (result instanceof Error) this.#lost(result.message);
      else this.#use(result);
    });
  }

  /** Sends, or loses: while the connection is down or full, and what no frame can hold. */
  send(message: Message): void {
    const socket = this.#socket;
    if (socket === null) return;
    try {
      const frame = encodeMessage(message);
      if (socket.writableLength + frame.length <= maxQueuedBytes) socket.write(frame);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#redial !== null) clearTimeout(this.#redial);
    this.#abandonDial?.();
    this.#drop();
  }

  #use({ socket, reader }: DialledPeer): void {
    if (this.#isClosed) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    this.#failures = 0;
    this.#heardMs = performance.now();
    reader.maxBytes = maxFrameBytes;
    socket.on("data", (chunk) => this.#hear(reader, chunk));
    socket.on("close", () => {
      if (this.#socket === socket) this.#lost("the connection was closed");
    });
    this.#pinger = setInterval(() => this.#ping(socket), pingEveryMs);
    this.#listener.onUp(this.#plan.peer);
  }

  #hear(reader: FrameReader, chunk: Buffer): void {
    this.#heardMs = performance.now();
    reader.push(chunk);
    for (let message = this.#next(reader); message !== null; message = this.#next(reader)) {
      this.#listener.onMessage(this.#plan.peer, message);
    }
  }

  /** The next message that has come; null when there is none, or the connection is given up. */
  #next(reader: FrameReader): Message | null {
    if (this.#socket === null) return null;
    try {
      for (let frame = reader.next(); frame !== null; frame = reader.next()) {
        if (frame.kind === frameKinds.message) return decodeMessage(frame);
        if (frame.kind !== frameKinds.pong) throw new WireError(`frame kind ${frame.kind} has no place here`);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#lost(error.message);
    }
    return null;
  }

  #ping(socket: Socket): void {
    if (performance.now() - this.#heardMs > silenceMs) this.#lost(`nothing heard for ${silenceMs} ms`);
    else socket.write(encodeFrame(frameKinds.ping, null));
  }

  #lost(because: string): void {
    this.#drop();
    if (this.#isClosed) return;
    this.#listener.onDown(this.#plan.peer, because);
    const longestMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    if (this.#redial !== null) clearTimeout(this.#redial);
    // Jitter from half to all of it, so that clients that lost a node at once do not dial in step.
    this.#redial = setTimeout(() => this.dial(), longestMs * (0.5 + Math.random() / 2));
  }

  #drop(): void {
    if (this.#pinger !== null) clearInterval(this.#pinger);
    this.#pinger = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }
}
