import type { KeyDigest, KeyState, Message, MessageKindCode } from "../core/messages.ts";
import { messageNames } from "../core/messages.ts";
import type { Entry, State, Version } from "../core/versions/version.ts";
import type { RawFrame } from "./wire.ts";
import { decodeBody, encodeFrame, frameKinds, WireError } from "./wire.ts";

/**
 * A message as a list without field names: they would be two thirds of a small message. In order: kind,
 * keyspace, ring epoch, cause, attempt, request id, incarnation, key, state, version, digests, entries.
 */
export function encodeMessage(message: Message): Buffer {
  return encodeFrame(frameKinds.message, [
    message.kind,
    message.keyspace,
    message.ringEpoch,
    message.cause,
    message.attempt,
    message.requestId,
    message.incarnation,
    message.key,
    message.state.map(packEntry),
    message.version === null ? null : packVersion(message.version),
    message.digests.map(({ key, versions }) => [key, versions.map(packVersion)]),
    message.entries.map(({ key, state }) => [key, state.map(packEntry)]),
  ]);
}

/** Reads a message frame. Nothing of another shape reaches the store. @throws WireError naming the field. */
export function decodeMessage(frame: RawFrame): Message {
  const fields = listOf(decodeBody(frame), "a message", 12);
  const kind = numberOf(fields[0], "kind");
  if (!Number.isInteger(kind) || kind < 1 || kind >= messageNames.length) {
    throw new WireError(`message kind ${kind} is not one of 1 to ${messageNames.length - 1}`);
  }
  return {
    kind: kind as MessageKindCode,
    keyspace: textOf(fields[1], "keyspace"),
    ringEpoch: numberOf(fields[2], "ring epoch"),
    cause: numberOf(fields[3], "cause"),
    attempt: numberOf(fields[4], "attempt"),
    requestId: numberOf(fields[5], "request id"),
    incarnation: textOf(fields[6], "incarnation"),
    key: textOf(fields[7], "key"),
    state: unpackState(fields[8]),
    version: fields[9] === null ? null : unpackVersion(fields[9]),
    digests: listOf(fields[10], "digests").map(unpackDigest),
    entries: listOf(fields[11], "entries").map(unpackKeyState),
  };
}

function packVersion({ time, node, incarnation, sequence }: Version): unknown[] {
  return [time, node, incarnation, sequence];
}

function packEntry({ version, value, deleted }: Entry): unknown[] {
  return [version.time, version.node, version.incarnation, version.sequence, value, deleted];
}

function unpackVersion(value: unknown): Version {
  const [time, node, incarnation, sequence] = listOf(value, "a version", 4);
  return {
    time: numberOf(time, "version time"),
    node: textOf(node, "version node"),
    incarnation: textOf(incarnation, "version incarnation"),
    sequence: numberOf(sequence, "version sequence"),
  };
}

function unpackEntry(packed: unknown): Entry {
  const fields = listOf(packed, "an entry", 6);
  const [value, deleted] = fields.slice(4);
  if (typeof deleted !== "boolean") throw new WireError("an entry says whether it is deleted");
  return {
    version: unpackVersion(fields.slice(0, 4)),
    value: value === null ? null : textOf(value, "value"),
    deleted,
  };
}

function unpackState(value: unknown): State {
  return listOf(value, "a state").map(unpackEntry);
}

function unpackDigest(value: unknown): KeyDigest {
  const [key, versions] = listOf(value, "a digest", 2);
  return { key: textOf(key, "digest key"), versions: listOf(versions, "digest versions").map(unpackVersion) };
}

function unpackKeyState(value: unknown): KeyState {
  const [key, state] = listOf(value, "a key's state", 2);
  return { key: textOf(key, "key of a state"), state: unpackState(state) };
}

function listOf(value: unknown, what: string, length?: number): readonly unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
    throw new WireError(`${what} is not a list${length === undefined ? "" : ` of ${length}`}`);
  }
  return value;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== "string") throw new WireError(`${what} is not text`);
  return value;
}

function numberOf(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new WireError(`${what} is not a number`);
  return value;
}
