import { performance } from "node:perf_hooks";
import type { DialPlan } from "../client/dial-peer.ts";
import { dialPeer } from "../client/dial-peer.ts";
import { textField } from "../client/handshake.ts";
import type { NodeLink } from "../client/http-client.ts";
import { handshakeTimeoutMs, KeptConnection } from "../client/kept-connection.ts";
import type { RawFrame } from "../client/wire.ts";
import { decodeBody, encodeFrame, frameKinds, maxHandshakeFrameBytes, WireError } from "../client/wire.ts";

/** One way from this node to a peer: messages go out on it, and none come back. */
export class PeerLink {
  readonly #plan: DialPlan;
  readonly #log: (line: string) => void;
  readonly #connection: KeptConnection;
  /** Messages that could not even be put into a frame. */
  #unframed = 0;
  #lastError: string | null = null;

  constructor(plan: Omit<DialPlan, "timeoutMs" | "role">, log: (line: string) => void) {
    this.#plan = { ...plan, role: "dials", timeoutMs: handshakeTimeoutMs };
    this.#log = log;
    this.#connection = new KeptConnection(this.#plan, maxHandshakeFrameBytes, {
      onFrame: (frame) => this.#take(frame),
      onUp: () => this.#up(),
      onDown: (because) => this.#down(because),
    });
  }

  /** What is known of the link, for people and for tests. Dropped: because the link was down or full. */
  get state(): NodeLink {
    const { isUp, sentFrames, droppedFrames, queuedBytes, dials } = this.#connection;
    return {
      peer: this.#plan.peer,
      isUp,
      sentFrames,
      droppedFrames: droppedFrames + this.#unframed,
      queuedBytes,
      dials,
      lastError: this.#lastError,
    };
  }

  /** Dials, now: at the start, and whenever there is reason to think that the peer answers again. */
  dial(): void {
    this.#connection.dial();
  }

  /** Sends a frame, or drops it when the link is down or full. */
  send(frame: Buffer): void {
    this.#connection.send(frame);
  }

  /** Counts a message that could not even be put into a frame. */
  drop(because: string): void {
    this.#unframed += 1;
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
    this.#connection.close();
  }

  #up(): void {
    this.#lastError = null;
    this.#log(`link to ${this.#plan.peer} is up`);
  }

  #down(because: string): void {
    if (this.#lastError !== because) this.#log(`link to ${this.#plan.peer} is down: ${because}`);
    this.#lastError = because;
  }

  /** Pongs come back, of which only matters that they come; and why the peer is about to close. */
  #take(frame: RawFrame): void {
    if (frame.kind !== frameKinds.refusal) return;
    try {
      const because = textField(decodeBody(frame), "because");
      this.#connection.giveUp(`${this.#plan.peer} refuses: ${because}`);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#connection.giveUp(error.message);
    }
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
