import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { DialledPeer, DialPlan } from "./dial-peer.ts";
import { dialPeer } from "./dial-peer.ts";
import type { FrameReader, RawFrame } from "./wire.ts";
import { encodeFrame, frameKinds, WireError } from "./wire.ts";

/** First wait before dialling again. Chosen: a restarted process is back after a few tens of milliseconds. */
const firstBackOffMs = 20;
/** Longest wait before dialling again. Chosen, so that a mended link is in use within half a second. */
const longestBackOffMs = 500;
/** Chosen: longer than any latency that a test adds, shorter than a person waits. */
export const handshakeTimeoutMs = 5_000;
/** How often a connection is used at least, so that the other end does not take it for dead after 10 s. */
const pingEveryMs = 2_000;
/** Without an answer for this long a connection is given up: TCP alone would take a quarter of an hour. */
const silenceMs = 10_000;
/** What may wait on one connection; beyond it messages are dropped, as on a network. Chosen: two of the longest frames. */
export const maxQueuedBytes: number = 16 * 1024 * 1024;

/** Hears what comes, and when the connection is there and when it is not. */
export interface ConnectionListener {
  onFrame(frame: RawFrame): void;
  onUp(): void;
  onDown(because: string): void;
}

/** A connection that this side dials, and dials again when it breaks. It never waits and never repeats. */
export class KeptConnection {
  readonly #plan: DialPlan;
  readonly #maxBytes: number;
  readonly #listener: ConnectionListener;
  #socket: Socket | null = null;
  #abandonDial: (() => void) | null = null;
  #redial: NodeJS.Timeout | null = null;
  #pinger: NodeJS.Timeout | null = null;
  #heardMs = 0;
  #failures = 0;
  #isCorked = false;
  #isClosed = false;
  #dials = 0;
  #sentFrames = 0;
  #droppedFrames = 0;

  /** `maxBytes`: a longer frame of the other end's breaks the connection. */
  constructor(plan: DialPlan, maxBytes: number, listener: ConnectionListener) {
    this.#plan = plan;
    this.#maxBytes = maxBytes;
    this.#listener = listener;
  }

  get isUp(): boolean {
    return this.#socket !== null;
  }

  get dials(): number {
    return this.#dials;
  }

  get sentFrames(): number {
    return this.#sentFrames;
  }

  /** Frames that were not sent, because the connection was down or full. */
  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  /** What waits because the other end does not read as fast as it is sent to. */
  get queuedBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  /** Dials, unless it is connected or about to be. */
  dial(): void {
    if (this.#isClosed || this.#socket !== null || this.#abandonDial !== null) return;
    if (this.#redial !== null) clearTimeout(this.#redial);
    this.#redial = null;
    this.#dials += 1;
    this.#abandonDial = dialPeer(this.#plan, (result) => {
      this.#abandonDial = null;
      if (result instanceof Error) this.giveUp(result.message);
      else this.#use(result);
    });
  }

  /** Sends a frame, or drops it when the connection is down or full. */
  send(frame: Buffer): void {
    const socket = this.#socket;
    if (socket === null || socket.writableLength + frame.length > maxQueuedBytes) {
      this.#droppedFrames += 1;
      return;
    }
    if (!this.#isCorked) {
      // All frames of one turn of the event loop leave in one packet.
      this.#isCorked = true;
      socket.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        socket.uncork();
      });
    }
    socket.write(frame);
    this.#sentFrames += 1;
  }

  /** Breaks the connection off, and dials again after a while. */
  giveUp(because: string): void {
    this.#drop();
    if (this.#isClosed) return;
    this.#listener.onDown(because);
    const longestMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    // Jitter from half to all of it, so that those that lost each other at once do not dial in step.
    const waitMs = longestMs * (0.5 + Math.random() / 2);
    if (this.#redial !== null) clearTimeout(this.#redial);
    this.#redial = setTimeout(() => {
      this.#redial = null;
      this.dial();
    }, waitMs);
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
    reader.maxBytes = this.#maxBytes;
    socket.on("data", (chunk) => this.#hear(socket, reader, chunk));
    socket.on("close", () => {
      if (this.#socket === socket) this.giveUp("the connection was closed");
    });
    this.#pinger = setInterval(() => this.#ping(), pingEveryMs);
    this.#listener.onUp();
  }

  #hear(socket: Socket, reader: FrameReader, chunk: Buffer): void {
    this.#heardMs = performance.now();
    reader.push(chunk);
    for (let frame = this.#next(socket, reader); frame !== null; frame = this.#next(socket, reader)) {
      this.#listener.onFrame(frame);
    }
  }

  /** Only cutting into frames is guarded: what the listener makes of one is its own affair, and a bug must show. */
  #next(socket: Socket, reader: FrameReader): RawFrame | null {
    if (this.#socket !== socket) return null;
    try {
      return reader.next();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.giveUp(error.message);
      return null;
    }
  }

  #ping(): void {
    if (performance.now() - this.#heardMs > silenceMs) this.giveUp(`nothing heard for ${silenceMs} ms`);
    else this.send(encodeFrame(frameKinds.ping, null));
  }

  #drop(): void {
    if (this.#pinger !== null) clearInterval(this.#pinger);
    this.#pinger = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }
}
