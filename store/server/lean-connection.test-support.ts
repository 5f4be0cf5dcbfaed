import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";

const endOfHead = "\r\n\r\n";

/**
 * One keep-alive connection that asks one thing after the other, with as little work as HTTP allows: where
 * client and nodes share a machine, what a measuring client spends is missing to what it measures.
 */
export class LeanConnection {
  readonly #socket: Socket;
  #held = "";
  #answered: ((status: number) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => this.#take(text));
  }

  static async open(port: number): Promise<LeanConnection> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    await once(socket, "connect");
    return new LeanConnection(socket);
  }

  /** Sends a request and waits for the end of its answer; tells the status. */
  ask(method: string, path: string, body: string): Promise<number> {
    const length = body === "" ? "" : `content-length: ${Buffer.byteLength(body)}\r\n`;
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#socket.once("error", reject);
      this.#socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\n${length}\r\n${body}`, (error) => {
        if (error == null) this.#socket.removeListener("error", reject);
      });
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#held += text;
    const headEnd = this.#held.indexOf(endOfHead);
    if (headEnd < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#held)?.[1] ?? Number.NaN);
    if (!Number.isInteger(length)) throw new Error(`an answer without length: ${this.#held}`);
    if (this.#held.length < headEnd + endOfHead.length + length) return;
    const status = Number(this.#held.slice(9, 12));
    this.#held = "";
    this.#answered?.(status);
  }
}
