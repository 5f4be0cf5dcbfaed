import type { Socket } from "node:net";
import { connect } from "node:net";
import { freshNonce, isProof, prove, textField } from "./handshake.ts";
import type { RawFrame } from "./wire.ts";
import {
  decodeBody,
  encodeFrame,
  FrameReader,
  frameKinds,
  maxHandshakeFrameBytes,
  WireError,
} from "./wire.ts";

/** Whom to dial, as whom. */
export interface DialPlan {
  readonly self: string;
  /** As another node, or as a client, which hears its answers on the connection that it dialled. */
  readonly role: "dials" | "asks";
  readonly peer: string;
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly timeoutMs: number;
}

/** An open connection: both ends have shown that they know the secret. */
export interface DialledPeer {
  readonly socket: Socket;
  /** Holds what came after the welcome; the caller goes on reading. */
  readonly reader: FrameReader;
}

/** Connects and shakes hands; `done` is called once, later. Returns a way to give up. */
export function dialPeer(plan: DialPlan, done: (result: DialledPeer | Error) => void): () => void {
  const socket = connect({ host: plan.host, port: plan.port, noDelay: true });
  const reader = new FrameReader(maxHandshakeFrameBytes);
  const shake = new DiallersHandshake(plan, socket);
  let isOver = false;
  const end = (result: DialledPeer | Error): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    socket.removeAllListeners();
    // What a dying socket still has to say is of no interest, but would be thrown without a listener.
    socket.on("error", () => {});
    if (result instanceof Error) socket.destroy();
    done(result);
  };
  const timer = setTimeout(() => {
    end(new WireError(`${plan.peer} did not shake hands within ${plan.timeoutMs} ms`));
  }, plan.timeoutMs);
  socket.on("error", end);
  socket.on("close", () => end(new WireError(`${plan.peer} closed the connection`)));
  socket.on("data", (chunk) => {
    try {
      reader.push(chunk);
      for (let frame = reader.next(); frame !== null; frame = reader.next()) {
        if (shake.take(frame)) return end({ socket, reader });
      }
    } catch (error) {
      end(error instanceof Error ? error : new WireError(String(error)));
    }
  });
  return () => end(new WireError("given up"));
}

/** The dialling side: answers the challenge, then wants the other side's proof. */
class DiallersHandshake {
  readonly #plan: DialPlan;
  readonly #socket: Socket;
  readonly #nonce = freshNonce();
  #challenge: string | null = null;

  constructor(plan: DialPlan, socket: Socket) {
    this.#plan = plan;
    this.#socket = socket;
  }

  /** True once the link is up. @throws WireError when the other side is not who it should be. */
  take(frame: RawFrame): boolean {
    const { self: from, role, peer: to, secret } = this.#plan;
    const body = decodeBody(frame);
    if (frame.kind === frameKinds.refusal)
      throw new WireError(`${to} refuses: ${textField(body, "because")}`);
    if (this.#challenge === null) {
      if (frame.kind !== frameKinds.challenge) throw new WireError(`${to} sent no challenge`);
      this.#challenge = textField(body, "challenge");
      const facts = { from, to, challenge: this.#challenge, nonce: this.#nonce };
      const hello = { from, to, nonce: this.#nonce, proof: prove(secret, role, facts) };
      this.#socket.write(encodeFrame(frameKinds.hello, hello));
      return false;
    }
    if (frame.kind !== frameKinds.welcome) throw new WireError(`${to} sent no welcome`);
    const facts = { from, to, challenge: this.#challenge, nonce: this.#nonce };
    if (!isProof(textField(body, "proof"), prove(secret, "answers", facts))) {
      throw new WireError(`${to} does not know the cluster's secret`);
    }
    return true;
  }
}
