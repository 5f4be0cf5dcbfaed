import type { Socket } from "node:net";
import { maxQueuedBytes } from "../client/kept-connection.ts";
import { encodeMessage } from "../client/message-codec.ts";
import { WireError } from "../client/wire.ts";
import type { Message } from "../core/messages.ts";

/** The way back to a client that coordinates: the connection that it dialled. It never waits and never repeats. */
export class ClientLink {
  readonly #client: string;
  readonly #socket: Socket;
  readonly #log: (line: string) => void;

  constructor(client: string, socket: Socket, log: (line: string) => void) {
    this.#client = client;
    this.#socket = socket;
    this.#log = log;
  }

  /** Sends, or loses: what no frame can hold, or what a client that does not read has no room for. */
  send(message: Message): void {
    try {
      const frame = encodeMessage(message);
      if (this.#socket.destroyed || this.#socket.writableLength + frame.length > maxQueuedBytes) return;
      this.#socket.write(frame);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#log(`an answer to the client ${this.#client} was dropped: ${error.message}`);
    }
  }
}
