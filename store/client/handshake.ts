import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isRecord, WireError } from "./wire.ts";

/** Who dialled whom, with the nonces of both: what the signatures of a handshake are over. */
export interface HandshakeFacts {
  readonly from: string;
  readonly to: string;
  /** Chosen by the node that was dialled. */
  readonly challenge: string;
  /** Chosen by the node that dialled. */
  readonly nonce: string;
}

/** The body of a hello frame. */
export interface Hello {
  readonly from: string;
  readonly to: string;
  readonly nonce: string;
  readonly proof: string;
}

/** 16 random bytes in hexadecimal: never repeated, so that no old hello can be played again. */
export function freshNonce(): string {
  return randomBytes(16).toString("hex");
}

/** Each side signs in a role of its own: a node that dials, a client that does, and the node that is dialled. */
export type HandshakeRole = "dials" | "asks" | "answers";

/** Proves knowledge of the cluster's secret without sending it. */
export function prove(secret: string, role: HandshakeRole, facts: HandshakeFacts): string {
  const text = JSON.stringify([role, facts.from, facts.to, facts.challenge, facts.nonce]);
  return createHmac("sha256", secret).update(text).digest("hex");
}

/** Compares in a time that does not depend on where the two differ. */
export function isProof(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Reads a hello's body. @throws WireError when a field is missing. */
export function parseHello(body: unknown): Hello {
  const [from, to, nonce, proof] = ["from", "to", "nonce", "proof"].map((field) => textField(body, field));
  return { from: from ?? "", to: to ?? "", nonce: nonce ?? "", proof: proof ?? "" };
}

/** Reads one text field of a handshake frame. @throws WireError when it is not text of a sensible length. */
export function textField(body: unknown, field: string): string {
  const value = isRecord(body) ? body[field] : undefined;
  if (typeof value !== "string" || value.length > 256) throw new WireError(`a handshake without ${field}`);
  return value;
}
