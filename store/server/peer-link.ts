import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { DialledPeer, DialPlan } from "../client/dial-peer.ts";
import { dialPeer } from "../client/dial-peer.ts";
import { textField } from "../client/handshake.ts";
import type { FrameReader, RawFrame } from "../client/wire.ts";
import { decodeBody, encodeFrame, frameKinds } from "../client/wire.ts";

/** First wait before dialling again. Chosen: a restarted process is back after a few tens of milliseconds. */
const firstBackOffMs = 20;
/** Longest wait before dialling again. Chosen, so that a mended link is in use within half a second. */
const longestBackOffMs = 500;
/** Chosen: longer than any latency that a test adds, shorter than a person waits. */
const handshakeTimeoutMs = 5_000;
/** How often a live link is asked whether it still is. */
const pingEveryMs = 2_000;
/** Without an answer for this long a connection is given up: TCP alone would take a quarter of an hour. */
const silenceMs = 10_000;
/** What may wait on one link; beyond it messages are dropped, as on a network. Chosen: two of the longest frames. */
export const maxQueuedBytes: number = 16 * 1024 * 1024;

/** What is known of a link, for people and for tests. */
export interface LinkState {
  readonly peer: string;
  readonly isUp: boolean;
  readonly sentFrames: number;
  /** Messages that were not sent because the link was down or full. */
  readonly droppedFrames: number;
  /** What waits because the peer does not read as fast as it is sent to. */
  readonly queuedBytes: number;
  readonly dials: number;
  readonly lastError: string | null;
}

/** One way from this node to a peer: dials, stays connected, and sends. It never waits and never repeats. */
export class PeerLink {
  readonly #plan: DialPlan;
  readonly #log: (line: string) => void;
  #socket: Socket | null = null;
  #abandonDial: (() => void) | null = null;
  #redial: NodeJS.Timeout | null = null;
  #pinger: NodeJS.Timeout | null = null;
  #heardMs = 0;
  #failures = 0;
  #isCorked = false;
  #isClosed = false;
  #sentFrames = 0;
  #droppedFrames = 0;
  #dials = 0;
  #lastError: string | null = null;

  constructor(plan: Omit<DialPlan, "timeoutMs" | "role">, log: (line: string) => void) {
    this.#plan = { ...plan, role: "dials", timeoutMs: handshakeTimeoutMs };
    this.#log = log;
  }

  get state(): LinkState {
    return {
      peer: this.#plan.peer,
      isUp: this.#socket !== null,
      sentFrames: this.#sentFrames,
      droppedFrames: this.#droppedFrames,
      queuedBytes: this.#socket?.writableLength ?? 0,
      dials: this.#dials,
      lastError: this.#lastError,
    };
  }

  /** Dials, now: at the start, and whenever there is reason to think that the peer answers again. */
  dial(): void {
    if (this.#isClosed || this.#socket !== null || this.#abandonDial !== null) return;
    if (this.#redial !== null) clearTimeout(this.#redial);
    this.#redial = null;
    this.#dials += 1;
    this.#abandonDial = dialPeer(this.#plan, (result) => {
      this.#abandonDial = null;
      if (result instanceof Error) this.#lost(result.message);
      else this.#use(result);
    });
  }

  /** Sends a frame, or drops it when the link is down or full. */
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

  /** Counts a message that could not even be put into a frame. */
  drop(because: string): void {
    this.#droppedFrames += 1;
    this.#log(`a message to ${this.#plan.peer} was dropped: ${because}`);
  }

  /**
   * Dials a second connection by the same way, sends a ping, and reports milliseconds until the pong: how
   * a test sees what a fault did to the link. A success also ends the link's own waiting.
   */
  probe(timeoutMs: number, done: (result: number | Error) => void): void {
    probePeer({ ...this.#plan, timeoutMs }, (result) => {
      if (typeof result === "number") this.dial();
      done(result);
    });
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
    this.#lastError = null;
    this.#heardMs = performance.now();
    this.#log(`link to ${this.#plan.peer} is up`);
    socket.on("data", (chunk) => this.#heard(reader, chunk));
    socket.on("close", () => {
      if (this.#socket === socket) this.#lost("the connection was closed");
    });
    this.#pinger = setInterval(() => this.#ping(), pingEveryMs);
  }

  #heard(reader: FrameReader, chunk: Buffer): void {
    this.#heardMs = performance.now();
    try {
      reader.push(chunk);
      for (let frame = reader.next(); frame !== null; frame = reader.next()) this.#take(frame);
    } catch (error) {
      this.#lost(error instanceof Error ? error.message : String(error));
    }
  }

  /** Pongs come back, of which only matters that they come; and why the peer is about to close. */
  #take(frame: RawFrame): void {
    if (frame.kind !== frameKinds.refusal) return;
    this.#lost(`${this.#plan.peer} refuses: ${textField(decodeBody(frame), "because")}`);
  }

  #ping(): void {
    if (performance.now() - this.#heardMs > silenceMs) this.#lost(`nothing heard for ${silenceMs} ms`);
    else this.send(encodeFrame(frameKinds.ping, null));
  }

  #lost(because: string): void {
    if (this.#lastError !== because) this.#log(`link to ${this.#plan.peer} is down: ${because}`);
    this.#lastError = because;
    this.#drop();
    if (this.#isClosed) return;
    const longestMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    // Jitter from half to all of it, so that nodes that lost each other at once do not dial in step.
    const waitMs = longestMs * (0.5 + Math.random() / 2);
    if (this.#redial !== null) clearTimeout(this.#redial);
    this.#redial = setTimeout(() => {
      this.#redial = null;
      this.dial();
    }, waitMs);
  }

  #drop(): void {
    if (this.#pinger !== null) clearInterval(this.#pinger);
    this.#pinger = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }
}

function probePeer(plan: DialPlan, done: (result: number | Error) => void): void {
  const startedMs = performance.now();
  dialPeer(plan, (result) => {
    if (result instanceof Error) {
      done(result);
      return;
    }
    const { socket } = result;
    const leftMs = Math.max(1, plan.timeoutMs - (performance.now() - startedMs));
    const pingedMs = performance.now();
    let isOver = false;
    const end = (answer: number | Error): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      socket.destroy();
      done(answer);
    };
    const timer = setTimeout(() => end(new Error(`no answer within ${plan.timeoutMs} ms`)), leftMs);
    socket.on("data", () => end(performance.now() - pingedMs));
    socket.on("close", () => end(new Error("the connection was closed")));
    socket.write(encodeFrame(frameKinds.ping, null));
  });
}
