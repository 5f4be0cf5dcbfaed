import type { Message } from "../core/messages.ts";
import type { DialPlan } from "./dial-peer.ts";
import { KeptConnection } from "./kept-connection.ts";
import { decodeMessage, encodeMessage } from "./message-codec.ts";
import type { RawFrame } from "./wire.ts";
import { frameKinds, maxFrameBytes, WireError } from "./wire.ts";

/** Hears what a node sends back, and that it can be reached, or cannot any more. */
export interface NodeListener {
  onMessage(from: string, message: Message): void;
  onUp(node: string): void;
  onDown(node: string, because: string): void;
}

/** A client's connection to one node: requests go out and answers come back on it. */
export class NodeConnection {
  readonly #plan: DialPlan;
  readonly #listener: NodeListener;
  readonly #connection: KeptConnection;

  constructor(plan: DialPlan, listener: NodeListener) {
    this.#plan = plan;
    this.#listener = listener;
    this.#connection = new KeptConnection(plan, maxFrameBytes, {
      onFrame: (frame) => this.#take(frame),
      onUp: () => listener.onUp(plan.peer),
      onDown: (because) => listener.onDown(plan.peer, because),
    });
  }

  get isUp(): boolean {
    return this.#connection.isUp;
  }

  /** Dials, unless it is connected or about to be. */
  dial(): void {
    this.#connection.dial();
  }

  /** Sends, or loses: while the connection is down or full, and what no frame can hold. */
  send(message: Message): void {
    if (!this.#connection.isUp) return;
    try {
      this.#connection.send(encodeMessage(message));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }

  close(): void {
    this.#connection.close();
  }

  #take(frame: RawFrame): void {
    if (frame.kind === frameKinds.pong) return;
    let message: Message;
    try {
      if (frame.kind !== frameKinds.message)
        throw new WireError(`frame kind ${frame.kind} has no place here`);
      message = decodeMessage(frame);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#connection.giveUp(error.message);
      return;
    }
    this.#listener.onMessage(this.#plan.peer, message);
  }
}
