import type { Socket } from "node:net";
import { encodeMessage } from "../client/message-codec.ts";
import { WireError } from "../client/wire.ts";
import type { Message } from "../core/messages.ts";

/** What may wait on the way back to a client; beyond it answers are dropped. Chosen, as between nodes. */
const maxQueuedBytes = 16 * 1024 * 1024;

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
